"""Whether each log of many phones comes in exactly once over a bad line: their own queue, the real server."""

import json
import shutil
import subprocess
import tempfile
from collections import Counter, defaultdict
from datetime import UTC, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from bench_server import served
from bench_study import CHECKOUT, Result, study
from bench_sync import add_visits, cookies_of, taken, visits_by_officer
from django.conf import settings
from django.utils import timezone

from accounts.models import User
from audit.models import Event
from visits.models import LogConflict, Visit, VisitLog

LOGS = 10_000


def exactly_once() -> Result:
    """Send 10,000 logs that wait on 16 phones, each in two tabs. Promised: none lost, none twice, none out of order."""
    with study(participants=800, elapsed_months=3):
        add_visits(2 * LOGS)
        phones = phones_with(taken(visits_by_officer(), LOGS))
        before = Counter(VisitLog.objects.values_list("pk", flat=True))
        last_event = Event.objects.order_by("pk").values_list("pk", flat=True).last() or 0
        conflicts = LogConflict.objects.count()
        with served() as port:
            told = sent_by(phones, port)
        logs = [log for phone in phones for log in phone["logs"]]
        kept = Counter(str(pk) for pk in VisitLog.objects.values_list("pk", flat=True) if pk not in before)
        told_of = list(
            Event.objects.filter(action="visits.log", pk__gt=last_event)
            .order_by("pk")
            .values_list("object_id", flat=True)
        )
        return {
            "logs": len(logs),
            "phones": len(phones),
            **{name: told[name] for name in ("received", "requests", "fates")},
            "seconds": round(told["seconds"], 1),
            **wrong(logs, kept, told_of),
            "kept_beside_another": LogConflict.objects.count() - conflicts,
            "promised_kept_beside_another": 0,
            "without_receipt": len(logs) - told["received"],
            "promised_without_receipt": 0,
        }


def wrong(logs: list[dict[str, str]], kept: Counter[str], told_of: list[str]) -> Result:
    """Count what is lost, doubled or out of order, by the table of logs and by the audit."""
    lane_of = {log["visit"]: log["lane"] for log in logs}
    wrote, came = defaultdict(list), defaultdict(list)
    for log in logs:
        wrote[log["lane"]].append(log["visit"])
    for visit in told_of:
        came[lane_of.get(visit, "")].append(visit)
    wanted = Counter(log["id"] for log in logs)
    return {
        "lost": (wanted - kept).total(),
        "promised_lost": 0,
        "doubled_or_strange": (kept - wanted).total(),
        "promised_doubled_or_strange": 0,
        "audited_otherwise_than_once": sum(number != 1 for number in Counter(told_of).values()),
        "promised_audited_otherwise_than_once": 0,
        "women_out_of_order": sum(wrote[lane] != came[lane] for lane in wrote.keys() | came.keys()),
        "promised_women_out_of_order": 0,
    }


def phones_with(visits: list[tuple[User, UUID]]) -> list[Result]:
    """Return a phone for each officer: who is signed in, and the logs that wait there."""
    woman_of = dict(Visit.objects.filter(pk__in=[visit for _user, visit in visits]).values_list("pk", "participant"))
    at = (timezone.now() - timedelta(hours=20)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    waiting: dict[User, list[dict[str, str]]] = defaultdict(list)
    for user, visit in visits:
        waiting[user].append({"id": str(uuid4()), "lane": str(woman_of[visit]), "visit": str(visit), "at": at})
    name = settings.SESSION_COOKIE_NAME
    return [
        {"cookies": "{}={}; csrftoken={}".format(name, *cookies_of(user)), "logs": logs}
        for user, logs in waiting.items()
    ]


def sent_by(phones: list[Result], port: int) -> Result:
    """Let the phones' own modules send all that waits, over a line that loses, doubles, cuts and delays."""
    node = shutil.which("node") or str(CHECKOUT / ".venv" / "bin" / "node")
    with tempfile.TemporaryDirectory() as folder:
        spec = Path(folder) / "queue.json"
        spec.write_text(json.dumps({"port": port, "phones": phones}))
        script = str(CHECKOUT / "scripts" / "bench_queue.mjs")
        done = subprocess.run([node, script, str(spec)], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)
