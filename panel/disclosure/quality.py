"""What the fields of quality/ can give away."""

from panel.columns import Disclosure
from panel.disclosure.classing import classed

FIELDS: dict[str, Disclosure] = {
    **classed(
        "quality.QualityQuery",
        identifier="participant person about key",
        quasi_identifier="station happened_at facts",
        internal="id rule desk state state_changed_at opened_at due_on",
    ),
    **classed("quality.NoteMark", identifier="log mark sealed_sha256", internal="id"),
    **classed(
        "quality.PersonMonth",
        identifier="person",
        quasi_identifier="station month cases hits",
        internal="id measure counted_at",
    ),
    **classed("quality.QueryStep", identifier="by", internal="id query kind reason at"),
}
