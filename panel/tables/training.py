"""Coverage of each station by training, month by month: the data set `training`, as declaration and as SQL.

An officer counts where she serves on the last day of the month (today, in this one), with every module that she had
attended until then, wherever that was.
"""

from collections.abc import Sequence

from panel.columns import Column, DataSet, Disclosure, Kind, Label, Values

Modules = Sequence[tuple[int, Label]]
"""Number and title of each module of the protocol."""

_YES_NO: Values = (("0", Label("No", "No")), ("1", Label("Sí", "Yes")))
_POSTING, _ATTENDANCE, _SESSION = "stations.Posting", "training.Attendance", "training.Session"

# Counted from the month in which the draw was locked; sessions held before it have negative months.
_MONTHS = """
    SELECT month::date AS first_day, least((month + interval '1 month - 1 day')::date, %(today)s) AS day,
           (12 * (extract(year FROM month) - extract(year FROM locked_on))
            + extract(month FROM month) - extract(month FROM locked_on))::int AS number
    FROM (
        SELECT min(locked_at) AT TIME ZONE %(zone)s AS locked_on, least(
            min(locked_at) AT TIME ZONE %(zone)s, (SELECT min(held_on) FROM training_session WHERE status = 'held')
        ) AS begins_on
        FROM stations_allocation WHERE status = 'locked'
    ) study CROSS JOIN generate_series(date_trunc('month', begins_on), %(today)s::timestamp, interval '1 month') month
"""
_SERVED = """
    SELECT o.station_id, m.number, o.officer_id,
           ARRAY(SELECT a.module FROM training_attendance a JOIN training_session s ON s.id = a.session_id
                 WHERE a.officer_id = o.officer_id AND a.counts AND s.status = 'held' AND s.held_on <= m.day) AS modules
    FROM months m JOIN stations_posting o
      ON o.withdrawn_at IS NULL AND o.starts_on <= m.day AND (o.ends_on IS NULL OR o.ends_on >= m.day)
    WHERE o.station_id IN (SELECT station_id FROM drawn)
"""
_HELD = """
    SELECT s.station_id, m.number, count(*) AS sessions, count(*) FILTER (WHERE s.kind = 'catch_up') AS catch_ups,
           count(*) FILTER (WHERE s.deviation_reason <> '') AS deviations
    FROM training_session s JOIN months m ON s.held_on BETWEEN m.first_day AND m.day
    WHERE s.status = 'held' GROUP BY s.station_id, m.number
"""


def training_sql(drawn: str, modules: Modules) -> str:
    """Return the statement of the data set, with a place for its columns; `drawn` is that of the stations drawn."""
    counts = "".join(f", count(*) FILTER (WHERE {number} = ANY(modules)) AS module_{number}" for number, _ in modules)
    every = " AND ".join(f"{number} = ANY(modules)" for number, _ in modules)
    scores = ", ".join(
        f"count(*) FILTER (WHERE a.module = {number}) AS tested_{number}, "
        f"avg(a.score_before) FILTER (WHERE a.module = {number}) AS before_{number}, "
        f"avg(a.score_after) FILTER (WHERE a.module = {number}) AS after_{number}"
        for number, _ in modules
    )
    return f"""
        WITH drawn AS ({drawn}), months AS MATERIALIZED ({_MONTHS}), served AS ({_SERVED}), held AS ({_HELD}),
        covered AS (
            SELECT station_id, number, count(*) AS officers, count(*) FILTER (WHERE {every}) AS all_modules {counts}
            FROM served GROUP BY station_id, number
        ), scored AS (
            SELECT s.station_id, m.number, {scores}
            FROM training_attendance a JOIN training_session s ON s.id = a.session_id
            JOIN months m ON s.held_on BETWEEN m.first_day AND m.day
            WHERE s.status = 'held' AND a.score_before IS NOT NULL AND a.score_after IS NOT NULL
            GROUP BY s.station_id, m.number
        )
        SELECT {{columns}}
        FROM drawn d CROSS JOIN months m
        LEFT JOIN covered c ON c.station_id = d.station_id AND c.number = m.number
        LEFT JOIN held h ON h.station_id = d.station_id AND h.number = m.number
        LEFT JOIN scored s ON s.station_id = d.station_id AND s.number = m.number
        ORDER BY d.letter, m.number
    """  # noqa: S608 (nothing goes in but this module's own text and numbers of the protocol)


def training_months(modules: Modules) -> DataSet:
    """Declare the data set: every drawn station in every month since the draw was locked, or the first session."""
    return DataSet(
        name="training",
        row=Label(
            "Una estación en un mes: cada estación sorteada aparece en todos los meses, se la capacite o no.",
            "A station in a month: every drawn station is there in every month, whether it is to be trained or not.",
        ),
        columns=(*_keys(), *_coverage(modules), *_sessions(), *_scores(modules)),
        notes=_NOTES,
        is_blinded=True,
    )


