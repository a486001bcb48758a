"""What happens at the door: which names failed at an address, and how long it is held up."""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import F

import audit.services as audit
from accounts.actors import Actor
from accounts.models import AddressHold, FailedName, User
from accounts.queries import HELD_BACK, hold_on
from accounts.spraying import HOLD, KEPT, LONGEST, MOST_NAMES, is_spraying, name_hmac


@transaction.atomic
def note_failed_name(*, by: Actor, network: str, name: str, now: datetime) -> AddressHold | None:
    """Count a name that failed at a network; return the hold that is on it now, begun or prolonged where it sprays.

    One name is one, however often it fails. Failures of one network wait for each other: none is missed, and a hold
    begins once. Who is counted and told, the audit and the hold say by numbers, never by names.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('accounts_failed_names'), hashtext(%s))", (network,))
    failed = FailedName(network=network, name_hmac=name_hmac(name), failed_at=now)
    FailedName.objects.bulk_create(
        [failed], update_conflicts=True, unique_fields=["network", "name_hmac"], update_fields=["failed_at"]
    )
    _forget_old(now)
    at_network = FailedName.objects.filter(network=network)
    names = {within: at_network.filter(failed_at__gt=now - within).count() for within in MOST_NAMES}
    hold = hold_on(network, now)
    if not is_spraying(names):
        return hold
    if hold is None:
        hold = AddressHold.objects.create(network=network, began_at=now, until=now + HOLD, names=names[LONGEST])
        details = {"names": hold.names, "until": hold.until.isoformat()}
        audit.record(
            actor=by, action="accounts.hold_address", object_type="address_hold", object_id=hold.pk, details=details
        )
    else:
        hold.until, hold.names = now + HOLD, max(hold.names, names[LONGEST])
        hold.save(update_fields=["until", "names"])
    return hold


@transaction.atomic
def hold_back(*, by: User, hold: AddressHold) -> None:
    """Record that a right password was shown at an address that is held up, on a browser that nobody knows."""
    AddressHold.objects.filter(pk=hold.pk).update(held_back=F("held_back") + 1)
    audit.record(
        actor=by,
        action=HELD_BACK,
        object_type="user",
        object_id=by.pk,
        details={"address_hold": hold.pk},
    )


def forget_failed_name(*, network: str, name: str) -> None:
    """Count a name no more that failed at a network and then came in: it was mistyped."""
    FailedName.objects.filter(network=network, name_hmac=name_hmac(name)).delete()


def _forget_old(now: datetime) -> None:
    """Forget what counts no more, wherever it was; what another sign-in just counts or forgets is left to it."""
    old = FailedName.objects.filter(failed_at__lte=now - LONGEST).select_for_update(skip_locked=True).order_by("pk")
    FailedName.objects.filter(pk__in=[one.pk for one in old[:1000]]).delete()
    AddressHold.objects.filter(until__lte=now - KEPT).delete()
