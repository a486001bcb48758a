"""What pages show of risk: levels, items and alerts in the reader's words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from participants.models import Participant
from risk import models
from risk.models import Alert, Assessment
from risk.queries import scale_rules
from risk.scale_file import Scale
from risk.scoring import score

NO_LEVEL = _("No level yet")


@dataclass(frozen=True)
class AssessmentRow:
    """One assessment as the history shows it."""

    assessment: Assessment
    level_label: str
    computed_label: str
    missing: tuple[str, ...]
    alerts: tuple[str, ...]


@dataclass(frozen=True)
class AlertRow:
    """One alert as the safety officer's list shows it; `left` is None once it was answered."""

    alert: Alert
    label: str
    left: timedelta | None

    @property
    def is_overdue(self) -> bool:
        return self.left is not None and self.left <= timedelta(0)

    @property
    def hours_left(self) -> int:
        return int(abs(self.left or timedelta(0)).total_seconds() // 3600)


@dataclass(frozen=True)
class ParticipantRow:
    """One woman as the supervisor's list shows her."""

    participant: Participant
    masked_name: str
    level: str
    level_label: str
    level_rank: int
    reassess_due_on: date | None
    is_overdue: bool


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

    def alert(self, scale: models.Scale | None, code: str) -> str:
        """Return an alert's label, of the scale or of a visit; else its code."""
        for rule in self.rules(scale).alerts if scale else ():
            if rule.code == code:
                return rule.label_en if self._english else rule.label_es
        return str(Alert.VisitRule(code).label) if code in Alert.VisitRule.values else code


def history(assessments: Iterable[Assessment]) -> list[AssessmentRow]:
    """Return a woman's assessments for showing, in the order given."""
    words = ScaleWords()
    return [
        AssessmentRow(
            assessment=assessment,
            level_label=words.level(assessment.scale, assessment.level),
            computed_label=words.level(assessment.scale, assessment.computed_level),
            missing=score(words.rules(assessment.scale), assessment.answers, assessment.overrides).missing,
            alerts=tuple(words.alert(assessment.scale, alert.rule) for alert in assessment.alerts.all()),
        )
        for assessment in assessments
    ]


def alert_rows(alerts: Iterable[Alert], now: datetime) -> list[AlertRow]:
    """Return alerts for showing, with the time left until each is due."""
    words = ScaleWords()
    return [
        AlertRow(
            alert=alert,
            label=words.alert(alert.assessment.scale if alert.assessment else None, alert.rule),
            left=alert.due_at - now if alert.answered_at is None else None,
        )
        for alert in alerts
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
                is_overdue=risk is not None and risk.reassess_due_on < today,
            )
        )
    return rows
