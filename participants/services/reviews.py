"""Whether the way in which she is reached is still right: asked after each contact, kept with who heard it and when."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.actors import Actor
from accounts.models import User
from accounts.permissions import Permission, require
from accounts.roles import POLICE_ROLES
from audit.services import record
from participants.models import ContactReview, Participant, SafeContactPlan
from participants.reach import require_may_know
from participants.safe_contact import Occasion
from participants.services.refusals import conflicts_reported


@conflicts_reported
@transaction.atomic
def confirm_safe_contact(
    *, by: User, participant: Participant, contact_id: UUID | None = None, now: datetime
) -> Participant:
    """Note that she said her safe-contact plan is still right; her card is not opened for it.

    `contact_id` names the visit or survey at which she said so; said twice of one, it counts once. Raise as
    `require_may_know`.
    """
    require(by, Permission.OPEN_IDENTITY)
    locked = Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)
    require_may_know(by, locked, now)
    if contact_id is None or not locked.contact_reviews.filter(contact_id=contact_id).exists():
        SafeContactPlan.objects.filter(participant=locked).update(reviewed_at=now, review_wanted_at=None)
        keep_review(by, locked, contact_id, now, has_changed=False)
    record(
        actor=by,
        action="participants.confirm_safe_contact",
        object_type="participant",
        object_id=locked.study_code,
        details={"contact": str(contact_id) if contact_id else None},
    )
    return locked


@transaction.atomic
def ask_for_contact_review(*, by: Actor, participant: Participant, now: datetime) -> None:
    """Let her safe-contact plan be reviewed at once: something happened to her, and what was safe may not be any more.

    Whoever logs the visit has been let pass already.
    """
    require(by, Permission.LOG_VISITS)
    SafeContactPlan.objects.filter(participant=participant).update(review_wanted_at=now)
    record(
        actor=by,
        action="participants.ask_for_contact_review",
        object_type="participant",
        object_id=participant.study_code,
    )


def keep_review(
    reviewer: User, participant: Participant, contact_id: UUID | None, now: datetime, *, has_changed: bool
) -> ContactReview:
    """Keep that her plan was reviewed; within the caller's transaction."""
    return ContactReview.objects.create(
        participant=participant,
        occasion=Occasion.VISIT if reviewer.role in POLICE_ROLES else Occasion.SURVEY,
        contact_id=contact_id,
        has_changed=has_changed,
        reviewed_by=reviewer,
        reviewed_at=now,
    )
