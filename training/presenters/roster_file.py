"""The roster of a session as the list that the import of attendance takes."""

import csv
import io
from collections.abc import Sequence

from stations.models import Officer
from training.attendance_file import COLUMNS, OPTIONAL_COLUMNS
from training.models import Session


def roster_csv(session: Session, officers: Sequence[Officer], *, station_code: str) -> str:
    """Write a row for each officer and module; trainers fill in the rest and delete the rows of those who were absent.

    The byte order mark lets spreadsheets see that the text is UTF-8.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow((*COLUMNS, *OPTIONAL_COLUMNS))
    empty = [""] * len(OPTIONAL_COLUMNS)
    for module in session.modules:
        for officer in officers:
            writer.writerow([officer.code, module, session.held_on.isoformat(), station_code, *empty])
    return f"\ufeff{out.getvalue()}"
