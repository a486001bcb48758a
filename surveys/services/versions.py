"""What a survey said before something else stood in its place."""

from datetime import datetime

from accounts.models import User
from surveys.models import Submission, SubmissionVersion


def keep_version(
    stored: Submission, reason: SubmissionVersion.Reason, *, author: User, now: datetime
) -> SubmissionVersion:
    """Keep a survey as it stands before something else stands in its place; whoever replaces it records it."""
    return SubmissionVersion.objects.create(
        submission=stored,
        number=SubmissionVersion.objects.filter(submission=stored).count() + 1,
        instrument=stored.instrument,
        answers=stored.answers,
        scores=stored.scores,
        is_complete=stored.is_complete,
        sealed_instance=stored.sealed_instance,
        replaced_at=now,
        replaced_by=author,
        reason=reason,
    )
