"""The data sets `panel_week` and `panel_month`: every enrolled woman in every period since her enrolment.

Both are one statement with another step. A period begins on the day of its number of weeks or months after enrolment
and ends the day before the next; the last survey, due the day after, counts in the last one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from panel.columns import Column, DataSet, Kind, Label, Values, companion
from panel.tables.cohort import CASES, DRAWN, SHEETS_OUT, VISITS_STANDING, WAVES, WOMEN
from panel.tables.covariates import covariates, covariates_sql
from panel.tables.design import (
    LEFT,
    YES_NO,
    age_band,
    arms,
    group,
    level_first,
    levels,
    station_letter,
    strata,
    woman_key,
)
from panel.tables.panel_wave import SURVEY_WHY, UNSAID
from panel.tables.vocabulary import SURVEY_STATUSES, StudyTerms

WEEKS_A_YEAR, MONTHS_A_YEAR = 52, 12


@dataclass(frozen=True, slots=True)
class Step:
    """How long a period is, and how many of them the follow-up has."""

    name: str
    interval: str
    count: int
    label: Label
    # Labels of each period, where they are few enough to have columns of their own in the wide form.
    values: Values = ()


def weeks(followup_months: int) -> Step:
    """Return the weeks of a follow-up: the whole weeks of its months, 52 a year."""
    count = followup_months * WEEKS_A_YEAR // MONTHS_A_YEAR
    return Step("week", "7 days", count, Label("Semana desde la inscripción, desde 0", "Week since enrolment, from 0"))


def months(followup_months: int) -> Step:
    """Return the months of a follow-up."""
    label = Label("Mes desde la inscripción, desde 0", "Month since enrolment, from 0")
    values = tuple((str(number), Label(f"Mes {number}", f"Month {number}")) for number in range(followup_months))
    return Step("month", "1 month", followup_months, label, values)


# `starts` are the first days of all periods and the day after the last one.
_WHOSE = """
    SELECT w.*, d.letter, d.blinded_group, d.training, d.risk_scale, d.stratum, d.weight,
           CASE WHEN w.status IN {left} THEN w.status_changed_on END AS left_on,
           ARRAY(SELECT (w.enrolled_on + k * interval '{interval}')::date FROM generate_series(0, {count}) k ORDER BY k)
               AS starts
    FROM women w JOIN drawn d ON d.station_id = w.station_id
"""
# A wave tells of the period that ends when it is due; the first one, due at enrolment, stands in the first.
_ASKED = f"""
    SELECT DISTINCT ON (g.id, 2) g.id,
           least({{count}} - 1, greatest(0, width_bucket(g.due_on - 1, e.starts) - 1)) AS number,
           g.wave_number, g.survey_status, {SURVEY_WHY} AS no_survey, {UNSAID} AS unsaid,
           (g.scores ->> 'psychological')::int AS psychological, (g.scores ->> 'physical')::int AS physical,
           (g.scores ->> 'sexual')::int AS sexual, (g.scores ->> 'injury')::int AS injury,
           round((g.scores ->> 'police_response')::numeric, 4) AS police_response
    FROM cases g JOIN whose e ON e.id = g.id
    ORDER BY g.id, 2, g.wave_number DESC
"""  # noqa: S608 (nothing but the modules' own text goes in)
_VISITS = f"""
    SELECT width_bucket(v.planned_on, e.starts) - 1 AS number, count(*)::int AS planned,
           (count(*) FILTER (WHERE v.status = 'attempted'))::int AS attempted,
           (count(*) FILTER (WHERE v.status = 'done'))::int AS done,
           (count(*) FILTER (WHERE v.status = 'missed'))::int AS missed
    FROM {VISITS_STANDING} v
    WHERE v.participant_id = e.id AND v.status <> 'superseded' AND v.planned_on <= %(today)s
    GROUP BY 1
"""  # noqa: S608 (nothing but the modules' own text goes in)
_REPORTS = """
    SELECT width_bucket(r.reported_on, e.starts) - 1 AS number, count(*)::int AS reports
    FROM participants_policereport r WHERE r.participant_id = e.id AND r.reported_on <= %(today)s
    GROUP BY 1
"""
# A level holds at the start of a period if it was given by its first day, at its end if by its last.
_LEVELS = f"""
    SELECT a.level_rank AS rank,
           width_bucket((a.assessed_at AT TIME ZONE %(zone)s)::date - 1, e.starts) AS from_start,
           width_bucket((a.assessed_at AT TIME ZONE %(zone)s)::date, e.starts) - 1 AS from_end
    FROM risk_assessment a WHERE a.participant_id = e.id AND a.level <> '' AND a.id NOT IN {SHEETS_OUT}
    ORDER BY a.assessed_at, a.id
