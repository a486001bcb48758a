"""The rows of the data sets, built by the database in one statement each."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac
from numpy.typing import NDArray

from panel.columns import Column, DataSet, Kind, Label
from panel.small_cells import shown_counts
from panel.tables.panel_wave import panel_wave
from panel.tables.surveys import survey_rows, survey_rows_sql
from panel.tables.training import training_months, training_sql
from panel.tables.vocabulary import StudyTerms
from participants.consent_scopes import SCOPE_OF, Feature
from protocol.queries import current_protocol
from protocol.schema import StudyProtocol
from risk.queries import scale_in_force, scale_rules
from surveys.ipv_scores import response_items
from surveys.score_arrays import response_table

# What she agreed to must count on the day of the export.
_AGREED = """EXISTS (
        SELECT FROM participants_consent c
        WHERE c.participant_id = p.id AND c.scope = '{scope}' AND c.ended_at IS NULL
          AND (c.lapses_on IS NULL OR c.lapses_on > %(today)s)
    )"""
# HMAC-SHA256 of the field's study code, written out: the server has sha256() without any extension.
_WOMEN = f"""
    SELECT p.id, p.enrolled_station_id AS station_id, p.status, p.enrolled_on, p.age_at_enrolment,
           'W' || upper(left(encode(
               sha256(%(outer)s || sha256(%(inner)s || convert_to(p.study_code, 'UTF8'))), 'hex'
           ), 16)) AS woman,
           (p.status_changed_at AT TIME ZONE %(zone)s)::date AS status_changed_on,
           {_AGREED.format(scope=SCOPE_OF[Feature.EXPORT_VISITS])} AS is_visited,
           {_AGREED.format(scope=SCOPE_OF[Feature.EXPORT_REPORTS])} AS is_linked
    FROM participants_participant p
    WHERE p.data_erased_at IS NULL AND {_AGREED.format(scope=SCOPE_OF[Feature.EXPORT_SURVEYS])}
"""  # noqa: S608 (nothing but this module's own text goes in)
_DRAWN = """
    SELECT d.station_id, d.blinded_letter AS letter, d.blinded_group,
           d.arm = ANY(%(training_arms)s) AS training, d.arm = ANY(%(risk_arms)s) AS risk_scale
    FROM stations_allocatedstation d JOIN stations_allocation a ON a.id = d.allocation_id
    WHERE a.status = 'locked'
"""
_WAVES = "SELECT * FROM unnest(%(waves)s::text[], %(months)s::int[]) WITH ORDINALITY AS w(wave, month, position)"
_CASES = """
    SELECT w.*, d.letter, d.blinded_group, d.training, d.risk_scale, v.position - 1 AS wave_number,
           coalesce(c.due_on, (w.enrolled_on + v.month * interval '1 month')::date) AS due_on,
           CASE WHEN c.status = 'partial' THEN 'partial'
                WHEN s.id IS NOT NULL THEN 'done'
                WHEN c.id IS NULL OR (c.status = 'due' AND c.window_from > %(today)s) THEN 'not_due'
                WHEN c.status IN ('due', 'late', 'not_private', 'on_hold') THEN 'open'
                ELSE c.status END AS survey_status,
           c.missed_reason, s.scores, (s.submitted_at AT TIME ZONE %(zone)s)::date AS surveyed_on
    FROM women w
    JOIN drawn d ON d.station_id = w.station_id
    CROSS JOIN waves v
    LEFT JOIN surveys_surveycase c ON c.participant_id = w.id AND c.wave = v.wave
    LEFT JOIN surveys_submission s ON s.case_id = c.id
"""
_PERIODS = """
    SELECT c.*, lag(c.due_on) OVER (PARTITION BY c.id ORDER BY c.wave_number) AS starts_on
    FROM cases c
"""
_GRID = """
    SELECT p.*, greatest(0, least(
               p.due_on, %(today)s + 1,
               CASE WHEN p.status IN ('moved', 'lost', 'withdrawn', 'deceased') THEN p.status_changed_on END
           ) - coalesce(p.starts_on, p.due_on)) AS days_exposed
    FROM periods p
"""
_VISITS = """
    SELECT g.id, g.wave_number, count(*) AS planned, count(*) FILTER (WHERE v.status = 'attempted') AS attempted,
           count(*) FILTER (WHERE v.status = 'done') AS done, count(*) FILTER (WHERE v.status = 'missed') AS missed
    FROM grid g JOIN visits_visit v
      ON v.participant_id = g.id AND v.planned_on >= g.starts_on AND v.planned_on < g.due_on
    WHERE v.status <> 'superseded' AND v.planned_on <= %(today)s
    GROUP BY g.id, g.wave_number
"""
_REPORTS = """
    SELECT g.id, g.wave_number, count(*) AS reports
    FROM grid g JOIN participants_policereport r
      ON r.participant_id = g.id AND r.reported_on >= g.starts_on AND r.reported_on < g.due_on
    WHERE r.reported_on <= %(today)s
    GROUP BY g.id, g.wave_number
"""
_LEVEL = """
    LEFT JOIN LATERAL (
        SELECT a.level_rank FROM risk_assessment a
        WHERE a.participant_id = g.id AND a.level <> '' {until} ORDER BY a.assessed_at {order}, a.id {order} LIMIT 1
    ) {name} ON true
"""
# The day by which an officer had attended every module.
_TRAINED = """
    SELECT officer_id, max(held_on) AS complete_on
    FROM (SELECT a.officer_id, a.module, min(s.held_on) AS held_on
          FROM training_attendance a JOIN training_session s ON s.id = a.session_id
          WHERE a.counts AND s.status = 'held' AND a.module = ANY(%(modules)s)
          GROUP BY a.officer_id, a.module) first_time
    GROUP BY officer_id HAVING count(*) = cardinality(%(modules)s)
