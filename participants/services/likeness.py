"""Two women of one home or who reported one man: noticed when a card is sealed, told to the safety officer."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from participants import lookups, queries
from participants.identity import Identity
from participants.lookups import Digests
from participants.models import AccessNotice, Participant
from participants.services.notices import raise_notice
from participants.vault import Lookup

HOME = frozenset({Lookup.HOUSEHOLD})
MAN = frozenset({Lookup.AGGRESSOR_DOCUMENT, Lookup.AGGRESSOR_NAME})


def lock_digests(digests: Digests) -> None:
    """Wait for whoever writes the same document, telephone, name or home; in one order, so that nobody waits for ever.

    Under every master key, so that two processes with different first keys wait for each other, too.
    """
    keys = sorted(int.from_bytes(digest[:8], signed=True) for hashes in digests.values() for digest in hashes.values())
    with connection.cursor() as cursor:
        for key in keys:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", (key,))


def tell_of_likeness(participant: Participant, identity: Identity, kinds: Iterable[Lookup], *, now: datetime) -> None:
    """Put before the safety officer each other woman who has the same home or man by one of these kinds.

    A man's name counts only with first name and surname: one alone is shared by too many.
    """
    digests = lookups.digests_of(identity)
    compared = HOME.union(MAN).intersection(kinds)
    if not (identity.aggressor_name.strip() and identity.aggressor_surnames.strip()):
        compared -= {Lookup.AGGRESSOR_NAME}
    for notice, of in ((AccessNotice.Kind.SAME_HOME, HOME), (AccessNotice.Kind.SAME_MAN, MAN)):
        alike = [hashed for kind in of & compared for hashed in queries.hashed_alike(kind, digests)]
        others = {hashed.participant_id for hashed in alike} - {participant.pk}
        for other in Participant.objects.filter(pk__in=others).order_by("pk"):
            raise_notice(notice, now=now, participant=participant, other=other)
