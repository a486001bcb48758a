"""What the fields of participants/ can give away."""

from panel.columns import Disclosure
from panel.disclosure.classing import classed

FIELDS: dict[str, Disclosure] = {
    **classed(
        "participants.Participant",
        identifier="study_code",
        quasi_identifier="station enrolled_station enrolled_on age_at_enrolment interviewer",
        study="status",
        internal="id status_changed_at data_erased_at",
    ),
    **classed(
        "participants.ConsentText",
        identifier="loaded_by",
        study="version valid_from valid_until source",
        internal="id sha256 loaded_at frozen_at",
    ),
    **classed(
        "participants.Transfer",
        identifier="proposed_by decided_by asked_by",
        quasi_identifier="participant from_station to_station reason declined_for agreed_on",
        study="state decided_at",
        internal="id proposed_at",
    ),
    **classed(
        "participants.StatusChange",
        identifier="by",
        quasi_identifier="reason expected_return_on",
        study="participant from_status to_status at",
        internal="id",
    ),
    **classed(
        "participants.Withdrawal",
        identifier="recorded_by",
        study="scopes is_whole erasure_wanted reason",
        internal="id participant withdrawn_at",
    ),
    **classed(
        "participants.ConsentSignature",
        identifier="sealed_copy witnessed_by",
        study="text_version language scopes method",
        internal="id participant text_sha256 copy_sha256 signed_at",
    ),
    **classed(
        "participants.Consent",
        study="scope text_version",
        internal="id participant given_at ended_at lapses_on",
    ),
    **classed(
        "participants.SafeContactPlan",
        identifier="safe_weekdays safe_from safe_until channel language",
        internal="id participant reviewed_at review_wanted_at",
    ),
    **classed("participants.VaultKey", identifier="wrapped", internal="id participant master_key_id destroyed_at"),
    **classed("participants.SealedCard", identifier="ciphertext", internal="id participant sealed_at"),
    **classed("participants.HeldSecret", identifier="name wrapped", internal="id master_key_id destroyed_at"),
    **classed(
        "participants.StaffCard",
        identifier="user wrapped ciphertext sealed_by",
        internal="id master_key_id sealed_at",
    ),
    **classed(
        "participants.EmergencyOpening",
        identifier="opened_by sealed_reason",
        quasi_identifier="opened_at",
        study="cause",
        internal="id participant expires_at",
    ),
    **classed(
        "participants.ContactOverride",
        identifier="window_from window_until sealed_reason overridden_by",
        quasi_identifier="on overridden_at ended_at",
        study="kind reason",
        internal="id participant",
    ),
    **classed(
        "participants.OutgoingMessage",
        identifier="queued_by seen_by",
        quasi_identifier="not_before expires_at queued_at state_changed_at claimed_at claimed_on seen_at",
        study="purpose text_code way state why",
        internal="id participant attempts contact_override",
    ),
    **classed(
        "participants.ContactReview",
        identifier="reviewed_by",
        quasi_identifier="reviewed_at",
        study="occasion has_changed",
        internal="id participant contact_id",
    ),
    **classed("participants.Conflict", identifier="user lifted_by", internal="id participant declared_at lifted_at"),
    **classed(
        "participants.AccessNotice",
        identifier="user reviewed_by",
        quasi_identifier="raised_at reviewed_at",
        study="kind verdict",
        internal="id participant other window_from window_until emergency contact_override times sent_at",
    ),
    **classed("participants.AccessSweep", internal="id position"),
    **classed("participants.NoticeTold", identifier="address", internal="id listing notice_id told_at"),
    **classed("participants.LookupHash", identifier="digest", internal="id participant kind key_id"),
    **classed(
        "participants.Erasure",
        identifier="requested_by confirmed_by cancelled_by",
        study="reason",
        internal="id participant requested_at confirmed_at cancelled_at done_at women_erased",
    ),
    **classed("participants.PoliceReport", quasi_identifier="reported_on", internal="id participant report"),
    **classed(
        "participants.IncidentReport",
        identifier="code received_by",
        quasi_identifier="station reported_on received_at",
        internal="id source first_report participant",
    ),
    **classed(
        "participants.StagedImport",
        identifier="staged_by wrapped sealed_rows",
        internal="id staged_at expires_at master_key_id",
    ),
    **classed(
        "participants.Screening",
        identifier="screened_by",
        quasi_identifier="age screened_at",
        study="outcome reasons refusal household_seen screener_role knows_arm station_allocated",
        internal="id report attempt protocol_version superseded_at participant",
    ),
    **classed(
        "participants.ReportBox",
        identifier="wrapped ciphertext number_digest document_digest name_digest telephone_digest household_digest "
        "aggressor_document_digest aggressor_name_digest",
        internal="id report master_key_id destroyed_at",
    ),
}
