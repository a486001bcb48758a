"""Counting how the columns of the data sets are spread, ahead of their readers."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.actors import Actor
from accounts.permissions import Permission, require
from audit.services import record
from panel import queries
from panel.columns import DataSet
from panel.models import DatasetPicture
from panel.summaries import as_json

# As many columns as a page of the codebook shows: a statement of all would hold every cell at once.
COLUMNS_AT_ONCE = 12


@transaction.atomic
def count_columns(*, by: Actor, dataset: DataSet, now: datetime) -> DatasetPicture:
    """Count every column of a data set anew, those that tell the arm too, and keep the counts that may be shown."""
    require(by, Permission.EXPORT_PANEL)
    require(by, Permission.READ_ARM)
    today = timezone.localdate(now)
    columns = [column for column in dataset.columns if not column.is_companion]
    counted: dict[str, Any] = {}
    for first in range(0, len(columns), COLUMNS_AT_ONCE):
        some = columns[first : first + COLUMNS_AT_ONCE]
        found = queries.column_summaries(dataset, some, today=today, reads_arm=True)
        counted |= {column.name: as_json(summary) for column, summary in zip(some, found, strict=True)}
    picture, _is_new = DatasetPicture.objects.update_or_create(
        dataset=dataset.name, defaults={"counted_at": now, "columns": counted}
    )
    details = {"columns": len(counted)}
    record(actor=by, action="panel.count_columns", object_type="dataset", object_id=dataset.name, details=details)
    return picture
