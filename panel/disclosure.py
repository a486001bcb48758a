"""What every stored field can give away. A field that is in no class cannot be exported, and a test fails on it.

Identifier: names somebody, or opens what does. Quasi-identifier: could, beside other facts. Study: what the trial
measures. Internal: keys, times and settings of the system itself.
"""

from panel.columns import Disclosure
from panel.field_classes import classed as _classed
from panel.interview_fields import INTERVIEW_CLASSES
from panel.quality_fields import QUALITY_CLASSES
from panel.release_fields import RELEASE_CLASSES
from panel.safety_fields import SAFETY_CLASSES
from panel.survey_fields import SURVEY_CLASSES
from panel.watching_fields import WATCHING_CLASSES

FIELD_CLASSES: dict[str, Disclosure] = {
    **QUALITY_CLASSES,
    **WATCHING_CLASSES,
    **SAFETY_CLASSES,
    **SURVEY_CLASSES,
    **RELEASE_CLASSES,
    **_classed(
        "audit.Event",
        identifier="actor",
        quasi_identifier="object_id reason details",
        internal="id at actor_role action object_type",
    ),
    **_classed("audit.Link", internal="position event hash"),
    **_classed("audit.Checkpoint", internal="id at rows head problem text signature key"),
    **_classed(
        "accounts.User",
        identifier="password username display_name work_email",
        internal="id last_login role language is_active created_at session_epoch must_change_password",
    ),
    **_classed(
        "accounts.Token",
        identifier="owner ended_by purpose token_hmac",
        internal="id scopes session_epoch made_at expires_at last_used_at ended_at",
    ),
    **_classed(
        "protocol.ProtocolVersion",
        identifier="loaded_by",
        study="code version source amendment_reason",
        internal="id sha256 is_active loaded_at frozen_at",
    ),
    **_classed(
        "stations.District",
        quasi_identifier="ubigeo name area_km2 population_2020 poverty_pct_2018 extreme_poverty_pct_2018 hdi_2019 "
        "latitude longitude",
    ),
    **_classed(
        "stations.Station",
        quasi_identifier="code district name officers officers_women family_violence_officers "
        "family_violence_officers_women ipv_reports",
        internal="id",
    ),
    **_classed(
        "stations.Frame",
        identifier="frozen_by",
        quasi_identifier="stations districts",
        internal="id sha256 frozen_at",
    ),
    **_classed(
        "stations.Allocation",
        identifier="drawn_by locked_by",
        quasi_identifier="certificate",
        study="method status",
        internal="id frame protocol commitment seed public_draw blinding_nonce drawn_at locked_at",
    ),
    **_classed(
        "stations.Commitment",
        identifier="committed_by abandoned_by",
        internal="id frame protocol sha256 nonce public_draw_source committed_at abandoned_at abandoned_reason",
    ),
    **_classed("stations.Approval", identifier="approved_by", internal="id allocation approved_at accepted_contrasts"),
    **_classed(
        "stations.StationLoss",
        identifier="recorded_by",
        quasi_identifier="allocated lost_on reason",
        internal="id recorded_at",
    ),
    **_classed("stations.AllocationCheck", internal="id checked_at problem"),
    **_classed(
        "stations.AllocatedStation",
        quasi_identifier="station study_number blinded_letter inclusion_probability",
        study="arm blinded_group",
        internal="id allocation",
    ),
    **_classed("stations.Officer", identifier="code user", quasi_identifier="is_woman", internal="id"),
    **_classed(
        "stations.Posting",
        identifier="officer",
        quasi_identifier="station starts_on ends_on withdrawn_reason",
        internal="id follows withdrawn_at",
    ),
    **_classed(
        "stations.ArmCrossing",
        identifier="officer",
        quasi_identifier="from_station to_station last_day_there first_day_here",
        internal="id posting",
    ),
    **_classed(
        "training.Session",
        identifier="trainers",
        quasi_identifier="station held_on start_time place deviation_reason withdrawal_reason",
        study="kind status modules",
        internal="id revision",
    ),
    **_classed(
        "training.Attendance",
        identifier="officer",
        study="module came minutes_late absence counts score_before score_after",
        internal="id session",
    ),
    **_classed("training.Certificate", identifier="code issued_by", internal="id attendance hours issued_at"),
    **_classed(
        "care.Debrief",
        identifier="person occasion cause source_id feeling",
        internal="id offered_at answered_at",
    ),
    **_classed(
        "participants.Participant",
        identifier="study_code",
        quasi_identifier="station enrolled_station enrolled_on age_at_enrolment interviewer",
        study="status",
        internal="id status_changed_at data_erased_at",
    ),
    **_classed(
        "participants.ConsentText",
        identifier="loaded_by",
        study="version valid_from valid_until source",
        internal="id sha256 loaded_at frozen_at",
    ),
    **_classed(
        "participants.Transfer",
        identifier="proposed_by decided_by asked_by",
        quasi_identifier="participant from_station to_station reason declined_for agreed_on",
        study="state decided_at",
        internal="id proposed_at",
    ),
    **_classed(
        "participants.StatusChange",
        identifier="by",
        quasi_identifier="reason expected_return_on",
        study="participant from_status to_status at",
        internal="id",
    ),
    **_classed(
        "participants.Withdrawal",
        identifier="recorded_by",
        study="scopes is_whole erasure_wanted reason",
        internal="id participant withdrawn_at",
    ),
    **_classed(
        "participants.ConsentSignature",
        identifier="sealed_copy witnessed_by",
        study="text_version language scopes method",
        internal="id participant text_sha256 copy_sha256 signed_at",
    ),
    **_classed(
        "participants.Consent",
        study="scope text_version",
        internal="id participant given_at ended_at lapses_on",
    ),
    **_classed(
        "participants.SafeContactPlan",
        identifier="safe_weekdays safe_from safe_until channel language",
        internal="id participant reviewed_at review_wanted_at",
    ),
    **_classed("participants.VaultKey", identifier="wrapped", internal="id participant master_key_id destroyed_at"),
    **_classed("participants.SealedCard", identifier="ciphertext", internal="id participant sealed_at"),
    **_classed("participants.HeldSecret", identifier="name wrapped", internal="id master_key_id destroyed_at"),
    **_classed(
        "participants.StaffCard",
        identifier="user wrapped ciphertext sealed_by",
        internal="id master_key_id sealed_at",
    ),
    **_classed(
        "participants.EmergencyOpening",
        identifier="opened_by sealed_reason",
        quasi_identifier="opened_at",
        study="cause",
        internal="id participant expires_at",
    ),
    **_classed(
        "participants.ContactOverride",
        identifier="window_from window_until sealed_reason overridden_by",
        quasi_identifier="on overridden_at ended_at",
        study="kind reason",
        internal="id participant",
    ),
    **_classed(
        "participants.OutgoingMessage",
        identifier="queued_by seen_by",
        quasi_identifier="not_before expires_at queued_at state_changed_at claimed_at claimed_on seen_at",
        study="purpose text_code way state why",
        internal="id participant attempts contact_override",
    ),
    **_classed(
        "participants.ContactReview",
        identifier="reviewed_by",
        quasi_identifier="reviewed_at",
        study="occasion has_changed",
        internal="id participant contact_id",
    ),
    **_classed("participants.Conflict", identifier="user lifted_by", internal="id participant declared_at lifted_at"),
    **_classed(
        "participants.AccessNotice",
        identifier="user reviewed_by",
        quasi_identifier="raised_at reviewed_at",
        study="kind verdict",
        internal="id participant other window_from window_until emergency contact_override times sent_at",
    ),
    **_classed("participants.AccessSweep", internal="id position"),
    **_classed("participants.NoticeTold", identifier="address", internal="id listing notice_id told_at"),
    **_classed("participants.LookupHash", identifier="digest", internal="id participant kind key_id"),
    **_classed(
        "participants.Erasure",
        identifier="requested_by confirmed_by cancelled_by",
        study="reason",
        internal="id participant requested_at confirmed_at cancelled_at done_at women_erased",
    ),
    **_classed("participants.PoliceReport", quasi_identifier="reported_on", internal="id participant report"),
    **_classed(
        "participants.IncidentReport",
        identifier="code received_by",
        quasi_identifier="station reported_on received_at",
        internal="id source first_report participant",
    ),
    **_classed(
        "participants.StagedImport",
        identifier="staged_by wrapped sealed_rows",
        internal="id staged_at expires_at master_key_id",
    ),
    **_classed(
        "participants.Screening",
        identifier="screened_by",
        quasi_identifier="age screened_at",
        study="outcome reasons refusal household_seen screener_role knows_arm station_allocated",
        internal="id report attempt protocol_version superseded_at participant",
    ),
    **_classed(
        "participants.ReportBox",
        identifier="wrapped ciphertext number_digest document_digest name_digest telephone_digest household_digest "
        "aggressor_document_digest aggressor_name_digest",
        internal="id report master_key_id destroyed_at",
    ),
    **_classed(
        "referrals.SupportService",
        identifier="written_by",
        internal="id code kind name_es name_en purpose_es purpose_en hours_es hours_en for_whom_es for_whom_en "
        "telephone address district source valid_from retired_at",
    ),
    **_classed(
        "referrals.Referral",
        identifier="offered_by",
        quasi_identifier="offered_at agreed_on",
        study="status sharing sent_way",
        internal="id participant service team agreed_how due_on overdue_at",
    ),
    **_classed(
        "referrals.ReferralStep",
        identifier="recorded_by sealed_note",
        quasi_identifier="happened_on",
        study="status",
        internal="id referral recorded_at",
    ),
    **_classed("risk.Scale", study="code version content", internal="id sha256 effective_on loaded_at"),
    **_classed("risk.ScalePack", internal="id scale sha256 content licensed_until loaded_at"),
    **_classed(
        "risk.Assessment",
        identifier="assessed_by sealed_note",
        quasi_identifier="assessed_at",
        study="answers overrides score is_complete missing computed_level officer_level level level_rank raised_reason "
        "own_rating",
        internal="id participant scale reference form_id content_hmac",
    ),
    **_classed(
        "risk.CurrentRisk",
        quasi_identifier="since",
        study="level level_rank",
        internal="id participant assessment reassess_due_on replan_pending escalated_to escalated_at",
    ),
    **_classed(
        "risk.Lowering",
        identifier="decided_by sealed_note",
        quasi_identifier="proposed_at decided_at",
        study="from_level from_rank to_level to_rank state reason",
        internal="id participant assessment due_at escalated_at",
    ),
    **_classed(
        "visits.WeekPlan",
        quasi_identifier="monday",
        study="target shortfall level reason",
        internal="id participant revision planned_at superseded_at",
    ),
    **_classed(
        "visits.Visit",
        identifier="missed_explained_by missed_reason first_officer second_officer",
        quasi_identifier="station planned_on window_from window_until",
        study="status is_unplanned",
        internal="id plan participant grace_ends_at status_changed_at officers_chosen day_chosen escalated_at "
        "safety_told_at",
    ),
    **_classed(
        "visits.Shift",
        identifier="officer changed_by",
        quasi_identifier="weekdays starts_at ends_at visits_a_day",
        internal="id changed_at",
    ),
    **_classed(
        "visits.Absence",
        identifier="officer recorded_by",
        quasi_identifier="starts_on ends_on reason",
        internal="id recorded_at withdrawn_at",
    ),
    **_classed(
        "visits.StationDigest",
        quasi_identifier="station made_for planned without_officers late unexplained escalated short",
        internal="id made_at",
    ),
    **_classed(
        "visits.VisitChange",
        identifier="changed_by officers_before officers_after",
        quasi_identifier="day_before day_after",
        study="kind reason",
        internal="id visit absence changed_at undone_at",
    ),
    **_classed(
        "visits.VisitLog",
        identifier="logged_by sealed_note",
        quasi_identifier="occurred_at incident_on next_contact_on next_contact_from next_contact_until",
        study="outcome reason safety_concern in_private present new_incident incident_type incident_injury "
        "incident_weapon measures_obeyed child_in_danger referral_offered next_contact",
        internal="id visit received_at content_sha256 breaches clock_skew_s",
    ),
    **_classed(
        "visits.Device",
        identifier="id user",
        quasi_identifier="registered_at last_seen_at oldest_unsent_at revoked_at wiped_at",
        internal="server_part part_fetches clock_skew_s unsent_count wipes",
    ),
    **_classed(
        "risk.PhoneSheet",
        identifier="seen_by",
        quasi_identifier="filled_at received_at seen_at",
        study="device_score device_level",
        internal="id assessment sheet_id visit_id device_version marks clock_skew_s",
    ),
    **_classed("phone.PhoneCard", quasi_identifier="given_on given_at", internal="id device participant"),
    **_classed("visits.SealingKey", internal="id public_point private_part made_at retired_at"),
    **_classed(
        "visits.LogConflict",
        identifier="first_by first_sealed_note second_by second_sealed_note decided_by",
        quasi_identifier="first second received_at decided_at",
        study="decision correction",
        internal="id visit log first_sha256 second_id second_sha256 breaches clock_skew_s",
    ),
    **INTERVIEW_CLASSES,
    **_classed(
        "data_protection.DataIncident",
        identifier="account reported_by notified_by closed_by",
        quasi_identifier="occurred_at discovered_at",
        internal="id kind severity categories reported_at due_at status notified_at authority_reference "
        "not_notified_reason outcome closed_at",
    ),
    **_classed(
        "data_protection.IncidentWoman",
        identifier="settled_by",
        quasi_identifier="told_at",
        internal="id incident participant how added_at told_how not_told_reason",
    ),
    **_classed("data_protection.IncidentMeasure", identifier="recorded_by", internal="id incident measure taken_at"),
    **_classed("data_protection.DeskNotice", internal="id kind incident request due_on raised_at sent_at"),
    **_classed(
        "data_protection.DataRequest",
        identifier="received_by verified_by",
        quasi_identifier="station received_on",
        internal="id kind participant channel status verified_how due_on extended_on extension_reason refusal_reason "
        "ended_at",
    ),
    **_classed(
        "data_protection.RequestStep", identifier="recorded_by sealed_note", internal="id request status recorded_at"
    ),
    **_classed("data_protection.RequestHandover", identifier="made_by", internal="id request half made_at"),
    **_classed("monitoring.JobHeartbeat", internal="job started_at finished_at succeeded_at error failed_steps runs"),
    **_classed(
        "monitoring.DoseWeek",
        internal=(
            "id station monday done refused unsafe not_met missed to_come on_time without_officers beside_plan women "
            "women_above_usual short counted_at"
        ),
    ),
    **_classed("monitoring.BackupReport", internal="id made_at size_bytes place sha256 restored_on recorded_at"),
    **_classed("monitoring.PlannerLateness", internal="id began_at over_at"),
    **_classed("monitoring.StaffMessage", internal="id kind about to attempts claimed_at sent_at"),
}
