"""The data page: what each table is, its codebook, and the downloads."""

from tempfile import TemporaryFile

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from accounts.requests import SignedInRequest
from panel import queries, services
from panel.columns import UNITS, DataSet
from panel.response_scale import scale_row
from panel.tables import find
from panel.tables.vocabulary import SURVEY_STATUSES
from protocol.queries import current_protocol
from surveys.ipv_scores import RESPONSE_ITEMS


def dataset_list(request: SignedInRequest) -> HttpResponse:
    language = get_language() or "es"
    reads_arm = queries.reads_arm(request.user)
    counts = queries.wave_counts(today=timezone.localdate())
    context = {
        "datasets": [
            _described(dataset, language, reads_arm=reads_arm) for dataset in queries.datasets(reads_arm=reads_arm)
        ],
        "statuses": [label.in_language(language) for _, label in SURVEY_STATUSES],
        "waves": [
            {
                "label": row.wave.in_language(language),
                "cells": [row.by_status.get(code, 0) for code, _ in SURVEY_STATUSES],
            }
            for row in counts
        ],
        "reads_arm": reads_arm,
    }
    return render(request, "panel/dataset_list.html", context)


def dataset_download(request: SignedInRequest, name: str) -> FileResponse:
    dataset = _dataset(request, name)
    # Closed by the response when it was sent.
    file = TemporaryFile()  # noqa: SIM115
    services.export_dataset(by=request.user, dataset=dataset, out=file, now=timezone.now())
    file.seek(0)
    return FileResponse(
        file, as_attachment=True, filename=f"{dataset.name}.csv", content_type="text/csv; charset=utf-8"
    )


def codebook_download(request: SignedInRequest, name: str) -> HttpResponse:
    dataset = _dataset(request, name)
    text = services.export_codebook(by=request.user, dataset=dataset)
    headers = {"Content-Disposition": f'attachment; filename="{dataset.name}_codebook.csv"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


def response_scale(request: SignedInRequest) -> HttpResponse:
    language, waves = get_language() or "es", current_protocol().waves
    found = queries.response_points(timezone.localdate())
    rows = [scale_row(waves[wave].label.in_language(language), points) for wave, points in found.items()]
    return render(request, "panel/response_scale.html", {"rows": rows, "items": range(1, RESPONSE_ITEMS + 1)})


def _dataset(request: SignedInRequest, name: str) -> DataSet:
    dataset = find(queries.datasets(reads_arm=queries.reads_arm(request.user)), name)
    if dataset is None:
        raise Http404
    return dataset


def _described(dataset: DataSet, language: str, *, reads_arm: bool) -> dict[str, object]:
    return {
        "name": dataset.name,
        "row": dataset.row.in_language(language),
        "notes": [note.in_language(language) for note in dataset.notes],
        "columns": [
            {
                "name": column.name,
                "kind": column.kind,
                "label": column.label.in_language(language),
                "values": [(code, label.in_language(language)) for code, label in column.values],
                "unit": UNITS[column.unit].in_language(language) if column.unit else "",
            }
            for column in dataset.visible(reads_arm=reads_arm)
        ],
        "treatments": _treatments(dataset, reads_arm=reads_arm),
    }


def _treatments(dataset: DataSet, *, reads_arm: bool) -> str:
    """Return the columns to estimate on, "" for a data set that is no panel of women."""
    if dataset.name != "panel_wave":
        return ""
    if reads_arm:
        return "training risk_scale training_x_risk_scale"
    return " ".join(column.name for column in dataset.columns if column.name.startswith("group_"))
