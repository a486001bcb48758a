"""How the columns of a data set are spread: counted ahead, or now where that is too old or of other codes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from panel.columns import Column, DataSet
from panel.models import DatasetPicture
from panel.queries.tables import column_summaries
from panel.summaries import Summary, fits, from_json

# Twice the interval of the schedule, and some minutes.
OLDEST = timedelta(hours=12, minutes=30)


@dataclass(frozen=True, slots=True)
class Pictures:
    """The summaries of some columns, in their order, and the moment whose rows they count."""

    summaries: list[Summary]
    counted_at: datetime


def pictures(dataset: DataSet, columns: Sequence[Column], *, now: datetime, reads_arm: bool) -> Pictures:
    """Return how the values of these columns are spread, of all rows that a reader gets, without counts too small.

    The rows of a data set are the same for whoever reads it; a column that a reader does not get is not asked for.
    """
    kept = DatasetPicture.objects.filter(dataset=dataset.name, counted_at__gt=now - OLDEST).first()
    if kept is not None and all(column.name in kept.columns for column in columns):
        found = [from_json(kept.columns[column.name]) for column in columns]
        if all(fits(summary, column) for summary, column in zip(found, columns, strict=True)):
            return Pictures(found, kept.counted_at)
    today = timezone.localdate(now)
    return Pictures(column_summaries(dataset, columns, today=today, reads_arm=reads_arm), now)
