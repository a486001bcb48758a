"""What the fields of risk/ can give away."""

from panel.columns import Disclosure
from panel.disclosure.classing import classed

FIELDS: dict[str, Disclosure] = {
    **classed("risk.Scale", study="code version content", internal="id sha256 effective_on loaded_at"),
    **classed("risk.ScalePack", internal="id scale sha256 content licensed_until loaded_at"),
    **classed(
        "risk.Assessment",
        identifier="assessed_by sealed_note",
        quasi_identifier="assessed_at",
        study="answers overrides score is_complete missing computed_level officer_level level level_rank raised_reason "
        "own_rating",
        internal="id participant scale reference form_id content_hmac",
    ),
    **classed(
        "risk.CurrentRisk",
        quasi_identifier="since",
        study="level level_rank",
        internal="id participant assessment reassess_due_on replan_pending escalated_to escalated_at",
    ),
    **classed(
        "risk.Lowering",
        identifier="decided_by sealed_note",
        quasi_identifier="proposed_at decided_at",
        study="from_level from_rank to_level to_rank state reason",
        internal="id participant assessment due_at escalated_at",
    ),
    **classed(
        "risk.PhoneSheet",
        identifier="seen_by",
        quasi_identifier="filled_at received_at seen_at",
        study="device_score device_level",
        internal="id assessment sheet_id visit_id device_version marks clock_skew_s",
    ),
}
