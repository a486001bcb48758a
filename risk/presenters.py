"""What pages show of risk: levels and items in the reader's words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from participants.models import Participant
from protocol.schema import StudyProtocol
from risk import models
from risk.charts import Sheet, Trajectory, shade, trajectory
from risk.explanation import Explanation, explain
from risk.models import Assessment, Lowering
from risk.queries import scale_rules
from risk.scale_file import Band, Item, Scale
from risk.scoring import Answers, score
from safety.models import SafetyCase
from safety.queries import rules_raised_by

NO_LEVEL = _("No level yet")
YES, NO = _("Yes"), _("No")


@dataclass(frozen=True)
class AssessmentRow:
    """One assessment as the history shows it: its level is the one held after it and after what was decided on it."""

    assessment: Assessment
    level: str
    level_rank: int
    level_label: str
    computed_label: str
    missing: tuple[str, ...]
    alerts: tuple[str, ...]
    # The higher level that stood until a supervisor lowered it, and why; empty where none has.
    lowered_from: str
    lowered_because: str


@dataclass(frozen=True)
class ParticipantRow:
    """One woman as the supervisor's list shows her."""

    participant: Participant
    masked_name: str
    level: str
    level_label: str
    level_rank: int
    reassess_due_on: date | None
    days_overdue: int
    # Blanks of the last sheet; None where there is none.
    missing: int | None
    lowering_waits: bool

    @property
    def is_overdue(self) -> bool:
        return self.days_overdue > 0


@dataclass(frozen=True)
class LoweringRow:
    """A lower level that waits for a decision, in the reader's words."""

    lowering: Lowering
    held_label: str
    to_label: str
    is_late: bool


class ScaleWords:
    """Scales by version, each read once, with their words in the reader's language."""

    def __init__(self) -> None:
        self._rules: dict[int, Scale] = {}
        self._english = get_language() == "en"

    def rules(self, scale: models.Scale) -> Scale:
        """Return the rules of a stored scale."""
        if scale.pk not in self._rules:
            self._rules[scale.pk] = scale_rules(scale)
        return self._rules[scale.pk]

    def level(self, scale: models.Scale, code: str) -> str:
        """Return a level's label."""
        for band in self.rules(scale).levels:
            if band.code == code:
                return (self._english and band.label_en) or band.label
        return str(NO_LEVEL)

    def alert(self, scale: models.Scale, code: str) -> str:
        """Return the label of an alert of the scale; else its code."""
        for rule in self.rules(scale).alerts:
            if rule.code == code:
                return rule.label_en if self._english else rule.label_es
        return code


@dataclass(frozen=True)
class ScaleItemRow:
    """An item with all its rules, in the reader's words."""

    item: Item
    text: str
    answers: tuple[tuple[str, int], ...]
    skips: tuple[tuple[str, str], ...]

    @property
    def scores_on_no(self) -> bool:
        return not self.item.answers and self.item.scores["no"] > self.item.scores["si"]


@dataclass(frozen=True)
class ScaleLevelRow:
    """A level with its scores, and how often the scale and the protocol would see her; the protocol's count."""

    band: Band
    label: str
    shade: int
    days: int | None
    visits: int | None
    differs: bool


def scale_item_rows(rules: Scale) -> list[ScaleItemRow]:
    """Return a scale's items for reading, in the order asked."""
    english = get_language() == "en"
    yes_no = {"si": str(YES), "no": str(NO)}
    rows = []
    for item in rules.items:
        own = {option.code: (english and option.label_en) or option.label_es for option in item.answers}
        words = own or yes_no
        rows.append(
            ScaleItemRow(
                item=item,
                text=(english and item.text_en) or item.text,
                answers=tuple((words[code], points) for code, points in item.scores.items()),
                skips=tuple((words[code], ", ".join(sorted(later))) for code, later in item.skips.items()),
            )
        )
    return rows


def scale_level_rows(rules: Scale, protocol: StudyProtocol | None) -> list[ScaleLevelRow]:
    """Return a scale's levels for reading; with the protocol when this is the study's scale."""
    english = get_language() == "en"
    days = protocol.risk.reassessment_days if protocol else {}
    visits = protocol.cadence.by_level if protocol else {}
    return [
        ScaleLevelRow(
            band=band,
            label=(english and band.label_en) or band.label,
            shade=shade(rank, len(rules.levels)),
            days=days.get(band.code, band.reassessment_days),
            visits=visits.get(band.code, band.visits_a_week),
            differs=any(
                own is not None and set_by.get(band.code, own) != own
                for own, set_by in ((band.reassessment_days, days), (band.visits_a_week, visits))
            ),
        )
        for rank, band in enumerate(rules.levels)
    ]


