"""Who may be asked for an interview, and how far the interviews went."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from accounts.models import User
from interviews.models import Interview, InterviewQuerySet, Selection
from interviews.selection import Candidate, Cell, cell_of
from interviews.states import DROPPED_OUT, WAITING
from participants.consent_scopes import Feature
from participants.models import Participant
from participants.queries import arm_labels, consent_to, has_consent
from participants.status import ENDED
from risk.models import Assessment
from stations.models import AllocatedStation, Allocation


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """How many of a kind were held, of how many wanted."""

    label: str
    done: int
    wanted: int


def candidates(today: date, *, chosen_too: bool = False) -> list[Candidate]:
    """Return the women in follow-up who consent to an interview today, with the arm of their enrolment and their cell.

    Women chosen before are left out, or with `chosen_too` those alone are returned, whatever became of them. For the
    choice itself: this is shown to nobody.
    """
    arms = dict(_allocated().values_list("station", "arm"))
    women = Participant.objects.filter(enrolled_station__in=arms)
    if chosen_too:
        women = women.filter(interviews__isnull=False).distinct()
    else:
        women = women.in_follow_up().filter(consent_to(Feature.INTERVIEW, today), interviews=None)
    first = Assessment.objects.filter(participant=OuterRef("pk"), is_complete=True).order_by("assessed_at", "pk")
    rows = women.order_by("pk").values_list(
        "pk",
        "study_code",
        "enrolled_station",
        "age_at_enrolment",
        F("enrolled_station__district__ubigeo"),
        Subquery(first.values("level_rank")[:1]),
    )
    return [
        Candidate(pk, code, arms[station], cell_of(level_rank=rank, age=age), district)
        for pk, code, station, age, district, rank in rows
    ]


def arms_in_study() -> set[str]:
    """Return the arms of the locked allocation; none before it is locked."""
    return set(_allocated().values_list("arm", flat=True))


def interviews_without_consent(participant: Participant, today: date) -> QuerySet[Interview]:
    """Return the interviews still to be held of a woman who has left or does not consent to one today."""
    waiting = Interview.objects.filter(participant=participant, status__in=WAITING)
    goes_on = participant.status not in ENDED and has_consent(participant, Feature.INTERVIEW, today)
    return waiting.none() if goes_on else waiting


def interviews_listed(user: User) -> InterviewQuerySet:
    """Return the interviews that a person may see, those with a time first, with all that the list shows."""
    return (
        Interview.objects.visible_to(user)
        .select_related("participant__sealed_card", "participant__vault_key", "participant__safe_contact")
        .order_by(F("starts_at").asc(nulls_last=True), "selection", "position")
    )


def selections_listed() -> QuerySet[Selection]:
    """Return every choice made, the newest first."""
    return Selection.objects.select_related("selected_by").order_by("-pk")


def interviews_at_hand(user: User, now: datetime) -> InterviewQuerySet:
    """Return an interviewer's interviews that are agreed for today, or were and nobody wrote down how they went."""
    until = timezone.localtime(now).replace(hour=23, minute=59, second=59, microsecond=999999)
    return interviews_listed(user).filter(status=Interview.Status.AGREED, starts_at__lte=until)


def interviews_of_selection(selection: Selection) -> QuerySet[Interview]:
    """Return the women of a choice in their order, with whom each replaces."""
    rows = Interview.objects.filter(selection=selection)
    return rows.select_related("participant", "replaces", "replaced_by").order_by("position")


def dropouts_to_replace(selection: Selection) -> QuerySet[Interview]:
    """Return the women of a choice who do not talk and whose place nobody has taken."""
    return Interview.objects.filter(selection=selection, status__in=DROPPED_OUT, replaced_by=None).order_by("position")


def progress_by_cell() -> list[ProgressRow]:
    """Return by cell how many interviews were held of those wanted; the arm is not read."""
    counts = {
        row["cell"]: row
        for row in _placed()
        .order_by("cell")
        .values("cell")
        .annotate(wanted=Count("pk"), done=Count("pk", filter=_done()))
    }
    return [
        ProgressRow(str(cell.label), counts[cell]["done"], counts[cell]["wanted"]) for cell in Cell if cell in counts
    ]


def progress_by_arm(*, language: str) -> list[ProgressRow]:
    """Return by arm, in a language, how many interviews were held of those wanted: for readers of the arm."""
    arms = arm_labels(language=language)
    found: dict[str, list[int]] = {}
    for station, status in _placed().order_by("pk").values_list("participant__enrolled_station", "status"):
        row = found.setdefault(arms.get(station, ""), [0, 0])
        row[0] += status == Interview.Status.DONE
        row[1] += 1
    return [ProgressRow(arm, done, wanted) for arm, (done, wanted) in sorted(found.items())]


def _placed() -> QuerySet[Interview]:
    """Return one interview for each place: who was replaced counts no more."""
    return Interview.objects.filter(replaced_by=None)


def _done() -> Q:
    return Q(status=Interview.Status.DONE)


def _allocated() -> QuerySet[AllocatedStation]:
    return AllocatedStation.objects.filter(allocation__status=Allocation.Status.LOCKED)
