"""How many logs of phones the server takes: in batches, and one at a time, with an empty and with a full table."""

import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby
from uuid import UUID, uuid4

from bench_server import (
    THREADS,
    WORKERS,
    beside,
    expect,
    percentiles,
    processor_seconds,
    sent,
)
from bench_study import BACKEND, Result, analyse, study
from bench_turns import FEW, MANY, REQUESTS_EACH, both_served, in_turns
from django.conf import settings
from django.db import connection
from django.middleware.csrf import _get_new_csrf_string
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from stations.models import Officer, Posting
from visits.models import Visit, VisitLog

STORED_LOGS = 300_000
TURN_LOGS = 600
BATCH_LOGS, BATCH = 10_000, 200
# Requests a second of ODK Central's backend on such a machine: its best when new, and with 288,000 stored.
ODK_BEST, ODK_WORST = 225, 55


def sync() -> Result:
    """Keep logs from phones through gunicorn. Promised: 1,000 a second in batches, and the same speed when full."""
    singles = REQUESTS_EACH * TURN_LOGS
    with study(participants=800, elapsed_months=3):
        add_visits(2 * (BATCH_LOGS + singles))
        visits = visits_by_officer()
        single = singly(visits, singles)
        batched = in_batches(visits)
        few = VisitLog.objects.count()
        with both_served(lambda: store_logs(STORED_LOGS)) as ports:
            in_turn = in_turns(ports, single, TURN_LOGS, 201, "log")
            batches = sent_in_batches(ports[FEW], batched)
        return {
            "batches": batches,
            "seconds_for_1000_logs_in_batches": round(1000 / batches["logs_a_second"], 2),
            "promised_seconds_for_1000_logs_in_batches": 1,
            "single": in_turn,
            "logs_stored_before": {FEW: few, MANY: few + STORED_LOGS},
            "aim_requests_a_second": {"thrice its best": 3 * ODK_BEST, "ten of its worst": 10 * ODK_WORST},
            "gunicorn": {"workers": WORKERS, "threads": THREADS},
        }


# --- The world -------------------------------------------------------------------------------------------------------


def add_visits(wanted: int) -> None:
    """Plan so many visits more, of the last days, spread over all women who are followed."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO visits_visit (id, plan_id, participant_id, station_id, planned_on, window_from, window_until,
                grace_ends_at, status, status_changed_at, missed_reason, officers_chosen, day_chosen, is_unplanned)
            SELECT gen_random_uuid(), plan.id, woman.id, woman.station_id, current_date - 1, '00:00', '23:59',
                now() + interval '7 days', 'planned', now(), '', false, false, true
            FROM participants_participant woman
            JOIN LATERAL (
                SELECT id FROM visits_weekplan WHERE participant_id = woman.id ORDER BY monday DESC LIMIT 1
            ) plan ON true
            CROSS JOIN generate_series(1, 200) AS number
            WHERE woman.status = 'enrolled' AND EXISTS (
                SELECT 1 FROM participants_consent given
                WHERE given.participant_id = woman.id AND given.scope = 'visits' AND given.ended_at IS NULL)
            ORDER BY number, woman.id LIMIT %s
            """,
            [wanted],
        )
    analyse()


def visits_by_officer() -> list[tuple[User, list[UUID]]]:
    """Return the open visits of each station, with an account of an officer who serves there."""
    found = []
    serving = Posting.objects.serving(timezone.localdate()).select_related("officer__user").order_by("station", "pk")
    for station, postings in groupby(serving, key=lambda posting: posting.station_id):
        open_visits = Visit.objects.filter(station=station, status="planned", is_unplanned=True).order_by("id")
        ids = list(open_visits.values_list("pk", flat=True))
        if ids:
            found.append((account_of(next(postings).officer), ids))
    return found


def account_of(officer: Officer) -> User:
    if officer.user is None:
        name = f"bench{officer.pk}"
        officer.user = User.objects.create(username=name, display_name=name, role=Role.OFFICER, password="!")  # noqa: S106
        officer.save()
    return officer.user


