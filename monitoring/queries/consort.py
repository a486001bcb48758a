"""The women of each stage of the trial's flow, counted by station: two statements whatever is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value, When

from monitoring.consort import Cell, Group, report_cells, wave_stage
from panel.pseudonyms import pseudonym
from panel.queries import stable_pseudonym_key
from participants.consent_scopes import SCOPE_OF, Feature
from participants.models import Consent, Participant
from participants.queries import recruitment_flow
from protocol.queries import current_protocol
from stations.models import StationLoss
from stations.queries import study_stations
from surveys.models import SurveyCase

Status = SurveyCase.Status
_SAID = (Status.DONE, Status.PARTIAL, Status.REFUSED, Status.MISSED)
_ANSWERED = Q(status__in=(Status.DONE, Status.PARTIAL))


def trial_groups(*, reads_arm: bool) -> list[Group]:
    """Return the arms in the protocol's order, or the groups by the number drawn for them; none before the draw."""
    lost = set(StationLoss.objects.values_list("allocated__station", flat=True))
    stations: dict[str, list[int]] = {}
    if reads_arm:
        stations = {arm.code: [] for arm in current_protocol().arms}
    for drawn in study_stations().order_by("blinded_group", "study_number"):
        key = drawn.arm if reads_arm else str(drawn.blinded_group)
        stations.setdefault(key, []).append(drawn.station_id)
    return [Group(key, tuple(ids), len(lost & set(ids))) for key, ids in stations.items() if ids]


def trial_cells(*, today: date) -> list[Cell]:
    """Return every woman who reported or was enrolled, at each stage, by station."""
    return [*report_cells(recruitment_flow()), *_survey_cells(), *_analysis_cells(today)]


def _survey_cells() -> list[Cell]:
    counted = (
        with_fate(SurveyCase.objects.all())
        .order_by()
        .values_list("participant__enrolled_station", "wave_number", "fate")
        .annotate(women=Count("pk"))
    )
    return [Cell(station, wave_stage(wave), fate, women) for station, wave, fate, women in counted]


def attrition_cells(*, over_before: date) -> list[Cell]:
    """Return the surveys by fate and station, for attrition: one whose window ended on that day or later still waits.

    Until then those who answered, refused or left early are known and the others are not: a wave that has hardly begun
    would look answered, or lost.
    """
    is_early = Q(window_until__gte=over_before)
    settled = Case(When(is_early, then=Value("waiting")), default=F("fate"), output_field=CharField())
    counted = (
        with_fate(SurveyCase.objects.all())
        .annotate(settled=settled)
        .order_by()
        .values_list("participant__enrolled_station", "wave_number", "settled")
        .annotate(women=Count("pk"))
    )
    return [Cell(station, wave_stage(wave), fate, women) for station, wave, fate, women in counted]


def with_fate(cases: "QuerySet[SurveyCase]") -> "QuerySet[Any]":
    """Add to survey cases what became of them, in the words of `consort.FATES`."""
    fate = Case(
        When(status__in=_SAID, then=F("status")),
        When(status=Status.CANCELLED, then=Value("left")),
        default=Value("waiting"),
        output_field=CharField(),
    )
    return cases.annotate(fate=fate)


def _analysis_cells(today: date) -> list[Cell]:
    counted = (
        with_analysis(Participant.objects.all(), today=today)
        .order_by()
        .values_list("enrolled_station", "analysis")
        .annotate(women=Count("pk"))
    )
    return [Cell(station, "analysis", line, women) for station, line, women in counted]


def with_analysis(women: "QuerySet[Participant]", *, today: date) -> "QuerySet[Any]":
    """Add to women whether their data are analysed, in the words of `consort.ANALYSED`.

    The rule is that of the data sets: her consent to surveys counts today, and her data are not erased.
    """
    agreed = Consent.objects.in_force(today).filter(participant=OuterRef("pk"), scope=SCOPE_OF[Feature.EXPORT_SURVEYS])
    followed = SurveyCase.objects.filter(_ANSWERED, participant=OuterRef("pk"), wave_number__gt=0)
    analysis = Case(
        When(~Exists(agreed) | Q(data_erased_at__isnull=False), then=Value("not_given_out")),
        When(Exists(followed), then=Value("analysed")),
        default=Value("without_follow_up"),
        output_field=CharField(),
    )
    return women.annotate(analysis=analysis)


def enrolled_by_station(cells: Sequence[Cell]) -> dict[int, int]:
    """Return the women whom each station enrolled."""
    found: dict[int, int] = {}
    for cell in cells:
        if cell.stage == "analysis":
            found[cell.station_id] = found.get(cell.station_id, 0) + cell.women
    return found


@dataclass(frozen=True, slots=True)
class ListedWoman:
    """A woman of a list: her study code or the code of the data, and her station's study code or blinded letter."""

    code: str
    station: str


def listed_women(group: Group, stage: str, line: str, *, today: date, pseudonymous: bool) -> list[ListedWoman]:
    """Return the enrolled women of one line of one group, by code."""
    women = _women_of(stage, line, today).filter(enrolled_station__in=group.stations)
    drawn, key = {one.station_id: one for one in study_stations()}, stable_pseudonym_key()
    found = [
        ListedWoman(
            pseudonym(code, key) if pseudonymous else code,
            drawn[station].blinded_letter if pseudonymous else drawn[station].study_code,
        )
        for code, station in women.order_by("study_code").values_list("study_code", "enrolled_station")
    ]
    return sorted(found, key=lambda woman: woman.code)


def _women_of(stage: str, line: str, today: date) -> "QuerySet[Any]":
    women = Participant.objects.all()
    if stage == "analysis":
        return with_analysis(women, today=today).filter(analysis=line)
    if stage == "reports":
        return women
    cases = with_fate(SurveyCase.objects.filter(wave_number=int(stage.removeprefix("wave_")))).filter(fate=line)
    return women.filter(pk__in=cases.values("participant"))
