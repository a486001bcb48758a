"""What is promised about outcomes: 20,000 stored surveys scored at once, and given out as a data set with them."""

import io
import time
from datetime import timedelta

import numpy as np
from bench_study import Result, study
from django.utils import timezone

from accounts.actors import SystemActor
from accounts.permissions import Permission
from panel.queries import datasets
from panel.services import export_dataset
from panel.tables import find
from surveys.ipv_scores import score_answers
from surveys.models import Submission
from surveys.score_arrays import score_table

WANTED = 20_000
_CLUSTERS, _WOMEN = 64, 6_400
_RESEARCHER = SystemActor("bench", frozenset({Permission.EXPORT_PANEL}))


def scores() -> Result:
    """Score 20,000 stored surveys and write the data set `surveys`. Promised: under 5 s. The baseline scores by row."""
    with study(clusters=_CLUSTERS, participants=_WOMEN):
        stored, now = Submission.objects.count(), timezone.now() + timedelta(seconds=1)
        began = time.perf_counter()
        answers = list(Submission.objects.order_by("pk").values_list("answers", flat=True)[:WANTED])
        table = score_table(answers)
        scored = time.perf_counter() - began
        dataset = find(datasets(reads_arm=False), "surveys")
        if dataset is None:
            raise SystemExit("bench: there is no data set of surveys")
        out = io.BytesIO()
        rows = export_dataset(by=_RESEARCHER, dataset=dataset, out=out, now=now)
        seconds = time.perf_counter() - began
        began = time.perf_counter()
        by_row = [score_answers(row) for row in answers]
        plain = time.perf_counter() - began
        physical = np.array([np.nan if row["physical"] is None else row["physical"] for row in by_row], dtype=float)
        if not np.array_equal(physical, table["physical"], equal_nan=True):
            raise SystemExit("bench: at once and row by row differ")
        return {
            "seconds": round(seconds, 2),
            "surveys_stored": stored,
            "enough_stored": stored >= WANTED,
            "rows": rows,
            "megabytes": round(len(out.getvalue()) / 1e6, 1),
            "scored_seconds": round(scored, 2),
            "promised_seconds": 5,
            "baseline_row_by_row_seconds": round(plain, 2),
            "ratio_to_baseline": round(scored / plain, 2),
        }
