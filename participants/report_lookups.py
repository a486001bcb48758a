"""How a report, and the woman who made it, are found again: hashes under every master key in force."""

from collections.abc import Iterator

from participants import lookups, sealing, vault
from participants.lookups import Digests
from participants.report_entry import ReportEntry
from participants.vault import Lookup

STATION_DIGITS = 9


def report_digests(entry: ReportEntry, *, station_id: int) -> Digests:
    """Return the digests of a report: of her, her household and the man as on a card, and of its number there."""
    number = number_digests(entry.number, station_id=station_id)
    return {**lookups.digests_of(entry.woman), Lookup.REPORT_NUMBER: number}


def number_digests(number: str, *, station_id: int) -> dict[str, bytes]:
    """Return the digests of a report's number at a station: the same number elsewhere is another report."""
    text = f"{station_id:0{STATION_DIGITS}d}{number}"
    return vault.lookup_hashes(sealing.configured_keyring(), Lookup.REPORT_NUMBER, text)


def person_marks(digests: Digests) -> Iterator[bytes]:
    """Yield what one and the same woman has alike, the surest first: her document, then name and telephone together.

    Under each master key, as a stored hash may lie under any of them.
    """
    yield from digests.get(Lookup.DOCUMENT, {}).values()
    telephones = digests.get(Lookup.TELEPHONE, {})
    for key_id, name in digests.get(Lookup.NAME, {}).items():
        if key_id in telephones:
            yield name + telephones[key_id]
