"""What the fields of visits/ can give away."""

from panel.columns import Disclosure
from panel.disclosure.classing import classed

FIELDS: dict[str, Disclosure] = {
    **classed(
        "visits.WeekPlan",
        quasi_identifier="monday",
        study="target shortfall level reason",
        internal="id participant revision planned_at superseded_at",
    ),
    **classed(
        "visits.Visit",
        identifier="missed_explained_by missed_reason first_officer second_officer",
        quasi_identifier="station planned_on window_from window_until",
        study="status is_unplanned",
        internal="id plan participant grace_ends_at status_changed_at officers_chosen day_chosen escalated_at "
        "safety_told_at",
    ),
    **classed(
        "visits.Shift",
        identifier="officer changed_by",
        quasi_identifier="weekdays starts_at ends_at visits_a_day",
        internal="id changed_at",
    ),
    **classed(
        "visits.Absence",
        identifier="officer recorded_by",
        quasi_identifier="starts_on ends_on reason",
        internal="id recorded_at withdrawn_at",
    ),
    **classed(
        "visits.StationDigest",
        quasi_identifier="station made_for planned without_officers late unexplained escalated short",
        internal="id made_at",
    ),
    **classed(
        "visits.VisitChange",
        identifier="changed_by officers_before officers_after",
        quasi_identifier="day_before day_after",
        study="kind reason",
        internal="id visit absence changed_at undone_at",
    ),
    **classed(
        "visits.VisitLog",
        identifier="logged_by sealed_note",
        quasi_identifier="occurred_at incident_on next_contact_on next_contact_from next_contact_until",
        study="outcome reason safety_concern in_private present new_incident incident_type incident_injury "
        "incident_weapon measures_obeyed child_in_danger referral_offered next_contact",
        internal="id visit received_at content_sha256 breaches clock_skew_s",
    ),
    **classed(
        "visits.Device",
        identifier="id user",
        quasi_identifier="registered_at last_seen_at oldest_unsent_at revoked_at wiped_at",
        internal="server_part part_fetches clock_skew_s unsent_count wipes",
    ),
    **classed("visits.SealingKey", internal="id public_point private_part made_at retired_at"),
    **classed(
        "visits.LogConflict",
        identifier="first_by first_sealed_note second_by second_sealed_note decided_by",
        quasi_identifier="first first_received_at second received_at decided_at",
        study="decision correction",
        internal="id visit log first_sha256 second_id second_sha256 breaches clock_skew_s",
    ),
}
