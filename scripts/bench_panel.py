"""What is promised about the panel's files: 1,600 women by waves, a million woman-weeks, and 200,000 visit logs."""

import csv
import io
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import BinaryIO

from bench_study import CHECKOUT, DATABASE, Result, analyse, study, timed
from django.db import connection
from django.utils import timezone

from accounts.actors import SystemActor
from accounts.permissions import Permission
from panel.columns import DataSet
from panel.formats import Form, copy_rows
from panel.queries import datasets, rows_sql
from panel.services import export_dataset, export_file
from panel.tables import find
from participants.models import Participant
from visits.models import Visit, VisitLog

ANALYST = SystemActor("bench", frozenset({Permission.EXPORT_PANEL, Permission.READ_ARM}))
WOMEN_FOR_A_MILLION_WEEKS = 19_300
LOGS = 200_000
_PEAK = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
_COPIED = ("participants_consent", "risk_assessment", "visits_visit")


def panel() -> Result:
    """Write the panel of 1,600 women by 5 waves in each form. Promised: under 2 s. The baseline is the bare COPY."""
    with study(elapsed_months=16), tempfile.TemporaryDirectory() as folder:
        dataset, now = _named("panel_wave"), timezone.now()
        forms = {
            form.value: {"seconds": round(_seconds(dataset, form, Path(folder)), 2), "promised_seconds": 2}
            for form in Form
        }
        out = io.BytesIO()
        rows = export_dataset(by=ANALYST, dataset=dataset, out=out, now=now)
        seconds = timed(lambda: export_dataset(by=ANALYST, dataset=dataset, out=io.BytesIO(), now=now), times=5)
        plain = timed(lambda: _bare(dataset, io.BytesIO()), times=5)
        return {
            "seconds": round(statistics.median(seconds), 2),
            "rows": rows,
            "kilobytes": round(len(out.getvalue()) / 1000),
            **forms,
            "promised_seconds": 2,
            "baseline": "COPY of the same query",
            "ratio_to_baseline": round(statistics.median(seconds) / statistics.median(plain), 2),
        }


def panel_week() -> Result:
    """Write a million woman-weeks in each form. Promised: CSV 1.5 of a bare COPY, Parquet 10 s, .dta 30 s, 300 MB."""
    with study(elapsed_months=16), tempfile.TemporaryDirectory() as folder:
        multiply(WOMEN_FOR_A_MILLION_WEEKS)
        dataset, place = _named("panel_week"), Path(folder)
        began = time.perf_counter()
        with (place / "bare.csv").open("wb") as out:
            rows = _bare(dataset, out)
        plain = time.perf_counter() - began
        forms = {form.value: _figures(dataset, form, place) for form in Form}
        forms["csv"] |= {"ratio_to_bare_copy": round(forms["csv"]["seconds"] / plain, 2)}
        by_orm = timed(lambda: _visits_by_orm(place / "orm.csv"))[0]
        return {
            "rows": rows,
            "columns": len(dataset.written(reads_arm=True)),
            **forms,
            "bare_copy_seconds": round(plain, 1),
            "baseline": "visits counted by woman and week through the ORM and written by csv: one block of columns",
            "baseline_seconds": round(by_orm, 1),
            "ratio_to_baseline": round(forms["csv"]["seconds"] / by_orm, 2),
        }


_PROMISES: dict[Form, Result] = {
    Form.CSV: {"promised_ratio_to_bare_copy": 1.5, "promised_megabytes": 300},
    Form.PARQUET: {"promised_seconds": 10, "promised_megabytes": 300},
    Form.DTA: {"promised_seconds": 30, "promised_megabytes": 300},
    Form.SAV: {"promised_megabytes": 300},
}


def _figures(dataset: DataSet, form: Form, folder: Path) -> Result:
    seconds = round(_seconds(dataset, form, folder), 1)
    return {"seconds": seconds, "megabytes": _peak_megabytes(dataset, form, folder), **_PROMISES[form]}


