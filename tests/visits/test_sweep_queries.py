"""What the sweeps find, all causes at once, is what is found by looking at each visit by itself."""

from datetime import date, time, timedelta
from random import Random

import pytest
from django.utils import timezone

from participants.models import Conflict
from risk.models import CurrentRisk
from stations.models import Officer, Posting
from tests.factories import (
    NOW,
    TODAY,
    ConsentFactory,
    CurrentRiskFactory,
    OfficerFactory,
    ParticipantFactory,
    VisitFactory,
    WeekPlanFactory,
)
from tests.visits.conftest import Field
from visits.models import Absence, Visit
from visits.queries import participants_to_replan, staffing
from visits.weeks import WEEK, monday_of

WOMEN = 14
SEEDS = range(3)


def a_woman(field: Field, chance: Random):
    """One who is visited as she should be, or in whose case one or two things are amiss."""
    ended = NOW - timedelta(days=1)
    woman = ParticipantFactory(
        station=field.by_risk,
        scopes=(),
        status=chance.choice(["enrolled", "enrolled", "enrolled", "paused", "withdrawn"]),
        enrolled_on=chance.choice([TODAY - timedelta(days=60)] * 4 + [TODAY - timedelta(days=2000)]),
        safe_weekdays=chance.choice([None, None, [1, 2, 3]]),
    )
    given = {"given_at": NOW - timedelta(days=60)}
    given |= chance.choice([{}, {}, {}, {"ended_at": ended}, {"lapses_on": TODAY + timedelta(days=3)}])
    ConsentFactory(participant=woman, **given)
    if chance.random() < 0.1:
        CurrentRiskFactory(assessment__participant=woman, replan_pending=True)
    return woman


def some_visits(field: Field, woman, officers: list[Officer], chance: Random) -> None:
    plan = WeekPlanFactory(participant=woman)
    for days in chance.sample(range(-1, 9), 3):
        first, second = sorted(officer.pk for officer in chance.sample(officers, 2))
        VisitFactory(
            plan=plan,
            planned_on=TODAY + timedelta(days=days),
            station=chance.choice([field.by_risk] * 4 + [field.as_usual]),
            window_from=time(chance.choice([9, 9, 9, 8])),
            window_until=time(chance.choice([18, 18, 18, 19])),
            status=chance.choice(["planned", "planned", "planned", "done", "superseded"]),
            first_officer_id=chance.choice([first, first, first, None]),
            second_officer_id=None,
        )
        with_first = Visit.objects.filter(participant=woman, planned_on=TODAY + timedelta(days=days))
        if chance.random() < 0.8:
            with_first.exclude(first_officer=None).update(second_officer_id=second)


@pytest.fixture(params=SEEDS)
def chance(request, field) -> Random:
    chance = Random(request.param)
    officers = [OfficerFactory(posted_at=field.by_risk) for _n in range(6)]
    Posting.objects.filter(officer=officers[0]).update(ends_on=TODAY + timedelta(days=4))
    Posting.objects.filter(officer=officers[1]).update(withdrawn_at=NOW, withdrawn_reason="by mistake")
    Absence.objects.create(
        officer=officers[2], starts_on=TODAY + timedelta(days=1), ends_on=TODAY + timedelta(days=3), reason="leave",
        recorded_by=field.supervisor, recorded_at=NOW,
    )  # fmt: skip
    for _n in range(WOMEN):
        woman = a_woman(field, chance)
        some_visits(field, woman, officers, chance)
        if chance.random() < 0.2:
            lifted = chance.choice([None, None, NOW])
            Conflict.objects.create(
                participant=woman, user=chance.choice(officers).user, declared_at=NOW, lifted_at=lifted
            )
    return chance


def fits(visit: Visit) -> bool:
    """Say of one visit whether its woman is visited on that day, there and then."""
    woman, consent, safe = visit.participant, visit.participant.consents.get(), visit.participant.safe_contact
    is_visited = (
        woman.status == "enrolled"
        and woman.enrolled_on > TODAY - timedelta(days=1000)
        and consent.ended_at is None
        and (consent.lapses_on is None or consent.lapses_on > visit.planned_on)
    )
    is_safe = (
        visit.planned_on.isoweekday() in safe.safe_weekdays
        and safe.safe_from <= visit.window_from
        and visit.window_until <= safe.safe_until
    )
    return is_visited and is_safe and visit.station_id == woman.station_id


def has_its_officers(visit: Visit) -> bool:
    """Say of one visit whether two go who serve there that day, are not away, and have nothing to do with her."""

    def goes(officer_id: int | None) -> bool:
        day = visit.planned_on
        if officer_id is None:
            return False
        serves = Posting.objects.serving(day).filter(officer=officer_id, station=visit.station_id).exists()
        is_away = Absence.objects.filter(
            officer=officer_id, starts_on__lte=day, ends_on__gte=day, withdrawn_at=None
        ).exists()
        has_to_do = Conflict.objects.filter(
            user__officer=officer_id, participant=visit.participant, lifted_at=None
        ).exists()
        return serves and not is_away and not has_to_do

    return goes(visit.first_officer_id) and goes(visit.second_officer_id)


def test_plans_that_no_longer_fit_are_those_of_visits_that_do_not(chance):
    later = Visit.objects.filter(status="planned", planned_on__gt=TODAY)
    unfit = {visit.participant_id for visit in later if not fits(visit)}
    pending = set(CurrentRisk.objects.filter(replan_pending=True).values_list("participant", flat=True))

    assert 0 < len(unfit | pending) < WOMEN
    assert participants_to_replan(TODAY) == sorted(unfit | pending)


def test_weeks_to_staff_are_those_of_visits_without_their_officers(chance):
    today: date = timezone.localdate(NOW)
    until = monday_of(today) + 2 * WEEK
    coming = list(Visit.objects.filter(status="planned", planned_on__gte=today, planned_on__lt=until).order_by("pk"))
    wanting = [visit for visit in coming if not has_its_officers(visit)]
    assert 0 < len(wanting) < len(coming)

    for visit in coming:
        Visit.objects.exclude(pk=visit.pk).update(status="superseded")
        Visit.objects.filter(pk=visit.pk).update(status="planned")
        found = [(visit.station_id, monday_of(visit.planned_on))] if visit in wanting else []
        assert staffing.station_weeks_to_staff(NOW) == found
