"""Where women live, as far as it may be asked: only whether a district that somebody names is hers."""

from collections import defaultdict
from collections.abc import Collection

from participants import lookups
from participants.models import LookupHash, ParticipantQuerySet
from participants.vault import Lookup


def homes_in(participant_ids: Collection[int], districts: Collection[str]) -> dict[int, set[str]]:
    """Return which of the districts (codes) is the home of each of these women, by id; no card is opened.

    Whoever did not say where she lives, or lives elsewhere, is missing. In one query.
    """
    found: dict[int, set[str]] = defaultdict(set)
    if not districts:
        return found
    rows = LookupHash.objects.filter(participant__in=participant_ids, kind=Lookup.HOME_DISTRICT)
    ids: dict[str, int] = {}
    hashes = []
    for pk, code, key_id, digest in rows.values_list("participant", "participant__study_code", "key_id", "digest"):
        ids[code] = pk
        hashes.append((code, key_id, bytes(digest)))
    for code, district in lookups.homes_among(hashes, districts):
        found[ids[code]].add(district)
    return found


def without_home(women: ParticipantQuerySet) -> ParticipantQuerySet:
    """Return those of the women whom nobody has asked yet in which district they live."""
    asked = LookupHash.objects.filter(kind=Lookup.HOME_DISTRICT).values("participant")
    return women.exclude(pk__in=asked)
