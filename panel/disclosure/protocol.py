"""What the fields of protocol/ can give away."""

from panel.columns import Disclosure
from panel.disclosure.classing import classed

FIELDS: dict[str, Disclosure] = {
    **classed(
        "protocol.ProtocolVersion",
        identifier="loaded_by",
        study="code version source amendment_reason",
        internal="id sha256 is_active loaded_at frozen_at",
    ),
}
