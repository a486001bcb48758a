"""Releases of data, the plan of the analysis, and the act of unblinding."""

from panel.models.checks import DatasetPicture, ReleaseCheck, ReleaseCheckQuerySet
from panel.models.plans import PlanVersion, PlanVersionQuerySet, Unblinding, UnblindingQuerySet
from panel.models.releases import (
    BROUGHT_IN_BY,
    LANGUAGES,
    Release,
    ReleaseFile,
    ReleasePiece,
    ReleaseQuerySet,
    ReleaseReport,
    ReleaseReportQuerySet,
    ReleaseRevision,
    ReleaseWoman,
    ReleaseWomanQuerySet,
)

__all__ = [
    "BROUGHT_IN_BY",
    "LANGUAGES",
    "DatasetPicture",
    "PlanVersion",
    "PlanVersionQuerySet",
    "Release",
    "ReleaseCheck",
    "ReleaseCheckQuerySet",
    "ReleaseFile",
    "ReleasePiece",
    "ReleaseQuerySet",
    "ReleaseReport",
    "ReleaseReportQuerySet",
    "ReleaseRevision",
    "ReleaseWoman",
    "ReleaseWomanQuerySet",
    "Unblinding",
    "UnblindingQuerySet",
]
