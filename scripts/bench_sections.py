"""What `scripts/bench.py` measures: each section returns its figure, what was promised, and a plain baseline."""

from collections.abc import Callable

from bench_allocation import allocation
from bench_api import api
from bench_assignment import assignment
from bench_estimates import estimates
from bench_exactly_once import exactly_once
from bench_interviews import interviews
from bench_page import page
from bench_panel import panel, panel_week, visit_logs
from bench_phone import phone
from bench_planning import national, plan, replan
from bench_quality import quality
from bench_report import report
from bench_reports import reports
from bench_scores import scores
from bench_scoring import scoring
from bench_start import simulate, start
from bench_stations import frame
from bench_study import Result
from bench_submissions import submissions
from bench_surveys import form
from bench_sync import sync
from bench_visits import visits
from bench_watching import watching

SECTIONS: dict[str, Callable[[], Result]] = {
    "simulate": simulate,
    "frame": frame,
    "allocation": allocation,
    "visits": visits,
    "reports": reports,
    "scoring": scoring,
    "scores": scores,
    "form": form,
    "submissions": submissions,
    "plan": plan,
    "replan": replan,
    "national": national,
    "assignment": assignment,
    "interviews": interviews,
    "sync": sync,
    "exactly_once": exactly_once,
    "panel": panel,
    "api": api,
    "estimates": estimates,
    "report": report,
    "panel_week": panel_week,
    "visit_logs": visit_logs,
    "quality": quality,
    "watching": watching,
    "page": page,
    "phone": phone,
    "start": start,
}
