"""What the fields of complaints and back-checks can give away; see `panel.disclosure`. No data set holds any."""

from panel.columns import Disclosure
from panel.field_classes import classed as _classed

WATCHING_CLASSES: dict[str, Disclosure] = {
    **_classed(
        "complaints.Complaint",
        identifier="participant written_by handler sealed_text",
        quasi_identifier="source about severity told_on outcome",
        internal="id desk written_at due_on state state_changed_at made_case sealed_by_study",
    ),
    **_classed(
        "back_checks.BackCheck",
        identifier="participant submission first interviewer",
        quasi_identifier="asked_at channel missed_reason",
        internal="id chosen_at window_from window_until status status_changed_at",
    ),
    **_classed(
        "back_checks.BackCheckItem",
        quasi_identifier="first_answer answer",
        study="question kind within differs",
        internal="id back_check",
    ),
    **_classed(
        "back_checks.BackCheckTry",
        identifier="made_by",
        quasi_identifier="attempted_at channel outcome",
        internal="id back_check recorded_at",
    ),
    **_classed("complaints.ComplaintStep", identifier="by sealed_note", internal="id complaint kind at"),
}
