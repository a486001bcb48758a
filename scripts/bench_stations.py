"""What is promised about stations: how fast a frame of a whole country comes in."""

import dataclasses
import io
import tempfile
from functools import partial
from pathlib import Path

from bench_study import Result, empty_database, timed
from django.core.management import call_command
from django.db import connection, transaction

from stations.frame_file import StationRow
from stations.models import Station


def frame() -> Result:
    """Import 1,500 stations by the command, from CSV. Promised: under 5 s. The baseline is a COPY of the same rows."""
    with empty_database(), tempfile.TemporaryDirectory() as folder:
        files = write_frame(Path(folder))
        load = partial(call_command, "load_frame", *files, stdout=io.StringIO())
        (first,), (again,) = timed(load), timed(load)
        (plain,) = timed(partial(copy_rows, *(csv_rows(file) for file in files)))
        return {
            "seconds": round(first, 3),
            "again_unchanged_seconds": round(again, 3),
            "stations": Station.objects.count(),
            "promised_seconds": 5,
            "baseline": "COPY of the same two files into bare tables",
            "baseline_seconds": round(plain, 4),
            "ratio_to_baseline": round(first / plain, 1),
        }


def write_frame(folder: Path) -> tuple[Path, Path]:
    """Write the two files of an invented country: 1,500 stations in 250 districts."""
    stations, districts = folder / "stations.csv", folder / "districts.csv"
    districts.write_text(
        "ubigeo,name,area_km2,population_2020,poverty_pct_2018,extreme_poverty_pct_2018,hdi_2019,latitude,longitude\n"
        + "".join(
            f"{n:06d},Distrito {n},{n}.25,{1000 * n},{n % 90}.5,1.25,0.{500 + n},-12.{n:05d},-77.5\n"
            for n in range(250)
        )
    )
    stations.write_text(
        ",".join(column.name for column in dataclasses.fields(StationRow))
        + "\n"
        + "".join(
            f"{n:04d},{n % 250:06d},Distrito {n % 250},Estación {n},{60 + n % 90},9,4,2,{n}\n" for n in range(1500)
        )
    )
    return stations, districts


def csv_rows(file: Path) -> tuple[str, str]:
    """Return the definition of a bare table of a file's columns, and its rows."""
    header, _newline, rows = file.read_text().partition("\n")
    return ", ".join(f"{column} text" for column in header.split(",")), rows


def copy_rows(*tables: tuple[str, str]) -> None:
    """Write rows into bare tables as fast as PostgreSQL takes them."""
    with transaction.atomic(), connection.cursor() as cursor:
        for number, (columns, rows) in enumerate(tables):
            cursor.execute(f"CREATE TEMP TABLE bare_{number} ({columns})")
            cursor.copy_expert(f"COPY bare_{number} FROM STDIN WITH (FORMAT csv)", io.StringIO(rows))
