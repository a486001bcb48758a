"""What is promised about scoring: how fast a million forms are read, scored and written, and in how much memory."""

import csv
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from bench_study import CHECKOUT, Result

from risk.scale_source import SHIPPED, read_scale
from risk.scoring import score

FORMS, BY_ROW = 1_000_000, 20_000
DISTINCT = 5_000


def scoring() -> Result:
    """Score 1,000,000 forms with the FVR, file to file. Promised: under 10 s. The baseline scores them row by row."""
    with tempfile.TemporaryDirectory() as folder:
        answers, out = Path(folder) / "answers.csv", Path(folder) / "scores.csv"
        write_answers(answers)
        command = [sys.executable, "manage.py", "score_scale", "--scale", str(SHIPPED["FVR_PAREJA"])]
        # A process of its own, so that its memory is its own; its start is measured too.
        began = time.perf_counter()
        files = ["--answers", str(answers), "--out", str(out)]
        subprocess.run([*command, *files], cwd=CHECKOUT, check=True, capture_output=True)
        seconds = time.perf_counter() - began
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        by_row = row_by_row(answers, Path(folder) / "rows.csv") / BY_ROW * FORMS
        with out.open() as scored, (Path(folder) / "rows.csv").open() as rows:
            for expected in rows:
                if next(scored) != expected:
                    raise SystemExit("bench: batch and row by row differ")
        return {
            "seconds": round(seconds, 2),
            "forms": FORMS,
            "file_megabytes": round(answers.stat().st_size / 1e6, 1),
            "peak_megabytes": round(used.ru_maxrss / 1024),
            "processor_seconds": round(used.ru_utime + used.ru_stime, 2),
            "promised_seconds": 10,
            "baseline_row_by_row_seconds": round(by_row, 1),
            "ratio_to_baseline": round(seconds / by_row, 3),
        }


def write_answers(path: Path) -> None:
    """Write forms with blanks, drawn anew for some thousand and repeated under other ids."""
    scale, rng = read_scale(SHIPPED["FVR_PAREJA"]), np.random.default_rng(7)
    columns = [*(item.id for item in scale.items), *(override.code for override in scale.override)]
    drawn = [",".join(rng.choice(("si", "no", ""), p=(0.45, 0.5, 0.05), size=len(columns))) for _ in range(DISTINCT)]
    with path.open("w") as file:
        file.write(",".join(["id", *columns]) + "\n")
        file.writelines(f"{number},{drawn[number % DISTINCT]}\n" for number in range(FORMS))


def row_by_row(answers: Path, out: Path) -> float:
    """Score the first forms one after another, as a script would; return the seconds that it took."""
    scale = read_scale(SHIPPED["FVR_PAREJA"])
    began = time.perf_counter()
    with answers.open() as read, out.open("w", newline="") as written:
        writer = csv.writer(written, lineterminator="\n")
        writer.writerow(["id", "score", "level", "complete"])
        for place, row in enumerate(csv.DictReader(read)):
            if place == BY_ROW:
                break
            given = {item.id: row[item.id] or None for item in scale.items}
            result = score(scale, given, {o.code: row[o.code] or None for o in scale.override})
            writer.writerow([row["id"], result.score, result.level, str(result.complete).lower()])
    return time.perf_counter() - began
