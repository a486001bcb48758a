"""The rows of the data sets, built by the database in one statement each."""

import json
from collections.abc import Sequence
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
from panel.queries.plans import group_labels
from panel.release_terms import LARGEST_SHIFT_DAYS, ReleaseTerms, hmac_pads, shift_key
from panel.row_pages import KEYS, ROWS_A_WOMAN, Filter, page_sql
from panel.small_cells import shown_counts
from panel.summaries import UNIT, Cell, Summary, needed_for, summaries, summary_sql
from panel.tables.cohort import CASES, DRAWN, WAVES, WOMEN
from panel.tables.panel_wave import PANEL_WAVE_SQL, panel_wave
from panel.tables.participants import PARTICIPANTS_SQL, participants
from panel.tables.periods import months, panel_periods, periods_sql, weeks
from panel.tables.risk import RISK_SQL, risk
from panel.tables.stations import STATIONS_SQL, stations
from panel.tables.surveys import survey_rows, survey_rows_sql
from panel.tables.training import training_months, training_sql
from panel.tables.visits import VISITS_SQL, visits
from panel.tables.vocabulary import StudyTerms
from protocol.queries import current_protocol
from protocol.schema import StudyProtocol
from risk.queries import scale_in_force, scale_rules
from surveys.ipv_scores import response_items
from surveys.score_arrays import response_table

# Codes of our own making begin with a letter; selected as they are, they leave the order of the rows to be seen.
_CODES = ("woman", "station")
_COUNTS = f"""
    WITH women AS ({WOMEN}), drawn AS ({DRAWN}), waves AS ({WAVES}), cases AS ({CASES})
    SELECT wave_number, survey_status, count(*) FROM cases GROUP BY 1, 2 ORDER BY 1, 2
"""  # noqa: S608
# The codes are worked out for everybody, which takes a microsecond each; nothing else of a woman is read here.
_NEXT_WOMEN = f"""
    SELECT w.id, w.woman FROM ({WOMEN}) w
    WHERE (w.woman > %(above)s OR w.woman = %(again)s) AND (%(named)s::text[] IS NULL OR w.woman = ANY(%(named)s))
    ORDER BY w.woman LIMIT %(women)s
"""  # noqa: S608 (as above)
_MORE_WOMEN = 4


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
        arms=group_labels(protocol) if reads_arm else (),
    )
    modules = _modules(protocol)
    declared = (
        panel_wave(terms),
        panel_periods(terms, months(protocol.followup_months)),
        panel_periods(terms, weeks(protocol.followup_months)),
        participants(terms),
        stations(terms),
        survey_rows(terms),
        visits(),
        risk(terms),
        *([training_months(modules)] if modules else []),
    )
    return tuple(dataset for dataset in declared if reads_arm or not dataset.is_blinded)


def rows_sql(
    dataset: DataSet, *, today: date, reads_arm: bool, terms: ReleaseTerms | None = None
) -> tuple[str, dict[str, Any]]:
    """Return the statement of a data set's rows with its parameters, for `dataset.written` of the reader.

    Without `terms` the women have their stable codes, and days are as they were.
    """
    columns = ", ".join(_selected(column) for column in dataset.written(reads_arm=reads_arm))
    protocol = current_protocol()
    statements = {
        "panel_wave": lambda: PANEL_WAVE_SQL,
        "panel_week": lambda: periods_sql(weeks(protocol.followup_months)),
        "panel_month": lambda: periods_sql(months(protocol.followup_months)),
        "stations": lambda: STATIONS_SQL,
        "participants": lambda: PARTICIPANTS_SQL,
        "visits": lambda: VISITS_SQL,
        "risk": lambda: RISK_SQL,
        "surveys": lambda: survey_rows_sql(WOMEN, DRAWN),
        "training": lambda: training_sql(DRAWN, _modules(protocol)),
    }
    return statements[dataset.name]().format(columns=columns), parameters(protocol, today, terms)


