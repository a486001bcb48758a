"""What the safety officer hears about access to cards, and what came of it."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from participants import queries
from participants.models import AccessNotice, ContactOverride, EmergencyOpening, NoticeTold, Participant
from participants.notifying import request_notices


class NoticeReviewedAlready(StudyError):
    """The first verdict stands."""

    code = "notice_reviewed_already"
    message = _("This was looked at already.")
    http_status = 409


class NoticeConcernsYou(StudyError):
    """Nobody judges her own opening."""

    code = "notice_concerns_you"
    message = _("Somebody else must look at what concerns you.")
    http_status = 409


def raise_notice(
    kind: AccessNotice.Kind,
    *,
    now: datetime,
    participant: Participant | None = None,
    other: Participant | None = None,
    user: User | None = None,
    emergency: EmergencyOpening | None = None,
    contact_override: ContactOverride | None = None,
) -> None:
    """Put something before the safety officer; the same again, while nobody has looked, counts on the same notice."""
    about = {
        "kind": kind,
        "participant": participant,
        "other": other,
        "user": user,
        "emergency": emergency,
        "contact_override": contact_override,
    }
    if AccessNotice.objects.filter(**about, reviewed_at=None).update(times=F("times") + 1):
        return
    AccessNotice.objects.create(**about, raised_at=now)
    request_notices()


@transaction.atomic
def review_notice(*, by: User, notice: AccessNotice, verdict: AccessNotice.Verdict, now: datetime) -> AccessNotice:
    """Keep what the safety officer found. Raise NoticeReviewedAlready or NoticeConcernsYou."""
    require(by, Permission.REVIEW_ACCESS)
    locked = AccessNotice.objects.select_for_update().get(pk=notice.pk)
    if locked.user_id == by.pk:
        raise NoticeConcernsYou
    if locked.reviewed_at is not None:
        raise NoticeReviewedAlready
    locked.reviewed_by, locked.reviewed_at, locked.verdict = by, now, verdict
    locked.save(update_fields=["reviewed_by", "reviewed_at", "verdict"])
    record(
        actor=by,
        action="participants.review_notice",
        object_type="access_notice",
        object_id=locked.pk,
        reason=verdict,
        details={"kind": locked.kind},
    )
    return locked


@transaction.atomic
def note_told(*, by: Actor, listing: str, notice_ids: Collection[int], address: str, now: datetime) -> None:
    """Note that one address was told of these notices of a listing; it is not told of them again."""
    require(by, Permission.SEND_MESSAGES)
    key = queries.address_key(address)
    NoticeTold.objects.bulk_create(
        (NoticeTold(listing=listing, notice_id=notice, address=key, told_at=now) for notice in notice_ids),
        ignore_conflicts=True,
    )
    details = {"listing": listing, "notices": len(notice_ids)}
    record(actor=by, action="participants.note_told", object_type="notice", details=details)


@transaction.atomic
def mark_notices_sent(*, by: Actor, notice_ids: Collection[int], now: datetime) -> int:
    """Note that everybody was told of these notices; return how many that concerned."""
    require(by, Permission.SEND_MESSAGES)
    sent = AccessNotice.objects.filter(pk__in=notice_ids, sent_at=None).update(sent_at=now)
    record(actor=by, action="participants.send_notices", object_type="access_notice", details={"notices": sent})
    return sent
