"""What the fields of panel/ can give away."""

from panel.columns import Disclosure
from panel.disclosure.classing import classed

FIELDS: dict[str, Disclosure] = {
    **classed(
        "panel.Release",
        identifier="requested_by decided_by secret",
        quasi_identifier="requested_at decided_at report enrolment",
        internal="id purpose datasets forms shape language with_arm stable_codes shift_days generalised terms_sha256 "
        "protocol as_of kept_until code_version state state_changed_at progress attempt error revision needs "
        "decision_note downloaded_revision locks",
    ),
    **classed(
        "panel.ReleaseRevision",
        quasi_identifier="rows_removed",
        internal="id release number frozen_at sha256 size_bytes packed_at",
    ),
    **classed(
        "panel.ReleaseReport",
        quasi_identifier="asked_at ready_at downloaded_at",
        internal="id release revision state state_changed_at steps_done steps attempt error is_blinded plan_sha256",
    ),
    **classed("panel.ReleaseFile", internal="id revision report kind name declaration rows size_bytes sha256"),
    **classed("panel.ReleasePiece", identifier="sealed", internal="id file position"),
    **classed(
        "panel.PlanVersion",
        identifier="stored_by proposed_by locked_by",
        study="version source file_sha256 sha256 reason state is_late",
        internal="id name stored_at proposed_at locked_at",
    ),
    **classed(
        "panel.Unblinding",
        identifier="asked_by decided_by",
        study="reason early_reason follow_up_until state",
        internal="id plan asked_role asked_at decided_role decided_at",
    ),
    **classed(
        "panel.ReleaseCheck",
        identifier="asked_by",
        internal="id release revision asked_at state state_changed_at progress attempt",
    ),
    **classed("panel.DatasetPicture", study="columns", internal="dataset counted_at"),
    **classed("panel.ReleaseWoman", identifier="participant", internal="id release by_surveys by_visits by_reports"),
}
