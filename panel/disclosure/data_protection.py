"""What the fields of data_protection/ can give away."""

from panel.columns import Disclosure
from panel.disclosure.classing import classed

FIELDS: dict[str, Disclosure] = {
    **classed(
        "data_protection.DataIncident",
        identifier="account reported_by notified_by closed_by",
        quasi_identifier="occurred_at discovered_at",
        internal="id kind severity categories reported_at due_at status notified_at authority_reference "
        "not_notified_reason outcome closed_at",
    ),
    **classed(
        "data_protection.IncidentWoman",
        identifier="settled_by",
        quasi_identifier="told_at",
        internal="id incident participant how added_at told_how not_told_reason",
    ),
    **classed("data_protection.IncidentMeasure", identifier="recorded_by", internal="id incident measure taken_at"),
    **classed("data_protection.DeskNotice", internal="id kind incident request due_on raised_at sent_at"),
    **classed(
        "data_protection.DataRequest",
        identifier="received_by verified_by",
        quasi_identifier="station received_on",
        internal="id kind participant channel status verified_how due_on extended_on extension_reason refusal_reason "
        "ended_at",
    ),
    **classed(
        "data_protection.RequestStep", identifier="recorded_by sealed_note", internal="id request status recorded_at"
    ),
    **classed("data_protection.RequestHandover", identifier="made_by", internal="id request half made_at"),
}
