"""What is promised about the report: the shipped plan on the full-size trial, from its file to all parts."""

import shutil
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl
from bench_study import Result
from validate import ARMS, STATIONS, WAVES, WOMEN, a_candidate_set

from panel.analysis_plan import parse_plan
from panel.enrolment import Enrolment
from panel.reports.making import Order
from panel.reports.parts import write_parts
from participants.recruitment import Flow

_PLAN = Path(__file__).resolve().parent.parent / "panel" / "plans" / "peru_home_visits.toml"
_AWAY = 0.1


def report() -> Result:
    """Make the whole report: every outcome, model and re-allocation of the plan, shuffled. Promised: under 60 s."""
    folder = Path(tempfile.mkdtemp(prefix="report-"))
    told: list[tuple[int, int]] = []
    try:
        order = the_order(folder)
        clock, spent = time.perf_counter(), time.process_time()
        parts = write_parts(order, folder / "parts", progress=lambda done, total: told.append((done, total)))
        seconds, processor = time.perf_counter() - clock, time.process_time() - spent
        size = sum(path.stat().st_size for path in parts.values())
    finally:
        shutil.rmtree(folder)
    return {
        "seconds": round(seconds, 1),
        "processor_seconds": round(processor, 1),
        "promised_seconds": 60,
        "women": STATIONS * WOMEN,
        "outcomes": len(order.plan.outcomes),
        "draws": order.plan.ri_draws,
        "steps_told": len(told),
        "kilobytes": round(size / 1000),
    }


def the_order(folder: Path) -> Order:
    """Write the full-size trial's file and ask for the report on it."""
    candidates, path = a_candidate_set(), folder / "panel_wave.parquet"
    a_trial().write_parquet(path)
    reports = dict.fromkeys(candidates.stations, Flow(to_screen=20, refused=30, not_eligible=40, enrolled=WOMEN))
    return Order(
        data=path,
        plan=parse_plan(_PLAN.read_text(encoding="utf-8"), name=_PLAN.name),
        language="es",
        made_at=datetime(2026, 11, 29, tzinfo=UTC),
        candidates=candidates,
        enrolment=Enrolment(113, ((("too_few_officers",), 9),), 104, STATIONS, reports),
        rng=np.random.default_rng(1),
    )


def a_trial() -> pl.DataFrame:
    """Make 1,600 women by 5 waves in 16 stations, one in ten of whom is not seen at a wave after the first."""
    rng, women = np.random.default_rng(3), STATIONS * WOMEN
    unit, wave = np.repeat(np.arange(women), WAVES), np.tile(np.arange(WAVES), women)
    station = unit % STATIONS
    exposed = ARMS[a_candidate_set().actual[station]] & (wave > 0)[:, None]
    away = (rng.random(len(unit)) < _AWAY) & (wave > 0)
    columns: dict[str, object] = {
        "woman": [f"W{one:05d}" for one in unit],
        "wave": wave,
        "station": [f"E{one:02d}" for one in station],
        "training": exposed[:, 0].astype(int),
        "risk_scale": exposed[:, 1].astype(int),
        "training_x_risk_scale": (exposed[:, 0] & exposed[:, 1]).astype(int),
        "level_first": (rng.integers(0, 4, women))[unit],
        "police_reports": rng.poisson(0.4, len(unit)),
        "police_response": np.where(away, np.nan, rng.normal(3, 0.6, len(unit)) + rng.normal(0, 0.3, women)[unit]),
    }
    for name, share in (("psychological", 0.6), ("physical", 0.35), ("sexual", 0.15), ("injury", 0.2)):
        chance = share + rng.normal(0, 0.05, STATIONS)[station]
        columns[name] = np.where(away, np.nan, (rng.random(len(unit)) < chance).astype(float))
    return pl.DataFrame(columns)
