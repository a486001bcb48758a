"""The nightly run: what is over is closed, what was drawn is kept, and a second interviewer is found for each."""

from collections import Counter
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.actors import Actor
from accounts.permissions import Permission, require
from audit.services import record
from back_checks import queries
from back_checks.models import BackCheck
from back_checks.sampling import is_chosen
from protocol.queries import current_protocol
from surveys.interviewing import Bar, Interviewer, bar_between, share_out
from surveys.queries.interviewers import as_interviewers, as_women, interviewers_in_service, sharing
from visits.weeks import monday_of

Status, Missed = BackCheck.Status, BackCheck.MissedReason


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a run changed."""

    chosen: int = 0
    given: int = 0
    missed: int = 0
    cancelled: int = 0


@transaction.atomic
def choose_back_checks(*, by: Actor, now: datetime) -> Chosen:
    """Draw among the surveys of the last days, and give what was drawn to second interviewers who have room.

    Of each woman the first survey that is drawn is asked again, and no other ever. Safe to run twice; two at once run
    one after the other.
    """
    require(by, Permission.COORDINATE_SURVEYS)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('back_checks'))")
    today = timezone.localdate(now)
    done = Chosen(
        missed=_close_overdue(today, now),
        cancelled=queries.no_longer_asked(today).update(status=Status.CANCELLED, status_changed_at=now),
        chosen=_draw(today, now),
        given=_give(today, now),
    )
    if done != Chosen():
        record(actor=by, action="back_checks.choose", object_type="study", object_id="", details=asdict(done))
    return done


def _close_overdue(today: date, now: datetime) -> int:
    """Let what nobody asked in time be missed; whoever had it says why, or nobody was free."""
    over = BackCheck.objects.open().filter(window_until__lt=today)
    changed = {"status": Status.MISSED, "status_changed_at": now}
    return over.filter(interviewer=None).update(**changed, missed_reason=Missed.NOBODY_FREE) + over.update(**changed)


def _draw(today: date, now: datetime) -> int:
    rules = current_protocol().watching.back_checks
    first: dict[int, BackCheck] = {}
    for survey in queries.surveys_to_draw_from(today, window_days=rules.window_days):
        if is_chosen(rules.seed, survey.pk, share_pct=rules.share_pct):
            woman = survey.case.participant_id
            until = timezone.localdate(survey.submitted_at) + timedelta(days=rules.window_days)
            first.setdefault(
                woman,
                BackCheck(
                    participant_id=woman,
                    submission=survey,
                    first=survey.submitted_by,
                    chosen_at=now,
                    window_from=today,
                    window_until=until,
                    status_changed_at=now,
                ),
            )
    BackCheck.objects.bulk_create(first.values(), batch_size=1000)
    return len(first)


def _give(today: date, now: datetime) -> int:
    """Give those without a second interviewer to whoever has room, by the rule that shares women out.

    Whoever had one and asks no surveys any more, or closed her account, has none.
    """
    _take_from_barred(today)
    gone = ~Q(interviewer__in=interviewers_in_service()) | Q(interviewer=None)
    waiting = {check.participant_id: check for check in BackCheck.objects.open().filter(gone).select_related(
        "participant__station"
    )}  # fmt: skip
    if not waiting:
        return 0
    asked_before = queries.asked_before(waiting)
    week = (monday_of(today),)
    women = [
        replace(woman, interviewer=None, weeks=week, barred=woman.barred | asked_before[woman.id])
        for woman in as_women([check.participant for check in waiting.values()], today)
    ]
    shared = share_out(women, _with_room(today))
    given = []
    for woman_id, person in shared.interviewer.items():
        if person is not None:
            waiting[woman_id].interviewer_id, waiting[woman_id].given_at = person, now
            given.append(waiting[woman_id])
    BackCheck.objects.bulk_update(given, ("interviewer", "given_at"), batch_size=500)
    return len(given)


def _take_from_barred(today: date) -> None:
    """Take a woman from a second interviewer who lives in her district by now, or must not go to her."""
    given = {
        check.participant_id: check
        for check in BackCheck.objects.open().exclude(interviewer=None).select_related("participant__station")
    }
    if not given:
        return
    people = {person.id: person for person in as_interviewers(interviewers_in_service(), today)}
    barred = []
    for woman in as_women([check.participant for check in given.values()], today):
        person = people.get(given[woman.id].interviewer_id or 0)
        if person is not None and bar_between(woman, person) in (Bar.CONFLICT, Bar.NEIGHBOURHOOD):
            barred.append(given[woman.id].pk)
    BackCheck.objects.filter(pk__in=barred).update(interviewer=None, given_at=None)


def _with_room(today: date) -> list[Interviewer]:
    """Return the interviewers with as many as each can still take: by the protocol, and beside her own surveys."""
    most, week = current_protocol().watching.back_checks.most_open, monday_of(today)
    own = sharing(today).load
    open_now = Counter(BackCheck.objects.open().exclude(interviewer=None).values_list("interviewer", flat=True))
    return [
        replace(
            person,
            surveys_a_week=max(
                0, min(most, person.surveys_a_week - own.get((person.id, week), 0)) - open_now[person.id]
            ),
        )
        for person in as_interviewers(interviewers_in_service(), today)
    ]
