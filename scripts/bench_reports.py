"""What is promised about reports: how fast a file of 50,000 is looked through and written, and no bad row hides."""

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from bench_study import Result, study, timed
from django.utils import timezone

from accounts.models import User
from participants import services
from participants.identity import Identity
from participants.models import IncidentReport, StagedImport
from participants.report_entry import ReportEntry
from simulation.people import FIRST_NAMES, STREETS, SURNAMES
from stations.queries import study_codes

ROWS, FIRST_ROW = 50_000, 2
BAD_EVERY = 20
ONE_BY_ONE = 300
COLUMNS = ("estacion", "numero", "fecha", "nombre", "documento", "telefono", "direccion", "nombre_denunciado")


def reports() -> Result:
    """Bring in 50,000 reports, 5 % of them bad, in two steps. Promised: under 30 s. The baseline types them by hand."""
    with study():
        now, administrator = timezone.now(), User.objects.get(username="administradora")
        content = report_file(list(study_codes().values()), timezone.localdate(now))
        staged: list[StagedImport] = []
        stage = partial(services.stage_reports, by=administrator, content=content, name="ingresos.csv", now=now)
        (looked_at,) = timed(lambda: staged.append(stage()))
        held = services.open_rows(staged[0])
        (page,) = timed(lambda: services.open_rows(staged[0]))
        (written,) = timed(lambda: services.import_reports(by=administrator, staged=staged[0], now=now))
        named = {problem.row for problem in held.problems}
        if named != set(bad_rows()) or len(held.rows) != ROWS - len(named):
            raise SystemExit(f"bench: {len(named)} bad rows named, {len(held.rows)} rows taken")
        (typed,) = timed(lambda: type_reports(ONE_BY_ONE))
        by_hand = typed / ONE_BY_ONE * ROWS
        return {
            "seconds": round(looked_at + written, 2),
            "dry_run_seconds": round(looked_at, 2),
            "page_of_it_seconds": round(page, 2),
            "write_seconds": round(written, 2),
            "rows": ROWS,
            "bad_rows_named": len(named),
            "file_megabytes": round(len(content) / 1e6, 1),
            "reports_stored": IncidentReport.objects.count(),
            "promised_seconds": 30,
            "baseline": f"the same reports typed one at a time ({ONE_BY_ONE} measured)",
            "baseline_seconds": round(by_hand, 1),
            "ratio_to_baseline": round((looked_at + written) / by_hand, 3),
        }


def bad_rows() -> Iterator[int]:
    """Yield the rows of the file that are wrong."""
    return iter(range(FIRST_ROW, FIRST_ROW + ROWS, BAD_EVERY))


def report_file(stations: list[str], today: date) -> bytes:
    """Write the file: invented women, one in thirty there twice, and one row in twenty wrong in one of four ways."""
    bad = set(bad_rows())
    out = io.StringIO()
    rows = csv.writer(out, delimiter=";")
    rows.writerow(COLUMNS)
    for row in range(FIRST_ROW, FIRST_ROW + ROWS):
        woman = row - row % 7 - 1 if row % 30 == 0 else row
        values = {
            "estacion": stations[woman % len(stations)],
            "numero": f"2026-{row:07d}",
            "fecha": (today - timedelta(days=row % 300)).isoformat(),
            "nombre": f"{FIRST_NAMES[woman % 60]} {SURNAMES[woman // 60 % 64]} {SURNAMES[woman // 7 % 64]}",
            "documento": f"B{woman:07d}",
            "telefono": f"000{woman:06d}",
            "direccion": f"{STREETS[woman % 10]} {woman} (dato sintético)",
            "nombre_denunciado": f"Nadie {SURNAMES[woman % 64]}",
        }
        if row in bad:
            values |= ({"fecha": "ayer"}, {"nombre": ""}, {"telefono": "no tiene"}, {"numero": "=1+1"})[row // 20 % 4]
        rows.writerow(values.values())
    return out.getvalue().encode()


def type_reports(count: int) -> None:
    """Type reports one by one, as the form does."""
    now, supervisor = timezone.now(), User.objects.get(username="supervisora")
    for number in range(count):
        woman = Identity(
            f"{FIRST_NAMES[number % 60]} {SURNAMES[number % 64]} Prueba",
            document=f"T{number:07d}",
            telephone=f"0001{number:05d}",
            address=f"{STREETS[number % 10]} {number} (dato sintético)",
            aggressor_name=f"Nadie {SURNAMES[number % 64]}",
        )
        entry = ReportEntry(f"H-{number}", timezone.localdate(now), woman)
        services.receive_report(by=supervisor, entry=entry, source=IncidentReport.Source.TYPED, now=now)