@dataclass(frozen=True)
class Explained:
    """What tried answers come to, and why, in the reader's words."""

    explanation: Explanation
    level_label: str
    level_of_score_label: str
    shade: int
    points: tuple[tuple[str, str, int], ...]
    raised_by: tuple[str, ...]
    alerts: tuple[str, ...]


def explained(rules: Scale, answers: Answers, overrides: Answers) -> Explained:
    """Return what answers come to under a scale, step by step."""
    told, english = explain(rules, answers, overrides), get_language() == "en"
    labels = {row.band.code: row.label for row in scale_level_rows(rules, None)} | {"": str(NO_LEVEL)}
    texts = {row.item.id: row.text for row in scale_item_rows(rules)}
    level = told.result.level
    return Explained(
        explanation=told,
        level_label=labels[level],
        level_of_score_label=labels[told.level_of_score],
        shade=shade(rules.ranks[level], len(rules.levels)) if level else 0,
        points=tuple((item, texts[item], points) for item, points in told.points),
        raised_by=tuple(override_labels(rules)[code] for code in told.raised_by),
        alerts=tuple(rule.label_en if english else rule.label_es for rule in told.alerts),
    )


def override_labels(rules: Scale) -> dict[str, str]:
    """Return what raises a level, by code, in the reader's words."""
    english = get_language() == "en"
    return {o.code: (o.label_en if english else o.label_es) or o.when for o in rules.override}


def history(assessments: Iterable[Assessment]) -> list[AssessmentRow]:
    """Return a woman's assessments for showing, in the order given, each with the cases that it raised."""
    words, assessments = ScaleWords(), list(assessments)
    raised = rules_raised_by(SafetyCase.Origin.ASSESSMENT, [str(assessment.pk) for assessment in assessments])
    return [_history_row(words, assessment, raised.get(str(assessment.pk), [])) for assessment in assessments]


def _history_row(words: ScaleWords, assessment: Assessment, raised: Sequence[str]) -> AssessmentRow:
    lowering = getattr(assessment, "lowering", None)
    lowered = lowering if lowering and lowering.state == Lowering.State.CONFIRMED else None
    return AssessmentRow(
        assessment=assessment,
        level=lowered.to_level if lowered else assessment.level,
        level_rank=lowered.to_rank if lowered else assessment.level_rank,
        level_label=words.level(assessment.scale, lowered.to_level if lowered else assessment.level),
        computed_label=words.level(assessment.scale, assessment.computed_level),
        missing=_missing(words.rules(assessment.scale), assessment),
        alerts=tuple(words.alert(assessment.scale, rule) for rule in raised),
        lowered_from=words.level(assessment.scale, assessment.level) if lowered else "",
        lowered_because=str(Lowering.ConfirmedReason(lowered.reason).label) if lowered else "",
    )


def _missing(rules: Scale, assessment: Assessment) -> tuple[str, ...]:
    return () if assessment.is_complete else score(rules, assessment.answers, assessment.overrides).missing


def lowering_rows(lowerings: Iterable[Lowering], now: datetime) -> list[LoweringRow]:
    """Return proposed lowerings for showing, in the order given."""
    words = ScaleWords()
    return [
        LoweringRow(
            lowering=lowering,
            held_label=words.level(lowering.assessment.scale, lowering.from_level),
            to_label=words.level(lowering.assessment.scale, lowering.to_level),
            is_late=lowering.due_at <= now,
        )
        for lowering in lowerings
    ]


def participant_rows(
    participants: Iterable[Participant], names: dict[int, str], scale: models.Scale | None, today: date
) -> list[ParticipantRow]:
    """Return women for showing, their level in the words of the scale in force."""
    words = ScaleWords()
    rows = []
    for participant in participants:
        risk = getattr(participant, "current_risk", None)
        rows.append(
            ParticipantRow(
                participant=participant,
                masked_name=names[participant.pk],
                level=risk.level if risk else "",
                level_label=words.level(scale, risk.level) if risk and scale else str(NO_LEVEL),
                level_rank=risk.level_rank if risk else 0,
                reassess_due_on=risk.reassess_due_on if risk else None,
                days_overdue=max((today - risk.reassess_due_on).days, 0) if risk else 0,
                missing=getattr(participant, "latest_missing", None),
                lowering_waits=getattr(participant, "lowering_waits", False),
            )
        )
    return rows


