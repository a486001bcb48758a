"""What pages, services and other rooms read of safety cases. Nothing here knows an arm."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Case, Count, Exists, F, Min, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from participants.models import Participant
from safety.models import (
    AdverseEvent,
    DutyTurn,
    EventReading,
    SafetyAction,
    SafetyCase,
    SafetyCaseQuerySet,
    SafetyNotice,
)

State = SafetyCase.State


@dataclass(frozen=True, slots=True)
class CaseCounts:
    """How many cases of one severity there were, and how they stand; `oldest`: when the oldest open one was raised."""

    severity: str
    raised: int
    answered: int
    in_time: int
    waiting: int
    overdue: int
    open: int
    oldest: datetime | None

    @property
    def in_time_pct(self) -> int | None:
        return round(100 * self.in_time / self.answered) if self.answered else None


def cases_listed(user: User) -> SafetyCaseQuerySet:
    """Return the cases that a person may see: waiting by deadline, then at work, then closed, the latest first."""
    place = Case(When(state=State.OPEN, then=Value(0)), When(state=State.IN_PROGRESS, then=Value(1)), default=Value(2))
    return (
        SafetyCase.objects.visible_to(user)
        .select_related("participant__vault_key", "duty_person", "raised_by", "closed_by", "follows")
        .annotate(place=place)
        .order_by("place", F("closed_at").desc(nulls_last=True), "first_response_due_at", "pk")
    )


def cases_filtered(
    user: User, now: datetime, *, state: str = "", severity: str = "", mine: bool = False
) -> SafetyCaseQuerySet:
    """Return the cases that a person may see, of a state ("overdue": waits too long), a severity, or hers alone."""
    cases = cases_listed(user)
    if state == "overdue":
        cases = cases.waiting().filter(first_response_due_at__lte=now)
    elif state:
        cases = cases.filter(state=state)
    if severity:
        cases = cases.filter(severity=severity)
    return cases.filter(duty_person=user) if mine else cases


def participant_of_code(study_code: str) -> Participant | None:
    """Return the woman of a code that somebody typed, in whatever case."""
    return Participant.objects.filter(study_code=study_code.strip().upper()).first()


def actions_of(case: SafetyCase) -> QuerySet[SafetyAction]:
    """Return what was done about a case, in the order in which it was written."""
    return SafetyAction.objects.filter(case=case).select_related("by", "handed_to").order_by("pk")


def last_case(participant: Participant, rule: str) -> SafetyCase | None:
    """Return the newest case of a rule about a woman."""
    return SafetyCase.objects.filter(participant=participant, rule=rule).order_by("-raised_at", "-pk").first()


def is_known(participant: Participant, rule: str, *, since: datetime) -> bool:
    """Say whether a case of a rule about a woman waits, or was raised or first answered at or after a moment."""
    told = Q(state=State.OPEN) | Q(raised_at__gte=since) | Q(first_response_at__gte=since)
    return SafetyCase.objects.filter(told, participant=participant, rule=rule).exists()


def rules_raised_by(origin: SafetyCase.Origin, ids: Collection[str]) -> dict[str, list[str]]:
    """Return, by the id of what they come from, the rules of the cases that were raised, in that order."""
    found: dict[str, list[str]] = {}
    cases = SafetyCase.objects.filter(origin=origin, origin_id__in=ids).order_by("pk")
    for origin_id, rule in cases.values_list("origin_id", "rule"):
        found.setdefault(origin_id, []).append(rule)
    return found


def waiting_counts(now: datetime) -> tuple[int, int]:
    """Return how many cases wait for an answer, and how many of them are overdue."""
    counted = SafetyCase.objects.waiting().aggregate(
        waiting=Count("pk"), overdue=Count("pk", filter=Q(first_response_due_at__lte=now))
    )
    return counted["waiting"], counted["overdue"]


CASE_AGES = {"up_to_1_day": (0, 1), "up_to_3_days": (1, 3), "up_to_7_days": (3, 7), "older": (7, None)}
"""Ages of cases in days, from more than the first to the second."""


def open_case_ages(now: datetime) -> dict[str, int]:
    """Return how many cases are not closed, by how long ago they were raised; one query."""
    counts = {}
    for name, (younger, older) in CASE_AGES.items():
        aged = Q(raised_at__lt=now - timedelta(days=younger)) if younger else Q()
        if older is not None:
            aged &= Q(raised_at__gte=now - timedelta(days=older))
        counts[name] = Count("pk", filter=aged)
    found: dict[str, int] = SafetyCase.objects.exclude(state=State.CLOSED).aggregate(**counts)
    return found


def duty_person(participant: Participant, now: datetime) -> User | None:
    """Return who takes a new case: whoever is on duty on that day in Lima.

    Without anybody on the roster: whoever has a case of hers that waits, then the safety officer with the fewest,
    among equals the earliest account. None when there is no active safety officer.
    """
    officers = safety_officers()
    if (on_duty := turn_on(timezone.localdate(now))) is not None and on_duty.officer in officers:
        return on_duty.officer
    waiting = Q(cases_on_duty__state=State.OPEN)
    officers = officers.annotate(
        hers=Count("cases_on_duty", filter=waiting & Q(cases_on_duty__participant=participant)),
        load=Count("cases_on_duty", filter=waiting),
    )
    return officers.order_by("-hers", "load", "pk").first()


def safety_officers() -> QuerySet[User]:
    """Return the active safety officers."""
    return User.objects.filter(role=Role.SAFETY_OFFICER, is_active=True).order_by("pk")


def days_without_duty(today: date, *, days: int) -> int:
    """Return how many of the next days, today among them, are nobody's turn of duty; one query."""
    turns = list(turns_listed(today).filter(starts_on__lt=today + timedelta(days=days)))
    coming = [today + timedelta(days=number) for number in range(days)]
    return sum(not any(turn.starts_on <= day <= turn.ends_on for turn in turns) for day in coming)


