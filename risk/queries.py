"""What pages, services and the planner read about risk. Nothing here knows an arm."""

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, TruncDate

from accounts.models import User
from accounts.roles import Role
from participants.models import Participant, ParticipantQuerySet
from participants.queries import participants_listed
from participants.status import ENDED
from protocol.queries import current_protocol
from risk import models, scale_file
from risk.acceptance import Acceptance, acceptance
from risk.models import Assessment, CurrentRisk, Lowering, LoweringQuerySet
from risk.scale_file import Answer
from stations.queries import study_codes


def scale_in_force(on: date) -> models.Scale | None:
    """Return the version in force on a day of the scale that the protocol names, None before one is loaded."""
    return version_in_force(current_protocol().risk.scale, on)


def version_in_force(code: str, on: date) -> models.Scale | None:
    """Return the version of a scale that is in force on a day: the last to begin, and of one day the last loaded.

    A version without a date begins on the day on which it was loaded.
    """
    begun = models.Scale.objects.filter(code=code).filter(Q(effective_on=None) | Q(effective_on__lte=on))
    begins = Coalesce("effective_on", TruncDate("loaded_at"))
    return begun.annotate(begins=begins).order_by("-begins", "-id").first()


def scale_rules(scale: models.Scale) -> scale_file.Scale:
    """Return a stored scale as the rules that score a form."""
    return scale_file.Scale.model_validate(scale.content)


def asked_rules(scale: models.Scale, on: date) -> scale_file.Scale:
    """Return a scale as it is asked: in a licence holder's words while the licence lasts, else in the file's own."""
    rules = scale_rules(scale)
    pack = models.ScalePack.objects.filter(scale=scale).exclude(licensed_until__lt=on).first()
    if pack is None:
        return rules
    texts = pack.content["items"]
    return rules.model_copy(update={"items": tuple(item.model_copy(update=texts[item.id]) for item in rules.items)})


def scales_loaded() -> QuerySet[models.Scale]:
    """Return every version of every scale, by code, the last to begin first."""
    begins = Coalesce("effective_on", TruncDate("loaded_at"))
    return models.Scale.objects.annotate(begins=begins).select_related("pack").order_by("code", "-begins", "-id")


def version_before(scale: models.Scale) -> models.Scale | None:
    """Return the version of the same scale that was loaded before, None for the first."""
    return models.Scale.objects.filter(code=scale.code, pk__lt=scale.pk).order_by("-id").first()


def current_risk(participant: Participant) -> CurrentRisk | None:
    """Return the level that a woman holds, None while she has none."""
    return CurrentRisk.objects.filter(participant=participant).first()


def last_answers(participant: Participant) -> dict[str, Answer | None]:
    """Return the answers of her last assessment, empty when there is none."""
    last = assessments_of(participant).first()
    return dict(last.answers) if last else {}


def answers_before(participant: Participant, at: datetime) -> dict[str, Answer | None]:
    """Return the answers of her last assessment before a moment, empty when there is none."""
    last = assessments_of(participant).filter(assessed_at__lt=at).first()
    return dict(last.answers) if last else {}


def assessments_of(participant: Participant) -> QuerySet[Assessment]:
    """Return a woman's assessments, the latest first, with what a list of them shows."""
    return (
        Assessment.objects.filter(participant=participant)
        .select_related("lowering")
        .prefetch_related("scale")
        .order_by("-assessed_at", "-id")
    )


def lowering_waiting(participant: Participant) -> Lowering | None:
    """Return the lower level that waits for a decision about a woman, None if there is none."""
    return Lowering.objects.waiting().filter(participant=participant).select_related("assessment").first()


def lowerings_to_decide(user: User) -> LoweringQuerySet:
    """Return what waits for a supervisor of her station, what is due first at the top."""
    return lowerings_listed(user).waiting().exclude(participant__status__in=ENDED).order_by("due_at", "id")


def lowerings_listed(user: User) -> LoweringQuerySet:
    """Return proposed lowerings, decided or not, with what a page about one shows."""
    return Lowering.objects.visible_to(user).select_related(
        "participant", "assessment__scale", "assessment__assessed_by", "decided_by"
    )


def women_to_replan(study_codes: Collection[str]) -> list[int]:
    """Return the ids of those women whose level changed and for whom no planner has looked yet, by id."""
    pending = CurrentRisk.objects.filter(participant__study_code__in=study_codes, replan_pending=True)
    return list(pending.order_by("participant").values_list("participant", flat=True))


