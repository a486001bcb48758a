"""What the fields of complaints/ can give away."""

from panel.columns import Disclosure
from panel.disclosure.classing import classed

FIELDS: dict[str, Disclosure] = {
    **classed(
        "complaints.Complaint",
        identifier="participant written_by handler sealed_text",
        quasi_identifier="source about severity told_on outcome",
        internal="id form_id desk written_at due_on state state_changed_at made_case sealed_by_study",
    ),
    **classed("complaints.ComplaintStep", identifier="by sealed_note", internal="id complaint kind at"),
}