def turn_on(day: date) -> DutyTurn | None:
    """Return whose turn of duty a day belongs to."""
    turns = DutyTurn.objects.filter(starts_on__lte=day, ends_on__gte=day, withdrawn_at=None)
    return turns.select_related("officer").first()


def turns_listed(today: date) -> QuerySet[DutyTurn]:
    """Return the turns of duty that are not over, the first at the top."""
    turns = DutyTurn.objects.filter(ends_on__gte=today, withdrawn_at=None)
    return turns.select_related("officer", "set_by").order_by("starts_on", "pk")


def cases_without_hands() -> SafetyCaseQuerySet:
    """Return the cases that are not closed and whose duty person is nobody, or no active safety officer."""
    return SafetyCase.objects.exclude(state=State.CLOSED).exclude(duty_person__in=safety_officers())


def notices_unsent(audience: str) -> list[int]:
    """Return the ids of what an audience was not told yet."""
    return list(
        SafetyNotice.objects.filter(audience=audience, sent_at=None).order_by("pk").values_list("pk", flat=True)
    )


# --- Adverse events, and what the board reads -------------------------------------------------------------------------


def events_of(case: SafetyCase) -> QuerySet[AdverseEvent]:
    """Return the adverse events of a case, in the order in which they were written."""
    return AdverseEvent.objects.filter(case=case).select_related("replaced_by").order_by("pk")


def events_to_judge(user: User) -> QuerySet[AdverseEvent]:
    """Return the events of the cases that a person may see, as they stand: neither judged again nor withdrawn."""
    standing = AdverseEvent.objects.filter(replaced_by=None, withdrawn_at=None)
    return standing.filter(case__in=SafetyCase.objects.visible_to(user)).select_related("case__participant")


def read_by(user: User) -> Exists:
    """Return the condition that somebody of the board has read of an event, and of its withdrawal if there is one."""
    mine = EventReading.objects.filter(event=OuterRef("pk"), by=user)
    return Exists(mine.filter(Q(event__withdrawn_at=None) | Q(at__gte=F("event__withdrawn_at"))))


def events_new_to(user: User) -> QuerySet[AdverseEvent]:
    """Return the events, or withdrawals of events, of which a person of the board has not read yet."""
    return AdverseEvent.objects.exclude(read_by(user))


def events_listed(user: User) -> QuerySet[AdverseEvent]:
    """Return every event without its case, the newest first; `is_new` until this person has read of it.

    Neither woman, station nor note is loaded: whoever reads the list learns a kind, a judgement and a month.
    """
    read = Count("readings", filter=Q(withdrawn_at=None) | Q(readings__at__gte=F("withdrawn_at")))
    shown = ("kind", "is_serious", "is_expected", "relatedness", "occurred_on", "board_notified_at", "replaces")
    rows = AdverseEvent.objects.only("id", *shown, "withdrawn_at", "withdrawn_for")
    return rows.annotate(read=read, is_new=~read_by(user), judged_again=F("replaced_by")).order_by("-pk")


def board_size() -> int:
    """Return how many people of the board have an account in use."""
    return User.objects.filter(role=Role.ETHICS_BOARD, is_active=True).count()


def serious_events_untold() -> list[int]:
    """Return the ids of the serious events of which the board was not told yet."""
    untold = AdverseEvent.objects.filter(is_serious=True, board_notified_at=None, withdrawn_at=None, replaced_by=None)
    return list(untold.order_by("pk").values_list("pk", flat=True))


def case_counts(now: datetime) -> list[CaseCounts]:
    """Return the cases of the whole study by severity, serious first: no code, no station, no rule, no month."""
    answered = Q(first_response_at__isnull=False)
    rows = (
        SafetyCase.objects.order_by("-severity")
        .values("severity")
        .annotate(
            raised=Count("pk"),
            answered=Count("pk", filter=answered),
            in_time=Count("pk", filter=answered & Q(first_response_at__lte=F("first_response_due_at"))),
            waiting=Count("pk", filter=Q(state=State.OPEN)),
            overdue=Count("pk", filter=Q(state=State.OPEN, first_response_due_at__lte=now)),
            open=Count("pk", filter=~Q(state=State.CLOSED)),
            oldest=Min("raised_at", filter=~Q(state=State.CLOSED)),
        )
    )
    return [CaseCounts(**row) for row in rows]
