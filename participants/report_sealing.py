"""The sealed box of a report: its own data key in the vault's envelope, bound to the report's code.

It has a key of its own because a report comes before any woman is enrolled, and is erased with her when she is.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from participants import vault
from participants.lookups import Digests
from participants.models import IncidentReport, StagedImport
from participants.report_entry import ReportEntry
from participants.sealing import IdentityErased, SealedDataUnreadable, configured_keyring
from participants.vault import Keyring, Lookup, VaultKeyMissing, VaultTampered, WrappedKey

logger = logging.getLogger(__name__)

REPORT, STAGED = "report", "staged reports"
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
    with _told_apart(report.code):
        data = vault.unseal(ring, key, bytes(report.box.ciphertext), study_code=report.code, purpose=REPORT)
    return ReportEntry.from_bytes(data, reported_on=report.reported_on)


def rewrapped_report_key(report: IncidentReport) -> WrappedKey:
    """Return the report's data key wrapped by the current master key. Raise as `open_report`."""
    key = _stored_key(report)
    with _told_apart(report.code):
        return vault.rewrap(configured_keyring(), key, study_code=report.code)


def seal_staged(staged_id: UUID, content: bytes) -> tuple[WrappedKey, bytes]:
    """Seal the content of a staged import under a new data key; return both."""
    ring, code = configured_keyring(), str(staged_id)
    key = vault.new_data_key(ring, study_code=code)
    return key, vault.seal(ring, key, content, study_code=code, purpose=STAGED)


def open_staged(staged: StagedImport) -> bytes:
    """Decrypt the content of a staged import. Raise SealedDataUnreadable."""
    key = WrappedKey(staged.master_key_id, bytes(staged.wrapped))
    with _told_apart(str(staged.pk)):
        return vault.unseal(
            configured_keyring(), key, bytes(staged.sealed_rows), study_code=str(staged.pk), purpose=STAGED
        )


def current_digests(digests: Digests, ring: Keyring) -> dict[str, bytes | None]:
    """Return the hashes under the current master key by the field of the box that keeps them; None where blank."""
    return {name: digests.get(kind, {}).get(ring.current.id) for kind, name in DIGEST_FIELDS.items()}


def _stored_key(report: IncidentReport) -> WrappedKey:
    if report.box.wrapped is None:
        raise IdentityErased
    return WrappedKey(report.box.master_key_id, bytes(report.box.wrapped))


@contextmanager
def _told_apart(code: str) -> Iterator[None]:
    """Tell the log what does not open and why; tell the person only that it does not."""
    try:
        yield
    except (VaultKeyMissing, VaultTampered) as error:
        logger.exception("the sealed reports of %s do not open", code)
        raise SealedDataUnreadable from error
