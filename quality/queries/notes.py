"""Notes whose marks are missing or no longer fit."""

from django.db.models import F, Func, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce

from quality.models import NoteMark
from visits.models import VisitLog


def notes_to_mark() -> QuerySet[VisitLog]:
    """Return the logs whose note has no mark yet, or had another one, of women whose data were not erased.

    `sealed_sha256` is that of the note as it lies sealed.
    """
    digest = Func(F("sealed_note"), function="sha256", template="encode(%(function)s(%(expressions)s), 'hex')")
    digest.output_field = TextField()
    marked = NoteMark.objects.filter(log=OuterRef("pk")).values("sealed_sha256")
    return (
        VisitLog.objects.exclude(sealed_note=None)
        .filter(visit__participant__data_erased_at=None)
        .annotate(sealed_sha256=digest, marked=Coalesce(Subquery(marked), Value("")))
        .exclude(marked=F("sealed_sha256"))
        .select_related("visit__participant__vault_key")
        .order_by("pk")
    )
