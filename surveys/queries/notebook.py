"""What an interviewer takes along where there is no signal: her surveys of the week, and how each is asked."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Q

from accounts.models import User
from surveys.models import Instrument, SurveyCase, SurveyCaseQuerySet
from surveys.queries import cases_in_reach, instruments_by_wave
from surveys.schedule import OPEN

# Today and the six days after it.
DAYS_AHEAD = 6


def cases_of_week(user: User, today: date) -> SurveyCaseQuerySet:
    """Return a person's open cases whose windows have begun or begin within the week, those that close first before."""
    asked = Q(status__in=OPEN) | Q(status=SurveyCase.Status.PARTIAL, window_until__gte=today)
    return (
        cases_in_reach(user, today)
        .filter(asked, window_from__lte=today + timedelta(days=DAYS_AHEAD))
        .select_related("participant__safe_contact", "submission__instrument")
        .defer("submission__sealed_instance", "submission__instrument__source", "submission__instrument__xform")
        .order_by("window_until", "due_on", "id")
    )


def instruments_of(cases: Iterable[SurveyCase]) -> dict[object, Instrument]:
    """Return by case the version that it asks, with its form; a wave without a questionnaire has none.

    Takes `cases_of_week`. What was answered in part goes on with the version that it was begun with.
    """
    by_wave = {wave: instrument.pk for wave, instrument in instruments_by_wave().items()}
    wanted = {case.pk: _asked_with(case) or by_wave.get(case.wave) for case in cases}
    found = Instrument.objects.defer("source").in_bulk({pk for pk in wanted.values() if pk is not None})
    return {case: found[pk] for case, pk in wanted.items() if pk is not None}


def _asked_with(case: SurveyCase) -> int | None:
    submission = getattr(case, "submission", None)
    return submission.instrument_id if submission else None