_NOTES = (
    Label(
        "Un agente cuenta donde sirve el último día del mes (en el mes en curso, hoy), con todo módulo que haya "
        "llevado hasta entonces, donde haya sido. Por eso también las estaciones sin capacitación pueden tener "
        "agentes que la llevaron.",
        "An officer counts where she serves on the last day of the month (in the current month, today), with every "
        "module attended until then, wherever that was. So stations without training may have trained officers too.",
    ),
    Label(
        "La exposición se describe y no se ajusta por ella. Las pruebas de conocimientos no están validadas.",
        "Exposure is described and not adjusted for. The knowledge tests are not validated.",
    ),
)


def _keys() -> tuple[Column, ...]:
    return (
        Column(
            "station", Kind.TEXT, Label("Estación, letra cegada", "Station, blinded letter"),
            "stations.AllocatedStation.blinded_letter", "d.letter", Disclosure.QUASI_IDENTIFIER,
        ),
        Column(
            "month", Kind.INTEGER, Label("Meses desde el cierre del sorteo", "Months since the draw was locked"),
            "stations.Allocation.locked_at", "m.number", unit="months",
        ),
        Column(
            "training", Kind.INTEGER, Label("El grupo recibe capacitación", "The arm has training"),
            "stations.AllocatedStation.arm", "d.training::int", values=_YES_NO,
        ),
        Column(
            "officers", Kind.INTEGER, Label("Agentes en servicio", "Officers serving"), _POSTING,
            "coalesce(c.officers, 0)", Disclosure.QUASI_IDENTIFIER, unit="officers",
        ),
    )  # fmt: skip


def _coverage(modules: Modules) -> tuple[Column, ...]:
    counts = [
        Column(
            f"module_{number}", Kind.INTEGER,
            Label(f"Agentes con el módulo {number}: {title.es}", f"Officers with module {number}: {title.en}"),
            _ATTENDANCE, f"coalesce(c.module_{number}, 0)", unit="officers",
        )
        for number, title in modules
    ]  # fmt: skip
    shares = [
        Column(
            f"coverage_{number}", Kind.NUMBER,
            Label(f"Parte con el módulo {number}", f"Share with module {number}"), _ATTENDANCE,
            _share(f"c.module_{number}"), unit="share", missing="'not_applicable'",
        )
        for number, _title in modules
    ]  # fmt: skip
    every = (
        Column(
            "all_modules", Kind.INTEGER, Label("Agentes con todos los módulos", "Officers with all modules"),
            _ATTENDANCE, "coalesce(c.all_modules, 0)", unit="officers",
        ),
        Column(
            "coverage", Kind.NUMBER, Label("Parte con todos los módulos", "Share with all modules"),
            _ATTENDANCE, _share("c.all_modules"), unit="share", missing="'not_applicable'",
        ),
    )  # fmt: skip
    return (*counts, *shares, *every)


def _share(count: str) -> str:
    """Return the expression of a share of the officers, null where there is nobody."""
    return f"round({count}::numeric / nullif(c.officers, 0), 4)"


def _sessions() -> tuple[Column, ...]:
    return tuple(
        Column(name, Kind.INTEGER, label, _SESSION, f"coalesce(h.{name}, 0)", unit="sessions")
        for name, label in (
            ("sessions", Label("Sesiones realizadas en el mes", "Sessions held in the month")),
            ("catch_ups", Label("De ellas, de recuperación", "Of these, to catch up")),
            ("deviations", Label("De ellas, desviaciones del protocolo", "Of these, deviations from the protocol")),
        )
    )


def _scores(modules: Modules) -> tuple[Column, ...]:
    found: list[Column] = []
    for number, _title in modules:
        es, en = f"Módulo {number}", f"Module {number}"
        found += [
            Column(
                f"tested_{number}", Kind.INTEGER,
                Label(f"{es}: agentes con ambas pruebas en el mes", f"{en}: officers with both tests in the month"),
                _ATTENDANCE, f"coalesce(s.tested_{number}, 0)", unit="officers",
            ),
            Column(
                f"score_before_{number}", Kind.NUMBER,
                Label(f"{es}: puntaje medio antes, de 0 a 100", f"{en}: mean score before, 0 to 100"),
                _ATTENDANCE, f"round(s.before_{number}, 4)", unit="points", missing="'not_applicable'",
            ),
            Column(
                f"score_after_{number}", Kind.NUMBER,
                Label(f"{es}: puntaje medio después, de 0 a 100", f"{en}: mean score after, 0 to 100"),
                _ATTENDANCE, f"round(s.after_{number}, 4)", unit="points", missing="'not_applicable'",
            ),
        ]  # fmt: skip
    return tuple(found)