def overdue_reassessments(today: date) -> QuerySet[CurrentRisk]:
    """Return the levels of women in follow-up whose next assessment was due before today."""
    return CurrentRisk.objects.filter(participant__status=Participant.Status.ENROLLED, reassess_due_on__lt=today)


def high_rank(today: date) -> int:
    """Return the rank from which a level counts as high: the two highest of the scale in force."""
    scale = scale_in_force(today)
    return max(len(scale_rules(scale).levels) - 2, 0) if scale else 0


def reassessments_listed(user: User, today: date) -> ParticipantQuerySet:
    """Return the women of a station who are to be assessed by today: without a level, then high and long overdue."""
    return (
        participants_listed(user)
        .in_follow_up()
        .filter(Q(current_risk=None) | Q(current_risk__reassess_due_on__lte=today))
        .select_related("safe_contact", "sealed_card", "vault_key", "current_risk")
        .annotate(latest_missing=latest_missing())
        .order_by(
            F("current_risk__level_rank").desc(nulls_first=True),
            F("current_risk__reassess_due_on").asc(nulls_first=True),
            "study_code",
        )
    )


def participants_with_levels(user: User) -> ParticipantQuerySet:
    """Return the women that a person may list, the highest level first, those without a level before all others."""
    return (
        participants_listed(user)
        .select_related("safe_contact", "sealed_card", "vault_key", "current_risk")
        .annotate(
            lowering_waits=Exists(Lowering.objects.waiting().filter(participant=OuterRef("pk"))),
            latest_missing=latest_missing(),
        )
        .order_by(F("current_risk__level_rank").desc(nulls_first=True), "study_code")
    )


def latest_missing(participant: str = "pk") -> Subquery:
    """Return how many blanks a woman's last sheet has, she being this column of the outer row; None without a sheet."""
    latest = Assessment.objects.filter(participant=OuterRef(participant)).order_by("-assessed_at", "-id")
    return Subquery(latest.values("missing")[:1])


# --- What became of computed levels ----------------------------------------------------------------------------------


def changed_levels(user: User) -> QuerySet[Assessment]:
    """Return the sheets whose level is not simply what they came to, the latest first, with who decided and why."""
    station = Participant.objects.visible_to(user)
    everywhere = Assessment.objects.exclude(raised_reason="", lowering=None)
    mine = everywhere if user.role == Role.SAFETY_OFFICER else everywhere.filter(participant__in=station)
    return mine.select_related("participant", "scale", "assessed_by", "lowering__decided_by").order_by(
        "-assessed_at", "-id"
    )


def acceptance_by_station() -> list[Acceptance]:
    """Return what became of the computed levels of complete sheets, by study code, small numbers hidden."""
    kind = Case(
        When(lowering__state=Lowering.State.CONFIRMED, then=Value("lowered")),
        When(lowering__isnull=False, then=Value("kept")),
        When(~Q(raised_reason=""), then=Value("raised")),
        default=Value("accepted"),
    )
    counted = (
        Assessment.objects.filter(is_complete=True)
        .order_by()
        .annotate(kind=kind)
        .values_list("participant__station", "kind")
        .annotate(number=Count("pk"))
    )
    by_station: dict[int, dict[str, int]] = {}
    for station, found, number in counted:
        by_station.setdefault(station, {})[found] = number
    return [acceptance(code, by_station.get(station, {})) for station, code in study_codes().items()]


def held_rank_at(*, participant: str, moment: str) -> Subquery:
    """Return the rank that a woman held at a moment, both columns of the outer row; None before her first level."""
    return _held_rank(participant, "lt", OuterRef(moment))


def held_rank_before(*, participant: str, day: str) -> Subquery:
    """Return the rank that a woman held when a day began in Lima, as `held_rank_at`."""
    return _held_rank(participant, "date__lt", OuterRef(day))


def _held_rank(participant: str, lookup: str, limit: OuterRef) -> Subquery:
    sheet = Assessment.objects.filter(participant=OuterRef(participant), **{f"assessed_at__{lookup}": limit})
    decided = {"lowering__state": Lowering.State.CONFIRMED, f"lowering__decided_at__{lookup}": limit}
    lowered = When(**decided, then="lowering__to_rank")
    ranked = sheet.exclude(level="").annotate(rank=Case(lowered, default="level_rank"))
    return Subquery(ranked.order_by("-assessed_at", "-id").values("rank")[:1])


def reports_after(participant: Participant) -> list[date]:
    """Return the days on which she reported again since she was enrolled."""
    again = participant.incident_reports.filter(reported_on__gt=participant.enrolled_on)
    return sorted(again.values_list("reported_on", flat=True))