def store_logs(count: int) -> None:
    """Have so many logs kept already, with their visits and their rows of the audit."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH made AS (
                INSERT INTO visits_visit (id, plan_id, participant_id, station_id, planned_on, window_from,
                    window_until, grace_ends_at, status, status_changed_at, missed_reason, officers_chosen,
                    day_chosen, is_unplanned)
                SELECT gen_random_uuid(), old.plan_id, old.participant_id, old.station_id, current_date - 40, '00:00',
                    '23:59', now(), 'done', now(), '', false, false, true
                FROM (SELECT * FROM visits_visit ORDER BY id LIMIT 5000) old
                CROSS JOIN generate_series(1, %s) RETURNING id
            )
            INSERT INTO visits_visitlog (id, visit_id, outcome, occurred_at, received_at, content_sha256, reason,
                safety_concern, in_private, present, new_incident, incident_type, incident_injury, incident_weapon,
                measures_obeyed, child_in_danger, referral_offered, next_contact, breaches)
            SELECT gen_random_uuid(), id, 'met', now() - interval '40 days', now() - interval '40 days',
                repeat('0', 64), '', false, 'yes', '{}', 'no', '', '', '', '', false, false, '', '{}' FROM made
            """,
            [count // 5000],
        )
        cursor.execute(
            """
            INSERT INTO audit_event (at, actor, actor_role, action, object_type, object_id, reason, details)
            SELECT now(), 'user:0', 'officer', 'visits.log', 'visit', visit_id, '', '{"outcome": "met"}'
            FROM visits_visitlog ORDER BY id LIMIT %s
            """,
            [count],
        )


# --- The load --------------------------------------------------------------------------------------------------------


def head(user: User, path: str, body: str) -> str:
    """Return a whole request of a signed-in officer."""
    session, token = cookies_of(user)
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Cookie: {settings.SESSION_COOKIE_NAME}={session}; csrftoken={token}\r\n"
        f"X-CSRFToken: {token}\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    )


_signed_in: dict[int, tuple[str, str]] = {}


def cookies_of(user: User) -> tuple[str, str]:
    if user.pk not in _signed_in:
        client = Client()
        client.force_login(user, backend=BACKEND)
        _signed_in[user.pk] = (client.cookies[settings.SESSION_COOKIE_NAME].value, _get_new_csrf_string())
    return _signed_in[user.pk]


def log(visit: UUID | None = None) -> dict[str, str]:
    """Return a log of the common case, with a note."""
    at = (timezone.now() - timedelta(hours=20)).isoformat(timespec="milliseconds")
    said = {"id": str(uuid4()), "outcome": "met", "occurred_at": at, "in_private": "yes", "new_incident": "no",
            "note": "Todo tranquilo; pide que vuelvan el jueves por la tarde."}  # fmt: skip
    return said | ({"visit": str(visit)} if visit else {})


def taken(visits: list[tuple[User, list[UUID]]], count: int) -> list[tuple[User, UUID]]:
    """Take so many visits away, of one officer after the other."""
    found: list[tuple[User, UUID]] = []
    while len(found) < count:
        before = len(found)
        found += [(user, ids.pop()) for user, ids in visits if ids]
        if len(found) == before:
            raise SystemExit("bench: there are not enough visits")
    return found[:count]


def singly(visits: list[tuple[User, list[UUID]]], count: int) -> Iterator[str]:
    """Return logs of so many visits, a request each."""
    return iter([head(user, f"/api/v1/visits/{visit}/log/", json.dumps(log())) for user, visit in taken(visits, count)])


def in_batches(visits: list[tuple[User, list[UUID]]]) -> list[str]:
    """Return logs as phones send them after a day without a signal."""
    of_user: dict[User, list[UUID]] = {}
    for user, visit in taken(visits, BATCH_LOGS):
        of_user.setdefault(user, []).append(visit)
    return [
        head(user, "/api/v1/sync/visits", json.dumps({"logs": [log(visit) for visit in ids[start : start + BATCH]]}))
        for user, ids in of_user.items()
        for start in range(0, len(ids), BATCH)
    ]


def sent_in_batches(port: int, requests: list[str]) -> Result:
    """Send batches of phones over two connections."""
    before, began = VisitLog.objects.count(), processor_seconds()
    told = sent(port, [requests[lane::2] for lane in range(2)])
    taken_ms = 1000 * (processor_seconds() - began) / BATCH_LOGS
    expect(told, {"200": len(requests)})
    kept = VisitLog.objects.count() - before
    if kept != BATCH_LOGS:
        raise SystemExit(f"bench: {kept} of {BATCH_LOGS} logs were kept")
    return {
        "logs": kept,
        "batch": BATCH,
        "logs_a_second": round(kept / told["seconds"]),
        **percentiles(told["latencies_ms"]),
        "processor_ms_a_log": round(taken_ms, 2),
        **beside(told),
    }