def visit_logs() -> Result:
    """Write 200,000 visits with their logs as CSV. Promised: 1.5 s for 200,000, and 150 MB."""
    with study(elapsed_months=16), tempfile.TemporaryDirectory() as folder:
        dataset, out = _named("visits"), Path(folder) / "visits.csv"
        began = time.perf_counter()
        with out.open("wb") as stream:
            rows = export_dataset(by=ANALYST, dataset=dataset, out=stream, now=timezone.now())
        seconds = time.perf_counter() - began
        return {
            "seconds": round(seconds * LOGS / rows, 2),
            "rows": rows,
            "seconds_for_all_rows": round(seconds, 2),
            "logs": VisitLog.objects.count(),
            "promised_seconds": 1.5,
            "megabytes": _peak_megabytes(dataset, Form.CSV, Path(folder)),
            "promised_megabytes": 150,
        }


def multiply(women: int) -> None:
    """Copy women with their consents, assessments and visits, in the database, until there are so many."""
    fields = [str(field.column) for field in Participant._meta.concrete_fields if field.column != "id"]  # noqa: SLF001
    chosen = ", ".join("'N' || copy.n" if field == "study_code" else f"woman.{field}" for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE copy AS WITH model AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place,"
            " count(*) OVER () AS many FROM participants_participant)"
            " SELECT n, model.id AS original FROM model JOIN generate_series(1, %s - (SELECT count(*)"
            " FROM participants_participant)) AS n ON place = n %% many",
            [women],
        )
        cursor.execute(
            f"INSERT INTO participants_participant ({', '.join(fields)}) SELECT {chosen}"  # noqa: S608
            " FROM copy JOIN participants_participant AS woman ON woman.id = copy.original"
        )
        cursor.execute(
            "CREATE TEMP TABLE copied AS SELECT woman.id, copy.original FROM copy"
            " JOIN participants_participant AS woman ON study_code = 'N' || copy.n"
        )
        for table in _COPIED:
            _copy_of_each(table)
    analyse()


def _copy_of_each(table: str) -> None:
    own = {"participant_id": "copied.id", "form_id": "NULL"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s", [table])
        types = dict(cursor.fetchall())
        own |= {"id": "gen_random_uuid()"} if types["id"] == "uuid" else {}
        columns = [name for name in types if name != "id" or types["id"] == "uuid"]
        chosen = ", ".join(own.get(name, f"old.{name}") for name in columns)
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {chosen}"  # noqa: S608
            f" FROM copied JOIN {table} AS old ON old.participant_id = copied.original"
        )


def _named(name: str) -> DataSet:
    dataset = find(datasets(reads_arm=True), name)
    if dataset is None:
        raise SystemExit(f"bench: there is no data set {name}")
    return dataset


def _seconds(dataset: DataSet, form: Form, folder: Path) -> float:
    def write() -> None:
        out = folder / f"{dataset.name}.{form}"
        export_file(by=ANALYST, dataset=dataset, form=form, language="es", out=out, now=timezone.now())

    return timed(write)[0]


def _bare(dataset: DataSet, out: BinaryIO) -> int:
    statement, parameters = rows_sql(dataset, today=timezone.localdate(), reads_arm=True)
    with connection.cursor() as cursor:
        return copy_rows(cursor, statement, parameters, out)


def _peak_megabytes(dataset: DataSet, form: Form, folder: Path) -> int:
    """Return the most memory that the command takes in a process of its own, Python and Django among it.

    Linux counts what the parent held before it became another program: it is started by one that holds nothing.
    """
    words = ("export_panel", "--dataset", dataset.name, "--format", form.value, "--with-arm", "--out", str(folder))
    command = [sys.executable, "-c", _PEAK, sys.executable, str(CHECKOUT / "manage.py"), *words]
    environment = {**os.environ, "IVP_DB_NAME": DATABASE}
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return round(int(done.stdout) * 1024 / 1e6)


def _visits_by_orm(out: Path) -> None:
    """Count the visits of each woman and week in Python, as is usual: what one block of the panel's columns costs."""
    counts: dict[tuple[int, int], int] = {}
    enrolled = dict(Participant.objects.values_list("pk", "enrolled_on"))
    visits = Visit.objects.exclude(status="superseded").values_list("participant_id", "planned_on")
    for woman, day in visits.iterator():
        key = (woman, (day - enrolled[woman]).days // 7)
        counts[key] = counts.get(key, 0) + 1
    with out.open("w", newline="") as stream:
        writer = csv.writer(stream)
        for woman in enrolled:
            writer.writerows((woman, week, counts.get((woman, week), 0)) for week in range(52))
