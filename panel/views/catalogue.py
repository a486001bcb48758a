"""A data set's page: its codebook to search, with pictures of how values are spread and what is missing."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from accounts.requests import SignedInRequest
from panel import queries
from panel.presenters import column_cards, matching
from panel.tables import find

COLUMNS_A_PAGE = 12


def dataset_detail(request: SignedInRequest, name: str) -> HttpResponse:
    language, reads_arm = get_language() or "es", queries.reads_arm(request.user)
    dataset = find(queries.datasets(reads_arm=reads_arm), name)
    if dataset is None:
        raise Http404
    words = request.GET.get("q", "")[:100]
    columns = [column for column in dataset.visible(reads_arm=reads_arm) if not column.is_companion]
    page = Paginator(matching(columns, words, language), COLUMNS_A_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    found = queries.pictures(dataset, shown, now=timezone.now(), reads_arm=reads_arm)
    context = {
        "name": dataset.name,
        "row": dataset.row.in_language(language),
        "notes": [note.in_language(language) for note in dataset.notes],
        "words": words,
        "page": page,
        "cards": column_cards(shown, found.summaries, language),
        "counted_at": found.counted_at,
        "columns": len(columns),
    }
    return render(request, "panel/dataset_detail.html", context)
