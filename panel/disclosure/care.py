"""What the fields of care/ can give away."""

from panel.columns import Disclosure
from panel.disclosure.classing import classed

FIELDS: dict[str, Disclosure] = {
    **classed(
        "care.Debrief",
        identifier="person occasion cause source_id feeling",
        internal="id offered_at answered_at",
    ),
}
