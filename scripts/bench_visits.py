"""What is promised about pages with ten million visits stored; in one table, and in a copy partitioned by month.

The visits of a year gone by are written by the database itself, two a week for each of 100,000 women, done, tried in
vain or missed. The copy has the same indexes and foreign keys, and the day in its primary key, as PostgreSQL asks;
nothing points to it.
"""

import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial

from bench_country import multiply
from bench_study import Result, analyse, owner_cursor, page_figures, query_count, signed_in, study, timed
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from psycopg2 import extensions

from accounts.models import User
from visits import queries, services
from visits.models import Visit
from visits.queries import staffing
from visits.services.participation import PLANNER
from visits.tasks import STATIONS_A_TASK
from visits.weeks import WEEK, monday_of, week_label

VISITS_STORED, WEEKS_GONE, PAGES, RUNS = 10_000_000, 50, 100, 3
ONE_TABLE, BY_MONTH = "visits_in_one_table", "visits_by_month"

FILL = """
    INSERT INTO visits_visit (id, plan_id, participant_id, station_id, planned_on, window_from, window_until,
        grace_ends_at, first_officer_id, second_officer_id, officers_chosen, day_chosen, status, status_changed_at,
        missed_reason, is_unplanned)
    SELECT gen_random_uuid(), plan.id, plan.participant_id, woman.station_id, day, '09:00', '18:00',
        day + interval '2 days', crew.officers[1 + turn.pair], crew.officers[2 + turn.pair], false, false,
        CASE WHEN chance < 0.02 THEN 'missed' WHEN chance < 0.1 THEN 'attempted'
            WHEN chance < 0.12 AND day > current_date - 4 THEN 'planned' ELSE 'done' END,
        day + interval '2 days', CASE WHEN chance < 0.02 AND day < current_date - 4 THEN 'no_staff' ELSE '' END, false
    FROM visits_weekplan AS plan
    JOIN participants_participant AS woman ON woman.id = plan.participant_id AND woman.study_code LIKE 'N%%'
    JOIN (SELECT station_id, array_agg(officer_id ORDER BY officer_id) AS officers FROM stations_posting
        GROUP BY station_id) AS crew ON crew.station_id = woman.station_id
    CROSS JOIN generate_series(1, %(weeks)s) AS week
    CROSS JOIN LATERAL (VALUES ((woman.id %% 3)::int, (woman.id %% 7)::int),
        ((3 + woman.id %% 4)::int, (woman.id %% 7)::int)) AS turn(weekday, pair)
    CROSS JOIN LATERAL (SELECT (%(monday)s - 7 * week + turn.weekday)::date AS day,
        random() + 0 * week AS chance OFFSET 0) AS drawn
    WHERE plan.monday = %(planned)s AND plan.superseded_at IS NULL AND day < current_date
"""
# The table's own keys, and the keys of others that point to it.
CONSTRAINTS = """
    SELECT conname, conrelid::regclass::text, pg_get_constraintdef(oid), contype = 'f' FROM pg_constraint
    WHERE (conrelid = 'visits_visit'::regclass AND contype IN ('f', 'p')) OR confrelid = 'visits_visit'::regclass
    ORDER BY contype = 'p'
"""
INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid = 'visits_visit'::regclass AND NOT indisprimary ORDER BY 1
"""
SIZES = """
    SELECT sum(pg_relation_size(part)) / 1048576, sum(pg_indexes_size(part)) / 1048576,
        count(*) FILTER (WHERE pg_relation_size(part) > 0)
    FROM (SELECT 'visits_visit'::regclass AS part UNION
        SELECT inhrelid FROM pg_inherits WHERE inhparent = 'visits_visit'::regclass) AS parts
"""


def visits() -> Result:
    """Serve pages, plan and sweep with ten million visits. Promised: 50 ms, and no more queries than with few."""
    with study():
        multiply()
        analyse()
        plan_ahead()
        few = signed_in("oficial")
        queries_with_few = query_count(partial(few.get, reverse("visit_list")))
        store_visits()
        one_table = figures()
        with partitioned_by_month():
            by_month = figures()
        return {
            "queries": one_table["officers_list"]["queries"],
            "promised_queries": queries_with_few,
            "p95_ms": one_table["officers_list"]["p95_ms"],
            "promised_p95_ms": 50,
            "baseline": "the same visits in a table partitioned by month",
            "ratio_to_baseline": ratio(one_table, by_month, "officers_list"),
            ONE_TABLE: one_table,
            BY_MONTH: by_month,
        }


def plan_ahead() -> None:
    """Plan this week and the next, as the planner has before the week begins."""
    now = timezone.now()
    for monday in (monday_of(timezone.localdate(now)), monday_of(timezone.localdate(now)) + WEEK):
        stations = queries.stations_to_plan(monday)
        for start in range(0, len(stations), STATIONS_A_TASK):
            chunk = stations[start : start + STATIONS_A_TASK]
            services.plan_week(by=PLANNER, monday=monday, station_ids=chunk, now=now)


def store_visits() -> None:
    """Fill the table up to ten million visits; keys and indexes are made afterwards, foreign keys not looked at."""
    with owner_cursor() as cursor:
        cursor.execute("SET synchronous_commit = off; SET maintenance_work_mem = '512MB'; SET work_mem = '256MB'")
        cursor.execute(CONSTRAINTS)
        constraints = cursor.fetchall()
        cursor.execute(INDEXES)
        indexes = cursor.fetchall()
        for name, table, _definition, _is_foreign in constraints:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
        monday = monday_of(timezone.localdate())
        cursor.execute(FILL, {"weeks": WEEKS_GONE, "monday": monday, "planned": monday + WEEK})
        for _name, definition in indexes:
            cursor.execute(definition)
        for name, table, definition, is_foreign in reversed(constraints):
            cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}{" NOT VALID" * is_foreign}')
    analyse()


@contextmanager
def partitioned_by_month() -> Iterator[None]:
    """Let a copy partitioned by month take the table's place."""
    with owner_cursor() as cursor:
        cursor.execute("SET synchronous_commit = off; SET maintenance_work_mem = '512MB'")
        cursor.execute(f"CREATE TABLE {BY_MONTH} (LIKE visits_visit INCLUDING ALL EXCLUDING INDEXES)"
                       " PARTITION BY RANGE (planned_on)")  # fmt: skip
        for month in months():
            cursor.execute(
                f"CREATE TABLE {BY_MONTH}_{month:%Y_%m} PARTITION OF {BY_MONTH} FOR VALUES FROM (%s) TO (%s)",
                [month, next_month(month)],
            )
        cursor.execute(f"INSERT INTO {BY_MONTH} SELECT * FROM visits_visit")  # noqa: S608 - names of our own
        copy_keys(cursor)
        cursor.execute(f"ALTER TABLE visits_visit RENAME TO {ONE_TABLE}; ALTER TABLE {BY_MONTH} RENAME TO visits_visit")
    analyse()
    yield


