"""The data sets `panel_week` and `panel_month`: every enrolled woman in every period since her enrolment.

Both are one statement with another step. A period begins on the day of its number of weeks or months after enrolment
and ends the day before the next; the last survey, due the day after, counts in the last one.
"""

from dataclasses import dataclass

from panel.columns import Column, DataSet, Kind, Label, companion
from panel.tables.cohort import CASES, DRAWN, WAVES, WOMEN
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


def weeks(followup_months: int) -> Step:
    """Return the weeks of a follow-up: the whole weeks of its months, 52 a year."""
    count = followup_months * WEEKS_A_YEAR // MONTHS_A_YEAR
    return Step("week", "7 days", count, Label("Semana desde la inscripción, desde 0", "Week since enrolment, from 0"))


def months(followup_months: int) -> Step:
    """Return the months of a follow-up."""
    label = Label("Mes desde la inscripción, desde 0", "Month since enrolment, from 0")
    return Step("month", "1 month", followup_months, label)


# `starts` are the first days of all periods and the day after the last one.
_WHOSE = """
    SELECT w.*, d.letter, d.blinded_group, d.training, d.risk_scale, d.stratum, d.weight,
           CASE WHEN w.status IN {left} THEN w.status_changed_on END AS left_on,
           ARRAY(SELECT (w.enrolled_on + k * interval '{interval}')::date FROM generate_series(0, {count}) k ORDER BY k)
               AS starts
    FROM women w JOIN drawn d ON d.station_id = w.station_id
"""
_GRID = """
    SELECT e.*, p.number, e.starts[p.number + 1] AS starts_on, e.starts[p.number + 2] AS ends_on,
           greatest(0, least(e.starts[p.number + 2], %(today)s + 1, e.left_on) - e.starts[p.number + 1])
               AS days_exposed,
           CASE WHEN e.starts[p.number + 1] > %(today)s AND (e.left_on IS NULL OR e.left_on > e.starts[p.number + 1])
                    THEN 'not_due'
                WHEN e.left_on <= e.starts[p.number + 1] THEN 'lost' END AS no_exposure
    FROM whose e CROSS JOIN generate_series(0, {count} - 1) AS p(number)
"""
_VISITS = """
    SELECT e.id, width_bucket(v.planned_on, e.starts) - 1 AS number, count(*) AS planned,
           count(*) FILTER (WHERE v.status = 'attempted') AS attempted,
           count(*) FILTER (WHERE v.status = 'done') AS done, count(*) FILTER (WHERE v.status = 'missed') AS missed
    FROM whose e JOIN visits_visit v ON v.participant_id = e.id
    WHERE v.status <> 'superseded' AND v.planned_on <= %(today)s
    GROUP BY 1, 2
"""
_REPORTS = """
    SELECT e.id, width_bucket(r.reported_on, e.starts) - 1 AS number, count(*) AS reports
    FROM whose e JOIN participants_policereport r ON r.participant_id = e.id
    WHERE r.reported_on <= %(today)s
    GROUP BY 1, 2
"""
# A level holds at the start of a period if it was given by its first day, at its end if by its last.
_GIVEN = """
    SELECT x.id, x.level_rank, x.at_start, x.at_end,
           coalesce(lead(x.at_start) OVER held, {count}) - 1 AS until_start,
           coalesce(lead(x.at_end) OVER held, {count}) - 1 AS until_end
    FROM (
        SELECT e.id, a.level_rank, a.assessed_at, a.id AS assessment_id,
               width_bucket((a.assessed_at AT TIME ZONE %(zone)s)::date - 1, e.starts) AS at_start,
               greatest(0, width_bucket((a.assessed_at AT TIME ZONE %(zone)s)::date, e.starts) - 1) AS at_end
        FROM whose e JOIN risk_assessment a ON a.participant_id = e.id WHERE a.level <> ''
    ) x WINDOW held AS (PARTITION BY x.id ORDER BY x.assessed_at, x.assessment_id)
"""
_STARTS = "SELECT id, generate_series(at_start, until_start) AS number, level_rank FROM given"
_ENDS = "SELECT id, generate_series(at_end, until_end) AS number, level_rank FROM given"
_FIRST = """
    SELECT DISTINCT ON (a.participant_id) a.participant_id AS id, a.level_rank
    FROM risk_assessment a WHERE a.level <> '' ORDER BY a.participant_id, a.assessed_at, a.id
"""
# A wave tells of the period that ends when it is due; the first one, due at enrolment, stands in the first.
_ASKED = f"""
    SELECT DISTINCT ON (g.id, 2) g.id,
           least({{count}} - 1, greatest(0, width_bucket(g.due_on - 1, e.starts) - 1)) AS number,
           g.wave_number, g.survey_status, g.surveyed_on, {SURVEY_WHY} AS no_survey, {UNSAID} AS unsaid,
           (g.scores ->> 'psychological')::int AS psychological, (g.scores ->> 'physical')::int AS physical,
           (g.scores ->> 'sexual')::int AS sexual, (g.scores ->> 'injury')::int AS injury,
           round((g.scores ->> 'police_response')::numeric, 4) AS police_response
    FROM cases g JOIN whose e ON e.id = g.id
    ORDER BY g.id, 2, g.wave_number DESC
"""  # noqa: S608 (nothing but the modules' own text goes in)
_JOINED = ("visited v", "reported r", "level_starts s", "level_ends t", "asked q")