def rows_page(
    dataset: DataSet,
    *,
    filters: Sequence[Filter],
    after: Sequence[Any] | None,
    limit: int,
    today: date,
    reads_arm: bool,
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return the names of the columns, and at most `limit` rows that follow a place in the order of their key.

    Of a data set of women the rows of some women alone are made, in the order of their codes: as many as fill a page,
    and four times as many each time that filters leave too few.
    """
    statement, own = rows_sql(dataset, today=today, reads_arm=reads_arm)
    key = KEYS[dataset.name]
    if key[0] != UNIT:
        return _page(*page_sql(statement, key=key, filters=filters, after=after, limit=limit), own)
    found: list[tuple[Any, ...]] = []
    above = again = str(after[0]) if after else ""
    women = limit // ROWS_A_WOMAN[dataset.name] + 2
    while True:
        chosen = _next_women(own, filters, above=above, again=again, women=women)
        page = page_sql(statement, key=key, filters=filters, after=after, limit=limit - len(found))
        names, rows = _page(*page, {**own, "chosen": [pk for pk, _code in chosen]})
        found += rows
        if len(found) == limit or len(chosen) < women:
            return names, found
        above, again, after, women = chosen[-1][1], "", None, women * _MORE_WOMEN


def _next_women(
    own: dict[str, Any], filters: Sequence[Filter], *, above: str, again: str, women: int
) -> list[tuple[int, str]]:
    """Return ids and codes of the women who follow, in order; of those alone whom the filters name, if any."""
    named = [set(asked.values) for asked in filters if asked.column == UNIT]
    codes = sorted(map(str, set.intersection(*named))) if named else None
    asked = {**own, "above": above, "again": again, "women": women, "named": codes}
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_WOMEN, asked)
        found: list[tuple[int, str]] = cursor.fetchall()
    return found


def _page(statement: str, asked: dict[str, Any], own: dict[str, Any]) -> tuple[list[str], list[tuple[Any, ...]]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {**own, **asked})
        return [column.name for column in cursor.description], cursor.fetchall()


def _modules(protocol: StudyProtocol) -> tuple[tuple[int, Label], ...]:
    modules = protocol.training.modules
    return tuple((module.number, Label(module.label.es, module.label.en)) for module in modules)


def wave_counts(*, today: date) -> list[WaveCounts]:
    """Return the women of the panel by wave and survey status, without the counts that are too small to show."""
    protocol = current_protocol()
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, parameters(protocol, today))
        found = cursor.fetchall()
    by_wave: dict[int, dict[str, int]] = {}
    for number, status, count in found:
        by_wave.setdefault(number, {})[status] = count
    return [
        WaveCounts(Label(wave.label.es, wave.label.en), shown_counts(by_wave.get(number, {})))
        for number, wave in enumerate(protocol.waves)
    ]


def column_summaries(dataset: DataSet, columns: Sequence[Column], *, today: date, reads_arm: bool) -> list[Summary]:
    """Return how the values of these columns are spread, of all rows that a reader gets, without counts too small."""
    if not columns:
        return []
    looked_at = needed_for(columns, dataset)
    rows, parameters_of_rows = rows_sql(looked_at, today=today, reads_arm=reads_arm)
    has_units = UNIT in {column.name for column in dataset.columns}
    with connection.cursor() as cursor:
        cursor.execute(summary_sql(rows, columns, has_units=has_units), parameters_of_rows)
        return summaries(columns, [Cell(*row) for row in cursor.fetchall()])


def response_points(today: date) -> dict[int, NDArray[np.float64]]:
    """Return the points of the response scale by number of the wave: one row a survey, NaN for what was not answered.

    Only of women whose data may be given out today.
    """
    statement = survey_rows_sql(WOMEN, DRAWN).format(columns="c.wave_number, s.answers")
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters(current_protocol(), today))
        rows = cursor.fetchall()
    answers: dict[int, list[dict[str, str]]] = {}
    for wave, given in rows:
        found = json.loads(given) if isinstance(given, str) else given
        answers.setdefault(wave, []).append({item: str(found.get(item, "")) for item in response_items()})
    return {wave: response_table(given) for wave, given in sorted(answers.items())}


def _selected(column: Column) -> str:
    if column.kind == Kind.TEXT and not column.values and column.name not in _CODES:
        # A spreadsheet would take a cell that begins so for a formula.
        text = f"({column.expression})::text"
        return f"CASE WHEN {text} ~ '^[-=+@\\t\\r]' THEN '''' || {text} ELSE {text} END AS {column.name}"
    return f"{column.expression} AS {column.name}"


def stable_pseudonym_key() -> bytes:
    """Return the key of the codes that stay the same from one export to the next."""
    return salted_hmac("panel.pseudonym", "1", algorithm="sha256").digest()


def parameters(protocol: StudyProtocol, today: date, terms: ReleaseTerms | None = None) -> dict[str, Any]:
    """Return what every statement about the women of the data sets needs."""
    key = terms.pseudonym_key if terms else stable_pseudonym_key()
    inner, outer = hmac_pads(key)
    shift_inner, shift_outer = hmac_pads(shift_key(key))
    return {
        "today": today,
        "chosen": None,
        "zone": settings.TIME_ZONE,
        "inner": inner,
        "outer": outer,
        "shifts": terms is not None and terms.shift_days,
        "shift_inner": shift_inner,
        "shift_outer": shift_outer,
        "largest_shift": LARGEST_SHIFT_DAYS,
        "last_wave": protocol.waves[-1].code,
        "waves": [wave.code for wave in protocol.waves],
        "months": [wave.month for wave in protocol.waves],
        "training_arms": [arm.code for arm in protocol.arms if arm.training],
        "modules": list(protocol.training.numbers),
        "risk_arms": [arm.code for arm in protocol.arms if arm.risk_cadence],
    }
