"""What the fields of audit/ can give away."""

from panel.columns import Disclosure
from panel.disclosure.classing import classed

FIELDS: dict[str, Disclosure] = {
    **classed(
        "audit.Event",
        identifier="actor",
        quasi_identifier="object_id reason details",
        internal="id at actor_role action object_type",
    ),
    **classed("audit.Link", internal="position event hash"),
    **classed("audit.Checkpoint", internal="id at rows head problem text signature key"),
}
