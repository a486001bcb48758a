"""What the fields of safety/ can give away."""

from panel.columns import Disclosure
from panel.disclosure.classing import classed

FIELDS: dict[str, Disclosure] = {
    **classed(
        "safety.SafetyCase",
        identifier="raised_by duty_person closed_by sealed_note sealed_summary",
        quasi_identifier="station raised_at first_response_at closed_at origin_id",
        study="rule severity origin state outcome",
        internal="id participant times follows first_response_due_at escalation_level escalated_at",
    ),
    **classed(
        "safety.AdverseEvent",
        identifier="recorded_by withdrawn_by sealed_note",
        quasi_identifier="occurred_on discovered_at recorded_at withdrawn_at",
        study="kind is_serious is_expected relatedness withdrawn_for",
        internal="id case board_notified_at replaces",
    ),
    **classed("safety.EventReading", identifier="by", internal="id event at"),
    **classed("safety.SafetyNotice", study="audience step", internal="id case raised_at sent_at"),
    **classed("safety.DutyTurn", identifier="officer set_by", internal="id starts_on ends_on set_at withdrawn_at"),
    **classed(
        "safety.SafetyAction",
        identifier="by handed_to sealed_note",
        quasi_identifier="at",
        study="kind",
        internal="id case",
    ),
}
