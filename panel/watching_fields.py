"""What the fields of complaints can give away; see `panel.disclosure`."""

from panel.columns import Disclosure
from panel.field_classes import classed as _classed

WATCHING_CLASSES: dict[str, Disclosure] = {
    **_classed(
        "complaints.Complaint",
        identifier="participant written_by handler sealed_text",
        quasi_identifier="source about severity told_on outcome",
        internal="id desk written_at due_on state state_changed_at made_case sealed_by_study",
    ),
    **_classed("complaints.ComplaintStep", identifier="by sealed_note", internal="id complaint kind at"),
}
