"""What reports that come in are compared with: stored reports and enrolled women who share a hash with any of them.

In SQL, because tens of thousands of hashes go in as one array each.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection

from participants.intake import Incoming, Known, KnownReports
from participants.models import Screening
from participants.vault import Lookup

_BOXES = """
    SELECT box.number_digest, box.document_digest, box.name_digest, box.telephone_digest,
           report.id, report.code, coalesce(first.id, report.id), coalesce(first.station_id, report.station_id),
           report.participant_id, screening.outcome
    FROM participants_reportbox box
    JOIN participants_incidentreport report ON report.id = box.report_id
    LEFT JOIN participants_incidentreport first ON first.id = report.first_report_id
    LEFT JOIN participants_screening screening
           ON screening.report_id = coalesce(first.id, report.id) AND screening.superseded_at IS NULL
    WHERE box.id IN (
        SELECT id FROM participants_reportbox WHERE number_digest = ANY(%(numbers)s::bytea[])
        UNION SELECT id FROM participants_reportbox WHERE document_digest = ANY(%(documents)s::bytea[])
        UNION SELECT id FROM participants_reportbox
              WHERE name_digest = ANY(%(names)s::bytea[]) AND telephone_digest = ANY(%(telephones)s::bytea[])
    )
    ORDER BY report.id
"""
_WOMEN = """
    SELECT participant_id, digest, NULL FROM participants_lookuphash
    WHERE kind = 'document' AND digest = ANY(%(documents)s::bytea[])
    UNION ALL
    SELECT name.participant_id, name.digest, telephone.digest
    FROM participants_lookuphash name
    JOIN participants_lookuphash telephone USING (participant_id, key_id)
    WHERE name.kind = 'name' AND name.digest = ANY(%(names)s::bytea[])
      AND telephone.kind = 'telephone' AND telephone.digest = ANY(%(telephones)s::bytea[])
"""


def known_reports(incoming: Sequence[Incoming]) -> KnownReports:
    """Return the stored reports and enrolled women that any of these may be: in two queries, whatever their number."""
    hashes = {
        "numbers": _all(incoming, Lookup.REPORT_NUMBER),
        "documents": _all(incoming, Lookup.DOCUMENT),
        "names": _all(incoming, Lookup.NAME),
        "telephones": _all(incoming, Lookup.TELEPHONE),
    }
    women = {bytes(first) + bytes(second or b""): woman for woman, first, second in _rows(_WOMEN, hashes)}
    known = KnownReports(enrolled=women)
    for row in _rows(_BOXES, hashes):
        _add(known, row)
    return known


def _add(known: KnownReports, row: tuple[Any, ...]) -> None:
    number, document, name, telephone = (bytes(digest or b"") for digest in row[:4])
    report_id, code, first_id, station_id, participant_id, outcome = row[4:]
    marks = [mark for mark in (document, name + telephone if name and telephone else b"") if mark]
    report = Known(
        report_id=report_id,
        first_id=first_id,
        station_id=station_id,
        person=frozenset(filter(None, (document, name))),
        code=code,
        participant_id=participant_id,
        is_closed=outcome == Screening.Outcome.NOT_ELIGIBLE,
    )
    known.add(report, numbers=[number], marks=marks)


def _all(incoming: Sequence[Incoming], kind: Lookup) -> list[bytes]:
    return list({digest for report in incoming for digest in report.digests.get(kind, {}).values()})


def _rows(statement: str, hashes: dict[str, list[bytes]]) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, hashes)
        yield from cursor.fetchall()
