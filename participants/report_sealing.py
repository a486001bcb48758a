"""The sealed box of a report: its own data key in the vault's envelope, bound to the report's code.

It has a key of its own because a report comes before any woman is enrolled, and is erased with her when she is.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from participants import vault
from participants.lookups import Digests
from participants.models import IncidentReport
from participants.report_entry import ReportEntry
from participants.sealing import IdentityErased, SealedDataUnreadable, configured_keyring
from participants.vault import Keyring, Lookup, VaultKeyMissing, VaultTampered, WrappedKey

logger = logging.getLogger(__name__)

REPORT = "report"
# Where a box keeps each hash.
DIGEST_FIELDS: dict[Lookup, str] = {
    Lookup.REPORT_NUMBER: "number_digest",
    Lookup.DOCUMENT: "document_digest",
    Lookup.NAME: "name_digest",
    Lookup.TELEPHONE: "telephone_digest",
    Lookup.HOUSEHOLD: "household_digest",
    Lookup.AGGRESSOR_DOCUMENT: "aggressor_document_digest",
    Lookup.AGGRESSOR_NAME: "aggressor_name_digest",
}


@dataclass(frozen=True, slots=True)
class SealedReport:
    """A box as it is stored: the wrapped key, what it sealed, and the hashes by the name of their field."""

    key: WrappedKey
    ciphertext: bytes
    digests: dict[str, bytes | None]


def seal_report(entry: ReportEntry, digests: Digests, *, code: str) -> SealedReport:
    """Seal a report under a new data key; the hashes are those under the current master key."""
    ring = configured_keyring()
    key = vault.new_data_key(ring, study_code=code)
    ciphertext = vault.seal(ring, key, entry.to_bytes(), study_code=code, purpose=REPORT)
    return SealedReport(key, ciphertext, current_digests(digests, ring))


def open_report(report: IncidentReport) -> ReportEntry:
    """Decrypt a report's box. Whoever shows it to a person calls the service, which checks and records that.

    Raise IdentityErased or SealedDataUnreadable.
    """
    key, ring = _stored_key(report), configured_keyring()
    with _told_apart(report):
        data = vault.unseal(ring, key, bytes(report.box.ciphertext), study_code=report.code, purpose=REPORT)
    return ReportEntry.from_bytes(data, reported_on=report.reported_on)


def rewrapped_report_key(report: IncidentReport) -> WrappedKey:
    """Return the report's data key wrapped by the current master key. Raise as `open_report`."""
    key = _stored_key(report)
    with _told_apart(report):
        return vault.rewrap(configured_keyring(), key, study_code=report.code)


def current_digests(digests: Digests, ring: Keyring) -> dict[str, bytes | None]:
    """Return the hashes under the current master key by the field of the box that keeps them; None where blank."""
    return {name: digests.get(kind, {}).get(ring.current.id) for kind, name in DIGEST_FIELDS.items()}


def _stored_key(report: IncidentReport) -> WrappedKey:
    if report.box.wrapped is None:
        raise IdentityErased
    return WrappedKey(report.box.master_key_id, bytes(report.box.wrapped))


@contextmanager
def _told_apart(report: IncidentReport) -> Iterator[None]:
    """Tell the log which report does not open and why; tell the person only that it does not."""
    try:
        yield
    except (VaultKeyMissing, VaultTampered) as error:
        logger.exception("the sealed box of %s does not open", report.code)
        raise SealedDataUnreadable from error
