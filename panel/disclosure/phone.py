"""What the fields of phone/ can give away."""

from panel.columns import Disclosure
from panel.disclosure.classing import classed

FIELDS: dict[str, Disclosure] = {
    **classed("phone.PhoneCard", quasi_identifier="given_on given_at", internal="id device participant"),
}
