"""Every field of the study that is sealed with a woman's own key: what a check opens and an erasure makes unreadable.

The rooms above are named, not imported: they know this one.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SealedField:
    """A sealed field of a model ("app.Model"), the path from it to the woman, and the purpose that its seal binds."""

    model: str
    field: str
    purpose: str
    woman: str = "participant"


SEALED_FIELDS = (
    SealedField("participants.SealedCard", "ciphertext", "card"),
    SealedField("participants.EmergencyOpening", "sealed_reason", "emergency reason"),
    SealedField("participants.ContactOverride", "sealed_reason", "override reason"),
    SealedField("participants.ConsentSignature", "sealed_copy", "signed copy"),
    SealedField("safety.SafetyCase", "sealed_note", "case note"),
    SealedField("safety.SafetyCase", "sealed_summary", "case summary"),
    SealedField("safety.SafetyAction", "sealed_note", "alert note", woman="case__participant"),
    SealedField("safety.AdverseEvent", "sealed_note", "event note", woman="case__participant"),
    SealedField("risk.Assessment", "sealed_note", "assessment note"),
    SealedField("risk.Lowering", "sealed_note", "lowering note"),
    SealedField("referrals.ReferralStep", "sealed_note", "referral note", woman="referral__participant"),
    SealedField(
        "surveys.SubmissionVersion", "sealed_instance", "survey instance", woman="submission__case__participant"
    ),
    SealedField("surveys.PaperEntry", "sealed_instance", "paper entry", woman="case__participant"),
    SealedField("surveys.SurveySitting", "sealed_draft", "survey draft", woman="case__participant"),
    SealedField("surveys.SurveyDebrief", "sealed_note", "debrief note", woman="case__participant"),
    SealedField("surveys.CallAttempt", "sealed_reason", "attempt reason", woman="case__participant"),
    SealedField("surveys.PhoneEntry", "sealed_content", "phone entry", woman="case__participant"),
    SealedField("data_protection.RequestStep", "sealed_note", "request note", woman="request__participant"),
    SealedField("complaints.Complaint", "sealed_text", "complaint text"),
    SealedField("complaints.ComplaintStep", "sealed_note", "complaint note", woman="complaint__participant"),
    SealedField("visits.VisitLog", "sealed_note", "visit note", woman="visit__participant"),
    SealedField("surveys.Submission", "sealed_instance", "survey instance", woman="case__participant"),
    SealedField("visits.LogConflict", "first_sealed_note", "visit note", woman="visit__participant"),
    SealedField("visits.LogConflict", "second_sealed_note", "visit note", woman="visit__participant"),
    SealedField("interviews.InterviewFile", "sealed_key", "file key", woman="interview__participant"),
    SealedField("interviews.TranscriptVersion", "sealed_text", "transcript", woman="interview__participant"),
)