"""  # noqa: S608 (as above)
_ASKED_OF = (
    "wave_number", "survey_status", "no_survey", "unsaid", "psychological", "physical", "sexual", "injury",
    "police_response",
)  # fmt: skip
_VISITED, _LEVEL = ("planned", "attempted", "done", "missed"), ("rank", "from_start", "from_end")


def periods_sql(step: Step) -> str:
    """Return the statement of a panel of weeks or months, with a place for its columns.

    What a woman has of each period goes as arrays beside her, in the order of the women, and is spread over the periods
    last: nothing is sorted as a whole, and whoever wants the first rows waits for the first women alone.
    """
    parts = {
        "women": WOMEN, "drawn": DRAWN, "waves": WAVES, "cases": CASES,
        "whose": _WHOSE.format(left=LEFT, interval=step.interval, count=step.count),
        "asked": _asked_sql(step.count),
        "covariates": covariates_sql(),
    }  # fmt: skip
    kept = {"women", "cases", "whose", "asked", "covariates"}
    ctes = ", ".join(f"{name} AS {'MATERIALIZED ' if name in kept else ''}({sql})" for name, sql in parts.items())
    return f"""
        WITH {ctes}
        SELECT {{columns}}
        FROM (
            SELECT e.*, visit.*, report.*, level.*, p.number,
                   e.starts[p.number + 1] AS starts_on, e.starts[p.number + 2] AS ends_on,
                   greatest(0, least(e.starts[p.number + 2], %(today)s + 1, e.left_on) - e.starts[p.number + 1])
                       AS days_exposed,
                   CASE WHEN e.starts[p.number + 1] > %(today)s
                             AND (e.left_on IS NULL OR e.left_on > e.starts[p.number + 1]) THEN 'not_due'
                        WHEN e.left_on <= e.starts[p.number + 1] THEN 'lost' END AS no_exposure
            FROM (
                SELECT * FROM whose LEFT JOIN asked USING (id) LEFT JOIN covariates USING (id) ORDER BY woman
            ) e {_hers()} CROSS JOIN LATERAL generate_series(0, cardinality(e.starts) - 2) AS p(number)
        ) g
        CROSS JOIN LATERAL (
            SELECT array_position(g.visit_number, g.number) AS visit,
                   array_position(g.report_number, g.number) AS report,
                   array_position(g.asked_number, g.number) AS asked
            OFFSET 0
        ) i
        CROSS JOIN LATERAL (
            SELECT {_picked("visit", _VISITED)}, {_picked("report", ("reports",))}, {_picked("asked", _ASKED_OF)},
                   g.level_rank[width_bucket(g.number, g.level_from_start)] AS level_start,
                   g.level_rank[width_bucket(g.number, g.level_from_end)] AS level_end
        ) x
        ORDER BY g.woman, g.number
    """  # noqa: S608 (nothing but the modules' own text goes in)


def _asked_sql(count: int) -> str:
    asked = _ASKED.format(count=count)
    return f"SELECT a.id, {_arrays('asked', ('number', *_ASKED_OF))} FROM ({asked}) a GROUP BY a.id"  # noqa: S608 (as above)


def _hers() -> str:
    """Return the joins that bring a woman's own visits, reports and levels beside her."""
    found = (
        ("visit", ("number", *_VISITED), _VISITS),
        ("report", ("number", "reports"), _REPORTS),
        ("level", _LEVEL, _LEVELS),
    )
    return " ".join(
        f"LEFT JOIN LATERAL (SELECT {_arrays(name, columns)} FROM ({sql}) a) {name} ON true"  # noqa: S608 (as above)
        for name, columns, sql in found
    )


def _arrays(name: str, columns: Sequence[str]) -> str:
    return ", ".join(f"array_agg(a.{column}) AS {name}_{column}" for column in columns)


def _picked(name: str, columns: Sequence[str]) -> str:
    return ", ".join(f"g.{name}_{column}[i.{name}] AS {column}" for column in columns)


def panel_periods(terms: StudyTerms, step: Step) -> DataSet:
    """Declare a panel of weeks or months."""
    return DataSet(
        name=f"panel_{step.name}",
        row=Label(
            "Una mujer en un período: cada mujer inscrita aparece en todos los períodos del seguimiento.",
            "A woman in a period: every enrolled woman is there in every period of follow-up.",
        ),
        columns=(
            woman_key("g.woman"), station_letter("g.letter"),
            Column(
                step.name, Kind.INTEGER, step.label, "participants.Participant.enrolled_on", "g.number",
                values=step.values,
            ),
            group(terms, "g"), *strata("g"), *arms("g"), *_exposure(terms), *_survey(terms), age_band("g"),
            level_first(terms, "g.is_visited", "g.level_rank[1]"), *covariates("g", own_reasons=False),
        ),
        notes=_NOTES,
        period=step.name,
    )  # fmt: skip


