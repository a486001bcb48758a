"""The only writer of interviews: who is chosen to be asked."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.permissions import Permission, require
from accounts.queries import person_of
from audit.services import record
from interviews import queries
from interviews.models import Interview, Selection
from interviews.selection import RULE, select_by_group
from participants.consent_scopes import SCOPE_OF, Feature
from participants.followers import PartChange

PER_ARM = 4


class NoLockedAllocation(StudyError):
    """Without arms nobody can be chosen by arm."""

    code = "no_locked_allocation"
    message = _("The allocation of stations is not locked yet.")
    http_status = 409


class TooFewConsenting(StudyError):
    """In some arm too few women would talk; which, the message does not say."""

    code = "too_few_consenting"
    message = _("Too few women consent to an interview in at least one group.")
    http_status = 409


@transaction.atomic
def select_interviewees(*, by: Actor, seed: int, now: datetime) -> Selection:
    """Choose four consenting women of each arm by a recorded seed, in an order that tells nothing of the arm.

    Women chosen before are left out, so that another seed finds replacements. Raise NoLockedAllocation or
    TooFewConsenting.
    """
    require(by, Permission.MANAGE_INTERVIEWS)
    candidates = queries.candidates_by_arm(timezone.localdate(now))
    if not candidates:
        raise NoLockedAllocation
    if min(len(women) for women in candidates.values()) < PER_ARM:
        raise TooFewConsenting
    chosen = select_by_group(candidates, per_group=PER_ARM, seed=seed)
    selection = Selection.objects.create(
        seed=str(seed),
        rule=RULE,
        per_arm=PER_ARM,
        selected_at=now,
        selected_by=person_of(by),
    )
    Interview.objects.bulk_create(
        Interview(selection=selection, participant_id=participant_id, position=position)
        for position, participant_id in enumerate(chosen, start=1)
    )
    record(
        actor=by,
        action="interviews.select",
        object_type="selection",
        object_id=selection.pk,
        details={"seed": str(seed), "rule": RULE, "chosen": len(chosen)},
    )
    return selection


@transaction.atomic
def follow_participant(*, by: Actor, change: PartChange) -> None:
    """Stop the interviews not yet held of a woman who has left, or no longer agrees to one."""
    if SCOPE_OF[Feature.INTERVIEW] not in change.scopes:
        return
    waiting = queries.interviews_without_consent(change.participant, timezone.localdate(change.now))
    record(
        actor=by,
        action="interviews.follow",
        object_type="participant",
        object_id=change.participant.study_code,
        reason=change.reason,
        details={"stopped": waiting.update(status=Interview.Status.STOPPED)},
    )
