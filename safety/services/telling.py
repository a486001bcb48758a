"""Who is to be told of a case, and that it was done. What leaves names nobody: one neutral text for all of it."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from accounts.actors import Actor
from accounts.permissions import Permission, require
from audit.services import record
from safety.models import SafetyCase, SafetyNotice
from safety.notifying import request_notices
from safety.states import audiences


def tell_of(case: SafetyCase, step: int, now: datetime) -> None:
    """Put a case before whoever hears of it at a step; the same step again tells nobody twice."""
    SafetyNotice.objects.bulk_create(
        (
            SafetyNotice(case=case, audience=audience, step=step, raised_at=now)
            for audience in audiences(step, is_attended=case.duty_person_id is not None)
        ),
        ignore_conflicts=True,
    )
    request_notices()


@transaction.atomic
def mark_notices_sent(*, by: Actor, notice_ids: Collection[int], now: datetime) -> int:
    """Note that these notices left; return how many that concerned."""
    require(by, Permission.SEND_MESSAGES)
    sent = SafetyNotice.objects.filter(pk__in=notice_ids, sent_at=None).update(sent_at=now)
    record(actor=by, action="safety.send_notices", object_type="safety_notice", details={"notices": sent})
    return sent
