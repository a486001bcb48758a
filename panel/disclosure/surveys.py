"""What the fields of surveys/ can give away."""

from panel.columns import Disclosure
from panel.disclosure.classing import classed

FIELDS: dict[str, Disclosure] = {
    **classed(
        "surveys.SurveyCase",
        quasi_identifier="due_on window_from window_until",
        identifier="missed_explained_by",
        study="wave wave_number status missed_reason",
        internal="id participant status_changed_at",
    ),
    **classed(
        "surveys.Submission",
        identifier="submitted_by sealed_instance",
        quasi_identifier="submitted_at",
        study="answers scores is_complete findings",
        internal="id case instrument instance_id content_sha256",
    ),
    **classed(
        "surveys.Instrument",
        identifier="loaded_by",
        study="code version title titles licence status content",
        internal="id sha256 source source_name xform loaded_at published_at retired_at",
    ),
    **classed(
        "surveys.InstrumentFile",
        study="name kind content_type content",
        internal="id instrument sha256 md5 given_sha256",
    ),
    **classed("surveys.WaveInstrument", identifier="pinned_by", study="wave", internal="id instrument pinned_at"),
    **classed("surveys.CollectKey", identifier="user", internal="id token_sha256 made_at expires_at revoked_at"),
    **classed(
        "surveys.DataQuery",
        identifier="answered_by closed_by",
        quasi_identifier="opened_at answered_at closed_at",
        study="place breach status explanation",
        internal="id submission",
    ),
    **classed(
        "surveys.CallAttempt",
        identifier="made_by sealed_reason",
        quasi_identifier="attempted_at next_at recorded_at",
        study="channel outcome outside_reason",
        internal="id case",
    ),
    **classed(
        "surveys.SubmissionVersion",
        identifier="replaced_by sealed_instance",
        quasi_identifier="replaced_at",
        study="number answers scores is_complete reason",
        internal="id submission instrument",
    ),
    **classed(
        "surveys.PaperEntry",
        identifier="entered_by sealed_instance",
        quasi_identifier="entered_at",
        study="position answers",
        internal="id case instrument",
    ),
    **classed(
        "surveys.SurveySitting",
        identifier="opened_by pin sealed_draft",
        quasi_identifier="opened_at covered_at ended_at draft_at",
        internal="id case wrong_pins times_covered",
    ),
    **classed(
        "surveys.SurveyDebrief",
        identifier="made_by sealed_note",
        quasi_identifier="made_at",
        study="codes wish",
        internal="id case",
    ),
    **classed(
        "surveys.PhoneEntry",
        identifier="sent_by sealed_content",
        quasi_identifier="made_at received_at",
        internal="id case kind content_hmac held_for clock_skew_s",
    ),
    **classed(
        "surveys.EntryDecision",
        identifier="decided_by",
        quasi_identifier="decided_at",
        internal="id entry decision reason",
    ),
    **classed(
        "surveys.InterviewerProfile",
        identifier="user changed_by",
        quasi_identifier="district",
        internal="id surveys_a_week changed_at",
    ),
    **classed(
        "surveys.InterviewerAbsence",
        identifier="user recorded_by",
        quasi_identifier="starts_on ends_on reason",
        internal="id recorded_at withdrawn_at",
    ),
    **classed(
        "surveys.InterviewerChange",
        identifier="before after changed_by",
        quasi_identifier="changed_at",
        study="reason",
        internal="id participant undone_at",
    ),
}
