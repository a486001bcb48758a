"""What the fields of training/ can give away."""

from panel.columns import Disclosure
from panel.disclosure.classing import classed

FIELDS: dict[str, Disclosure] = {
    **classed(
        "training.Session",
        identifier="trainers",
        quasi_identifier="station held_on start_time place deviation_reason withdrawal_reason",
        study="kind status modules",
        internal="id revision",
    ),
    **classed(
        "training.Attendance",
        identifier="officer",
        study="module came minutes_late absence counts score_before score_after",
        internal="id session",
    ),
    **classed("training.Certificate", identifier="code issued_by", internal="id attendance hours issued_at"),
}