_NOTES = (
    Label(
        "Un período sin visitas tiene cero visitas; antes de que empiece o después de que ella dejó el seguimiento, "
        "ningún número, con la razón.",
        "A period without visits has zero visits; before it begins, or after she left follow-up, there is no number, "
        "with the reason.",
    ),
    Label(
        "La encuesta de una ola está en el período que termina cuando toca. Las denuncias a la policía nunca se suman "
        "a ella.",
        "The survey of a wave stands in the period that ends when it is due. Reports to the police are never added to "
        "it.",
    ),
)
_NO_VISITS = "CASE WHEN NOT g.is_visited THEN 'not_asked' ELSE g.no_exposure END"
_NO_LEVEL = "CASE WHEN NOT g.is_visited THEN 'not_asked' ELSE coalesce(g.no_exposure, 'not_asked') END"
_NO_REPORTS = "CASE WHEN NOT g.is_linked THEN 'not_asked' ELSE g.no_exposure END"


def _exposure(terms: StudyTerms) -> tuple[Column, ...]:
    status, consent = "participants.Participant.status", "with consent to visits"
    visits = [
        Column(
            f"visits_{code}", Kind.INTEGER, label, f"visits.Visit.status, {consent}",
            f"CASE WHEN g.is_visited AND g.no_exposure IS NULL THEN coalesce(x.{code}, 0) END", unit="visits",
            is_blinded=True, missing_from="visits_why",
        )
        for code, label in (
            ("planned", Label("Visitas planificadas", "Visits planned")),
            ("attempted", Label("Visitas intentadas sin verla", "Visits attempted without meeting her")),
            ("done", Label("Visitas hechas", "Visits done")), ("missed", Label("Visitas perdidas", "Visits missed")),
        )
    ]  # fmt: skip
    held = [
        Column(
            name, Kind.INTEGER, label, f"risk.Assessment.level_rank, {consent}",
            f"CASE WHEN g.is_visited AND g.no_exposure IS NULL THEN x.{name} END", values=levels(terms),
            is_blinded=True, missing=_NO_LEVEL,
        )
        for name, label in (
            ("level_start", Label("Nivel de riesgo al empezar", "Level of risk at the start")),
            ("level_end", Label("Nivel de riesgo al terminar", "Level of risk at the end")),
        )
    ]  # fmt: skip
    return (
        Column(
            "days_exposed", Kind.INTEGER, Label("Días en seguimiento en el período", "Days in follow-up in the period"),
            status, "g.days_exposed", unit="days",
        ),
        Column(
            "has_left", Kind.INTEGER, Label("Dejó el seguimiento antes del fin", "She left follow-up before the end"),
            status, "coalesce(g.left_on < g.ends_on, false)::int", values=YES_NO,
        ),
        Column(
            "police_reports", Kind.INTEGER, Label("Nuevas denuncias a la policía", "New police reports"),
            "participants.PoliceReport, with consent to linkage",
            "CASE WHEN g.is_linked AND g.no_exposure IS NULL THEN coalesce(x.reports, 0) END", unit="reports",
            missing=_NO_REPORTS,
        ),
        *visits,
        companion("visits_why", Label("Visitas", "Visits"), "participants.Consent", _NO_VISITS, is_blinded=True),
        *held,
    )  # fmt: skip


def _survey(terms: StudyTerms) -> tuple[Column, ...]:
    scores = "surveys.Submission.scores"
    outcomes = [
        Column(code, Kind.INTEGER, label, scores, f"x.{code}", values=YES_NO, missing_from="survey_why")
        for code, label in (
            ("psychological", Label("Agresión psicológica", "Psychological aggression")),
            ("physical", Label("Agresión física", "Physical assault")),
            ("sexual", Label("Coerción sexual", "Sexual coercion")), ("injury", Label("Lesiones", "Injuries")),
        )
    ]  # fmt: skip
    waves = tuple((str(number), label) for number, label in enumerate(terms.waves))
    whole = " AND ".join(f"x.{name} IS NOT NULL" for name in ("psychological", "physical", "sexual", "injury"))
    why = (
        "CASE WHEN i.asked IS NULL THEN 'not_applicable' WHEN x.no_survey IS NOT NULL THEN x.no_survey "
        f"WHEN NOT ({whole} AND x.police_response IS NOT NULL) THEN x.unsaid END"
    )
    return (
        Column("wave", Kind.INTEGER, Label("Ola de la encuesta", "Wave of the survey"),
               "surveys.SurveyCase.wave_number", "x.wave_number", values=waves, missing_from="survey_why"),
        Column("survey_status", Kind.TEXT, Label("Qué fue de la encuesta", "What became of the survey"),
               "surveys.SurveyCase.status", "x.survey_status", values=SURVEY_STATUSES, missing_from="survey_why"),
        *outcomes,
        Column("police_response", Kind.NUMBER, Label("Atención de la policía, media de 1 a 5 (no validada)",
               "Police response, mean 1 to 5 (not validated)"), scores, "x.police_response", unit="points",
               missing_from="survey_why"),
        companion("survey_why", Label("Encuesta", "Survey"), "surveys.SurveyCase.status", why),
    )  # fmt: skip
