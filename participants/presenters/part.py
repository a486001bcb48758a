"""Her part in the study in words: what changed, when, why and by whom; and who rests."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from participants.models import Participant, Screening, StatusChange, Withdrawal
from participants.status import STAYS_PAUSED

Status = Participant.Status
KINDS = {
    Status.ENROLLED: "good",
    Status.PAUSED: "warn",
    Status.MOVED: "neutral",
    Status.LOST: "neutral",
    Status.WITHDRAWN: "bad",
    Status.DECEASED: "bad",
    Status.COMPLETED: "info",
}


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of the history of her part; `by` is "" where it is not known, or nobody."""

    at: datetime
    label: str
    kind: str
    reason: str
    by: str
    return_on: date | None = None


@dataclass(frozen=True, slots=True)
class PauseRow:
    """A woman who rests, on the list of those to come back."""

    pause: StatusChange
    masked_name: str
    reason: str
    is_due: bool
    stays: bool


def history_lines(changes: Iterable[StatusChange], screening: Screening | None) -> list[HistoryLine]:
    """Return her status over time, the latest first, down to the screening that found her eligible."""
    lines = [_line(change) for change in changes]
    if screening is not None:
        name = screening.screened_by.display_name
        lines.append(HistoryLine(screening.screened_at, _("Found eligible"), "info", "", name))
    return lines


def pause_rows(pauses: Iterable[StatusChange], names: Mapping[int, str], today: date) -> list[PauseRow]:
    """Return the rows of the list of women who rest."""
    return [
        PauseRow(
            pause,
            names[pause.participant_id],
            reason_label(pause),
            is_due=pause.expected_return_on is not None and pause.expected_return_on <= today,
            stays=pause.reason in STAYS_PAUSED,
        )
        for pause in pauses
    ]


def reason_label(change: StatusChange) -> str:
    """Return why a status changed, in words; "" where no reason was kept."""
    reasons = Withdrawal.Reason if change.to_status == Status.WITHDRAWN else StatusChange.Reason
    return str(dict(reasons.choices).get(change.reason, ""))


def _line(change: StatusChange) -> HistoryLine:
    label = str(change.get_to_status_display())
    if change.from_status == change.to_status:
        label = _("Return postponed")
    name = change.by.display_name if change.by else ""
    kind = KINDS[Status(change.to_status)]
    return HistoryLine(change.at, label, kind, reason_label(change), name, change.expected_return_on)
