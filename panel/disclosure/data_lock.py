"""What the fields of data_lock/ can give away."""

from panel.columns import Disclosure
from panel.disclosure.classing import classed

FIELDS: dict[str, Disclosure] = {
    **classed(
        "data_lock.DataLock",
        identifier="proposed_by",
        quasi_identifier="reason still_open",
        internal="id kind wave until ends_at state proposed_at sha256 in_use_sha256 parts locked_at ended_at",
    ),
    **classed(
        "data_lock.Lifting",
        identifier="asked_by decided_by",
        quasi_identifier="reason",
        internal="id lock asked_at state decided_at",
    ),
    **classed(
        "data_lock.LockSignature",
        identifier="signed_by text",
        internal="id lock lifting purpose meaning signed_role signed_at sha256 signature key",
    ),
    **classed(
        "data_lock.LateArrival",
        identifier="log assessment decided_by",
        quasi_identifier="noted_at reason",
        internal="id lock is_out decided_at",
    ),
    **classed("data_lock.LockCheck", internal="id lock checked_at sha256 in_use_sha256 rows problem"),
}