def periods_sql(step: Step) -> str:
    """Return the statement of a panel of weeks or months, with a place for its columns."""
    parts = {
        "women": WOMEN, "drawn": DRAWN, "waves": WAVES, "cases": CASES,
        "whose": _WHOSE.format(left=LEFT, interval=step.interval, count=step.count),
        "grid": _GRID.format(count=step.count), "visited": _VISITS, "reported": _REPORTS,
        "given": _GIVEN.format(count=step.count), "level_starts": _STARTS, "level_ends": _ENDS, "first": _FIRST,
        "asked": _ASKED.format(count=step.count), "covariates": covariates_sql(),
    }  # fmt: skip
    kept = {"women", "cases", "whose", "given", "asked", "covariates", "first"}
    ctes = ", ".join(f"{name} AS {'MATERIALIZED ' if name in kept else ''}({sql})" for name, sql in parts.items())
    joins = " ".join(
        f"LEFT JOIN {table} ON {table[-1]}.id = g.id AND {table[-1]}.number = g.number" for table in _JOINED
    )
    return f"""
        WITH {ctes}
        SELECT {{columns}}
        FROM grid g {joins} LEFT JOIN covariates k ON k.id = g.id LEFT JOIN first b ON b.id = g.id
        ORDER BY g.woman, g.number
    """  # noqa: S608 (nothing but the modules' own text goes in)


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
            Column(step.name, Kind.INTEGER, step.label, "participants.Participant.enrolled_on", "g.number"),
            group("g"), *strata("g"), *arms("g"), *_exposure(terms), *_survey(terms), age_band("g"),
            level_first(terms, "g.is_visited", "b.level_rank"), *covariates("k", own_reasons=False),
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
            f"CASE WHEN g.is_visited AND g.no_exposure IS NULL THEN coalesce(v.{code}, 0) END", unit="visits",
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
            f"CASE WHEN g.is_visited AND g.no_exposure IS NULL THEN {alias}.level_rank END", values=levels(terms),
            is_blinded=True, missing=_NO_LEVEL,
        )
        for name, alias, label in (
            ("level_start", "s", Label("Nivel de riesgo al empezar", "Level of risk at the start")),
            ("level_end", "t", Label("Nivel de riesgo al terminar", "Level of risk at the end")),
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
            "CASE WHEN g.is_linked AND g.no_exposure IS NULL THEN coalesce(r.reports, 0) END", unit="reports",
            missing=_NO_REPORTS,
        ),
        *visits,
        companion("visits_why", Label("Visitas", "Visits"), "participants.Consent", _NO_VISITS, is_blinded=True),
        *held,
    )  # fmt: skip


def _survey(terms: StudyTerms) -> tuple[Column, ...]:
    scores = "surveys.Submission.scores"
    outcomes = [
        Column(code, Kind.INTEGER, label, scores, f"q.{code}", values=YES_NO, missing_from="survey_why")
        for code, label in (
            ("psychological", Label("Agresión psicológica", "Psychological aggression")),
            ("physical", Label("Agresión física", "Physical assault")),
            ("sexual", Label("Coerción sexual", "Sexual coercion")), ("injury", Label("Lesiones", "Injuries")),
        )
    ]  # fmt: skip
    waves = tuple((str(number), label) for number, label in enumerate(terms.waves))
    whole = " AND ".join(f"q.{name} IS NOT NULL" for name in ("psychological", "physical", "sexual", "injury"))
    why = (
        "CASE WHEN q.id IS NULL THEN 'not_applicable' WHEN q.no_survey IS NOT NULL THEN q.no_survey "
        f"WHEN NOT ({whole} AND q.police_response IS NOT NULL) THEN q.unsaid END"
    )
    return (
        Column("wave", Kind.INTEGER, Label("Ola de la encuesta", "Wave of the survey"),
               "surveys.SurveyCase.wave_number", "q.wave_number", values=waves, missing_from="survey_why"),
        Column("survey_status", Kind.TEXT, Label("Qué fue de la encuesta", "What became of the survey"),
               "surveys.SurveyCase.status", "q.survey_status", values=SURVEY_STATUSES, missing_from="survey_why"),
        *outcomes,
        Column("police_response", Kind.NUMBER, Label("Atención de la policía, media de 1 a 5 (no validada)",
               "Police response, mean 1 to 5 (not validated)"), scores, "q.police_response", unit="points",
               missing_from="survey_why"),
        companion("survey_why", Label("Encuesta", "Survey"), "surveys.SurveyCase.status", why),
    )  # fmt: skip
