"""What the fields of referrals/ can give away."""

from panel.columns import Disclosure
from panel.disclosure.classing import classed

FIELDS: dict[str, Disclosure] = {
    **classed(
        "referrals.SupportService",
        identifier="written_by",
        internal="id code kind name_es name_en purpose_es purpose_en hours_es hours_en for_whom_es for_whom_en "
        "telephone address district source valid_from retired_at",
    ),
    **classed(
        "referrals.Referral",
        identifier="offered_by",
        quasi_identifier="offered_at agreed_on",
        study="status sharing sent_way",
        internal="id participant service team agreed_how due_on overdue_at",
    ),
    **classed(
        "referrals.ReferralStep",
        identifier="recorded_by sealed_note",
        quasi_identifier="happened_on",
        study="status",
        internal="id referral recorded_at",
    ),
}