@dataclass(frozen=True)
class Course:
    """The course of a woman's levels: a picture, the sentence that says what it shows, and its level's names."""

    chart: Trajectory
    finding: str
    level_names: tuple[tuple[float, str], ...]
    rating_names: tuple[tuple[float, str], ...]
    incidents: tuple[date, ...]


def course(assessments: Sequence[Assessment], incidents: Sequence[date], today: date) -> Course | None:
    """Return the course of a woman's levels from her sheets, the latest first; None before there is a level to show.

    Sheets of another scale than the last one's stand at their rank.
    """
    words, sheets = ScaleWords(), list(reversed(assessments))
    if not any(sheet.level for sheet in sheets):
        return None
    rules = words.rules(sheets[-1].scale)
    lowered = [
        (timezone.localdate(decided), sheet.lowering.to_rank)
        for sheet in sheets
        if hasattr(sheet, "lowering")
        and sheet.lowering.state == Lowering.State.CONFIRMED
        and (decided := sheet.lowering.decided_at)
    ]
    drawn = [_drawn(words.rules(sheet.scale), sheet) for sheet in sheets]
    chart = trajectory(drawn, levels=len(rules.levels), lowered=lowered, incidents=incidents, today=today)
    names = [row.label for row in scale_level_rows(rules, None)]
    first = next(sheet for sheet in drawn if sheet.held >= 0)
    last = _last_rank(sheets)
    return Course(
        chart=chart,
        finding=_finding(names, first, min(last, len(names) - 1)),
        level_names=tuple(zip(chart.rows, names, strict=True)),
        rating_names=((chart.own_top, "10"), (chart.own_bottom, "0")),
        incidents=tuple(incidents),
    )


def _last_rank(sheets: list[Assessment]) -> int:
    """Return the rank that is held after all sheets and decisions; at least one sheet has a level."""
    last = [sheet for sheet in sheets if sheet.level][-1]
    lowering = getattr(last, "lowering", None)
    return lowering.to_rank if lowering and lowering.state == Lowering.State.CONFIRMED else last.level_rank


def _drawn(rules: Scale, sheet: Assessment) -> Sheet:
    return Sheet(
        on=timezone.localdate(sheet.assessed_at),
        computed=rules.ranks.get(sheet.computed_level, -1),
        held=sheet.level_rank if sheet.level else -1,
        own=sheet.own_rating,
        is_complete=sheet.is_complete,
    )


def _finding(names: list[str], first: Sheet, last: int) -> str:
    day = date_format(first.on, "SHORT_DATE_FORMAT")
    words = {"first": names[min(first.held, len(names) - 1)], "last": names[last], "day": day}
    if last > first.held:
        return gettext("Risen since %(day)s: from “%(first)s” to “%(last)s”") % words
    if last < first.held:
        return gettext("Fallen since %(day)s: from “%(first)s” to “%(last)s”") % words
    return gettext("The same as on %(day)s: “%(last)s”") % words


@dataclass(frozen=True)
class LedgerRow:
    """A sheet whose level is not simply what it came to, in the reader's words."""

    assessment: Assessment
    computed_label: str
    officer_label: str
    held_label: str
    lowering: Lowering | None
    lowering_reason: str


def ledger_rows(assessments: Iterable[Assessment]) -> list[LedgerRow]:
    """Return sheets for the ledger, in the order given."""
    words, rows = ScaleWords(), []
    reasons = {**dict(Lowering.ConfirmedReason.choices), **dict(Lowering.DeclinedReason.choices)}
    for assessment in assessments:
        lowering = getattr(assessment, "lowering", None)
        rows.append(
            LedgerRow(
                assessment=assessment,
                computed_label=words.level(assessment.scale, assessment.computed_level),
                officer_label=words.level(assessment.scale, assessment.officer_level)
                if assessment.raised_reason
                else "",
                held_label=words.level(assessment.scale, assessment.level),
                lowering=lowering,
                lowering_reason=str(reasons.get(lowering.reason, "")) if lowering else "",
            )
        )
    return rows
