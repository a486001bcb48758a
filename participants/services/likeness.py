"""Two women of one home or who reported one man: noticed when a card is sealed, told to the safety officer."""

from datetime import datetime

from django.db import connection

from participants import lookups, queries
from participants.identity import Identity
from participants.lookups import Digests
from participants.models import AccessNotice, Participant
from participants.services.notices import raise_notice
from participants.vault import Lookup


def lock_digests(digests: Digests) -> None:
    """Wait for whoever writes the same document, telephone, name or home; in one order, so that nobody waits for ever.

    Under every master key, so that two processes with different first keys wait for each other, too.
    """
    keys = sorted(int.from_bytes(digest[:8], signed=True) for hashes in digests.values() for digest in hashes.values())
    with connection.cursor() as cursor:
        for key in keys:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", (key,))


def tell_of_same_home(participant: Participant, identity: Identity, *, now: datetime) -> None:
    """Put before the safety officer each other woman who lives in the same home."""
    _tell(AccessNotice.Kind.SAME_HOME, participant, _of_kinds(identity, Lookup.HOUSEHOLD), now=now)


def tell_of_same_man(participant: Participant, identity: Identity, *, now: datetime) -> None:
    """Put before the safety officer each other woman who reported the same man, by his document or his name.

    His name counts only with first name and surname: one alone is shared by too many.
    """
    kinds = [Lookup.AGGRESSOR_DOCUMENT]
    if identity.aggressor_name.strip() and identity.aggressor_surnames.strip():
        kinds.append(Lookup.AGGRESSOR_NAME)
    _tell(AccessNotice.Kind.SAME_MAN, participant, _of_kinds(identity, *kinds), now=now)


def _of_kinds(identity: Identity, *kinds: Lookup) -> Digests:
    return {kind: hashes for kind, hashes in lookups.digests_of(identity).items() if kind in kinds}


def _tell(notice: AccessNotice.Kind, participant: Participant, digests: Digests, *, now: datetime) -> None:
    # Whoever writes the same at once waits here, and then sees what was written: one of the two is told of.
    lock_digests(digests)
    alike = [row.participant_id for kind in digests for row in queries.hashed_alike(kind, digests)]
    for other in Participant.objects.filter(pk__in=alike).exclude(pk=participant.pk).order_by("pk"):
        raise_notice(notice, now=now, participant=participant, other=other)
