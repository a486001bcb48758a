"""Whom a search found, masked as on every list."""

from typing import Any

from participants import queries
from participants.presenters.intake import report_rows
from participants.services.search import Found


def search_results(found: Found) -> dict[str, Any]:
    """Return the women and reports found with their initials, for the page; opens no card for anybody."""
    names = queries.masked_names(found.women)
    return {
        "has_searched": True,
        "women": [(woman, names[woman.pk]) for woman in found.women],
        "reports": report_rows(found.reports, queries.masked_report_names(found.reports)),
    }
