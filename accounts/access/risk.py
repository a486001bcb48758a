"""Who opens the pages of risk/."""

from accounts.access.groups import ADMIN, POLICE, SAFETY, SUPERVISOR

PAGES: dict[str, frozenset[str]] = {
    "participant_list": SUPERVISOR,
    "assess_risk": POLICE,
    "risk_history": POLICE,
    "reassessment_list": POLICE,
    "risk_ledger": SUPERVISOR | SAFETY,
    "risk_acceptance": ADMIN | SAFETY,
    "scale_list": ADMIN | SUPERVISOR | SAFETY,
    "scale_detail": ADMIN | SUPERVISOR | SAFETY,
    "scale_try": ADMIN | POLICE,
    "lowering_list": SUPERVISOR,
    "lowering_decide": SUPERVISOR,
}