def copy_keys(cursor: extensions.cursor) -> None:
    """Give the copy the table's indexes, foreign keys and rights; the day joins the primary key."""
    cursor.execute(f"ALTER TABLE {BY_MONTH} ADD PRIMARY KEY (id, planned_on)")
    cursor.execute(INDEXES)
    for name, definition in cursor.fetchall():
        copied = definition.replace(f"INDEX {name} ON public.visits_visit", f"INDEX ON public.{BY_MONTH}")
        cursor.execute(copied)
    cursor.execute(CONSTRAINTS)
    for _name, table, definition, is_foreign in cursor.fetchall():
        if is_foreign and table == "visits_visit":
            cursor.execute(f"ALTER TABLE {BY_MONTH} ADD {definition.removesuffix(' NOT VALID')} NOT VALID")
    cursor.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON {BY_MONTH} TO "{connection.settings_dict["USER"]}"')


def months() -> Iterator[date]:
    """Yield the first day of every month in which a visit lies, and of the one after."""
    month = Visit.objects.earliest("planned_on").planned_on.replace(day=1)
    while month <= timezone.localdate() + 8 * WEEK:
        yield month
        month = next_month(month)


def next_month(month: date) -> date:
    """Return the first day of the month after."""
    return (month + timedelta(days=32)).replace(day=1)


def figures() -> Result:
    """Return what is asked of the table as it is now."""
    today, now = timezone.localdate(), timezone.now()
    officer, supervisor = signed_in("oficial"), signed_in("supervisora")
    coming = week_label(monday_of(today) + WEEK)
    next_day = monday_of(today) + WEEK
    one = queries.visits_on(User.objects.get(username="oficial"), next_day).first()
    far = next_day + 4 * WEEK
    stations = queries.stations_to_plan(far)[:STATIONS_A_TASK]
    with connection.cursor() as cursor:
        cursor.execute(SIZES)
        table, indexes, tables = cursor.fetchone()
    return {
        "visits": Visit.objects.count(),
        "tables": tables,
        "megabytes": int(table),
        "index_megabytes": int(indexes),
        "sign_in_page": page_figures(Client(SERVER_NAME="127.0.0.1"), reverse("sign_in"), times=PAGES),
        "officers_list": page_figures(officer, f"{reverse('visit_list')}?dia={next_day}", times=PAGES),
        "one_visit": page_figures(officer, reverse("visit_detail", args=[one.pk]), times=PAGES) if one else None,
        "board": page_figures(supervisor, f"{reverse('week_board')}?semana={coming}", times=PAGES),
        "plan_25_stations": rolled_back(
            partial(services.plan_week, by=PLANNER, monday=far, station_ids=stations, now=now)
        ),
        "mark_missed": rolled_back(partial(services.mark_missed, by=PLANNER, now=now)),
        "escalate_missed": rolled_back(partial(services.escalate_missed, by=PLANNER, now=now)),
        "raise_missed_in_a_row": rolled_back(partial(services.raise_missed_in_a_row, by=PLANNER, now=now)),
        "make_digests": rolled_back(partial(services.make_digests, by=PLANNER, now=now)),
        "find_plans_that_no_longer_fit": rolled_back(partial(queries.participants_to_replan, today)),
        "find_visits_without_hands": rolled_back(partial(staffing.station_weeks_to_staff, now)),
    }


def rolled_back(action: Callable[[], object]) -> Result:
    """Do something a few times over, each time taken back; return the median of its seconds."""
    seconds = []
    for _run in range(RUNS):
        with transaction.atomic():
            seconds += timed(action)
            transaction.set_rollback(True)
    return {"seconds": round(statistics.median(seconds), 3)}


def ratio(one: Result, other: Result, part: str) -> float:
    """Return how the medians of a page compare."""
    return round(one[part]["median_ms"] / other[part]["median_ms"], 2)
