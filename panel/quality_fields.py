"""What the fields of queries about data can give away; see `panel.disclosure`."""

from panel.columns import Disclosure
from panel.field_classes import classed as _classed

QUALITY_CLASSES: dict[str, Disclosure] = {
    **_classed(
        "quality.QualityQuery",
        identifier="participant person about key",
        quasi_identifier="station happened_at facts",
        internal="id rule desk state state_changed_at opened_at due_on",
    ),
    **_classed("quality.NoteMark", identifier="log mark sealed_sha256", internal="id"),
    **_classed(
        "quality.PersonMonth",
        identifier="person",
        quasi_identifier="station month cases hits",
        internal="id measure counted_at",
    ),
    **_classed("quality.QueryStep", identifier="by", internal="id query kind reason at"),
}