"""
_PANEL_WAVE = f"""
    WITH trained AS MATERIALIZED ({_TRAINED}), women AS ({_WOMEN}), drawn AS ({_DRAWN}), waves AS ({_WAVES}),
         cases AS MATERIALIZED ({_CASES}), periods AS ({_PERIODS}), grid AS MATERIALIZED ({_GRID}),
         visited AS ({_VISITS}), reported AS ({_REPORTS})
    SELECT {{columns}}
    FROM grid g
    LEFT JOIN visited v ON v.id = g.id AND v.wave_number = g.wave_number
    LEFT JOIN reported r ON r.id = g.id AND r.wave_number = g.wave_number
    {_LEVEL.format(name="b", until="", order="ASC")}
    {_LEVEL.format(name="s", until="AND a.assessed_at < (g.starts_on + 1) AT TIME ZONE %(zone)s", order="DESC")}
    ORDER BY g.woman, g.wave_number
"""  # noqa: S608
_COUNTS = f"""
    WITH women AS ({_WOMEN}), drawn AS ({_DRAWN}), waves AS ({_WAVES}), cases AS ({_CASES})
    SELECT wave_number, survey_status, count(*) FROM cases GROUP BY 1, 2 ORDER BY 1, 2
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class WaveCounts:
    """How many women a wave has by survey status; None where the number is not shown."""

    wave: Label
    by_status: dict[str, int | None]


def datasets(*, reads_arm: bool) -> tuple[DataSet, ...]:
    """Return the data sets that a reader gets, declared with the words of the protocol and scale in force."""
    protocol = current_protocol()
    scale = scale_in_force(timezone.localdate())
    levels = scale_rules(scale).levels if scale else ()
    terms = StudyTerms(
        waves=tuple(Label(wave.label.es, wave.label.en) for wave in protocol.waves),
        groups=len(protocol.arms),
        levels=tuple(Label(level.label, level.label_en or level.label) for level in levels),
    )
    modules = _modules(protocol)
    declared = (panel_wave(terms), survey_rows(terms), *([training_months(modules)] if modules else []))
    return tuple(dataset for dataset in declared if reads_arm or not dataset.is_blinded)


def rows_sql(dataset: DataSet, *, today: date, reads_arm: bool) -> tuple[str, dict[str, Any]]:
    """Return the statement of a data set's rows with its parameters, for the columns that the reader gets."""
    columns = ", ".join(_selected(column) for column in dataset.visible(reads_arm=reads_arm))
    protocol = current_protocol()
    statements = {
        "panel_wave": lambda: _PANEL_WAVE,
        "surveys": lambda: survey_rows_sql(_WOMEN, _DRAWN),
        "training": lambda: training_sql(_DRAWN, _modules(protocol)),
    }
    return statements[dataset.name]().format(columns=columns), _parameters(protocol, today)


def _modules(protocol: StudyProtocol) -> tuple[tuple[int, Label], ...]:
    modules = protocol.training.modules
    return tuple((module.number, Label(module.label.es, module.label.en)) for module in modules)


def wave_counts(*, today: date) -> list[WaveCounts]:
    """Return the women of the panel by wave and survey status, without the counts that are too small to show."""
    protocol = current_protocol()
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, _parameters(protocol, today))
        found = cursor.fetchall()
    by_wave: dict[int, dict[str, int]] = {}
    for number, status, count in found:
        by_wave.setdefault(number, {})[status] = count
    return [
        WaveCounts(Label(wave.label.es, wave.label.en), shown_counts(by_wave.get(number, {})))
        for number, wave in enumerate(protocol.waves)
    ]


def response_points(today: date) -> dict[int, NDArray[np.float64]]:
    """Return the points of the response scale by number of the wave: one row a survey, NaN for what was not answered.

    Only of women whose data may be given out today.
    """
    statement = survey_rows_sql(_WOMEN, _DRAWN).format(columns="c.wave_number, s.answers")
    with connection.cursor() as cursor:
        cursor.execute(statement, _parameters(current_protocol(), today))
        rows = cursor.fetchall()
    answers: dict[int, list[dict[str, str]]] = {}
    for wave, given in rows:
        found = json.loads(given) if isinstance(given, str) else given
        answers.setdefault(wave, []).append({item: str(found.get(item, "")) for item in response_items()})
    return {wave: response_table(given) for wave, given in sorted(answers.items())}


def _selected(column: Column) -> str:
    if column.kind == Kind.TEXT:
        # A spreadsheet would take a cell that begins so for a formula.
        text = f"({column.expression})::text"
        return f"CASE WHEN {text} ~ '^[-=+@\\t\\r]' THEN '''' || {text} ELSE {text} END AS {column.name}"
    return f"{column.expression} AS {column.name}"


def _parameters(protocol: StudyProtocol, today: date) -> dict[str, Any]:
    inner, outer = _hmac_pads()
    return {
        "today": today,
        "zone": settings.TIME_ZONE,
        "inner": inner,
        "outer": outer,
        "waves": [wave.code for wave in protocol.waves],
        "months": [wave.month for wave in protocol.waves],
        "training_arms": [arm.code for arm in protocol.arms if arm.training],
        "modules": list(protocol.training.numbers),
        "risk_arms": [arm.code for arm in protocol.arms if arm.risk_cadence],
    }


def _hmac_pads() -> tuple[bytes, bytes]:
    """Return the key of the data's pseudonyms, xored with HMAC's inner and outer pads (RFC 2104)."""
    key = salted_hmac("panel.pseudonym", "1", algorithm="sha256").digest().ljust(hashlib.sha256().block_size, b"\0")
    return bytes(byte ^ 0x36 for byte in key), bytes(byte ^ 0x5C for byte in key)
