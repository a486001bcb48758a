"""What every stored field can give away. A field that is in no class cannot be exported, and a test fails on it.

Identifier: names somebody, or opens what does. Quasi-identifier: could, beside other facts. Study: what the trial
measures. Internal: keys, times and settings of the system itself. A room's fields stand in the module of its name.
"""

from panel.columns import Disclosure
from panel.disclosure import (
    accounts,
    audit,
    back_checks,
    care,
    complaints,
    data_lock,
    data_protection,
    interviews,
    monitoring,
    panel,
    participants,
    phone,
    protocol,
    quality,
    referrals,
    risk,
    safety,
    stations,
    surveys,
    training,
    visits,
)

FIELD_CLASSES: dict[str, Disclosure] = {
    **audit.FIELDS,
    **accounts.FIELDS,
    **protocol.FIELDS,
    **stations.FIELDS,
    **training.FIELDS,
    **participants.FIELDS,
    **safety.FIELDS,
    **care.FIELDS,
    **referrals.FIELDS,
    **risk.FIELDS,
    **visits.FIELDS,
    **surveys.FIELDS,
    **interviews.FIELDS,
    **phone.FIELDS,
    **data_protection.FIELDS,
    **complaints.FIELDS,
    **back_checks.FIELDS,
    **panel.FIELDS,
    **quality.FIELDS,
    **data_lock.FIELDS,
    **monitoring.FIELDS,
}
