"""The data set `participants`: every enrolled woman, once, as she stands at the cut."""

from panel.columns import Column, DataSet, Kind, Label, Values
from panel.tables.cohort import DRAWN, SHEETS_OUT, WAVES, WOMEN
from panel.tables.covariates import covariates, covariates_sql
from panel.tables.design import LEFT, YES_NO, age_band, arms, group, level_first, station_letter, strata, woman_key
from panel.tables.vocabulary import StudyTerms

STATUSES: Values = (
    ("enrolled", Label("Inscrita", "Enrolled")),
    ("paused", Label("En pausa", "Paused")),
    ("moved", Label("Se mudó", "Moved away")),
    ("lost", Label("Perdida del seguimiento", "Lost to follow-up")),
    ("withdrawn", Label("Se retiró", "Withdrawn")),
    ("deceased", Label("Falleció", "Deceased")),
    ("completed", Label("Terminó el seguimiento", "Completed")),
)
_DAYS_LEFT = f"CASE WHEN w.status IN {LEFT} THEN w.status_changed_on - w.enrolled_on + w.shift END"
_SURVEYS = """
    SELECT w.id, count(*) FILTER (WHERE c.window_from <= %(today)s OR s.id IS NOT NULL) AS due, count(s.id) AS done,
           bool_or(s.id IS NOT NULL AND c.wave = %(last_wave)s) AS has_last,
           max(c.status) FILTER (WHERE c.wave = %(last_wave)s) AS last_status,
           min(c.window_from) FILTER (WHERE c.wave = %(last_wave)s) AS last_from
    FROM women w LEFT JOIN surveys_surveycase c ON c.participant_id = w.id AND c.wave = ANY(%(waves)s)
    LEFT JOIN surveys_submission s ON s.case_id = c.id GROUP BY w.id
"""
PARTICIPANTS_SQL = f"""
    WITH women AS MATERIALIZED ({WOMEN}), drawn AS ({DRAWN}), waves AS ({WAVES}),
         covariates AS MATERIALIZED ({covariates_sql()}), surveyed AS ({_SURVEYS})
    SELECT {{columns}}
    FROM women w
    JOIN drawn d ON d.station_id = w.station_id
    JOIN covariates k ON k.id = w.id
    JOIN surveyed q ON q.id = w.id
    LEFT JOIN LATERAL (
        SELECT a.level_rank FROM risk_assessment a WHERE a.participant_id = w.id AND a.level <> ''
          AND a.id NOT IN {SHEETS_OUT}
        ORDER BY a.assessed_at, a.id LIMIT 1
    ) b ON true
    ORDER BY w.woman
"""  # noqa: S608 (nothing but the modules' own text goes in)
_LAST = "(CASE WHEN q.has_last THEN 1 WHEN q.last_status IN ('refused', 'missed', 'cancelled') THEN 0 END)"


def participants(terms: StudyTerms) -> DataSet:
    """Declare the data set: one row a woman."""
    return DataSet(
        name="participants",
        row=Label("Una mujer inscrita, como está al corte.", "An enrolled woman, as she stands at the cut."),
        columns=(
            woman_key("w.woman"), station_letter("d.letter"), group(terms, "d"), *strata("d"), *arms("d"),
            age_band("w"), *covariates("k", own_reasons=True),
            level_first(terms, "w.is_visited", "b.level_rank"), *_follow_up(),
        ),
        notes=_NOTES,
    )  # fmt: skip


_NOTES = (
    Label(
        "Los datos de la primera encuesta se miden igual en todos los grupos. La ficha de riesgo solo donde se usa.",
        "Data of the first survey are measured alike in all groups; the risk form only where it is used.",
    ),
    Label(
        "Quien retiró su consentimiento a las encuestas, o pidió borrar sus datos, no está en la tabla.",
        "Whoever ended her consent to surveys, or asked for her data to be erased, is not in the table.",
    ),
)


def _follow_up() -> tuple[Column, ...]:
    status, cases = "participants.Participant.status", "surveys.SurveyCase"
    return (
        Column("status", Kind.TEXT, Label("Situación al corte", "Status at the cut"), status, "w.status",
               values=STATUSES),
        Column("has_left", Kind.INTEGER, Label("Dejó el seguimiento", "She left follow-up"), status,
               f"(w.status IN {LEFT})::int", values=YES_NO),
        Column("days_left", Kind.INTEGER,
               Label("Días de la inscripción a la salida", "Days from enrolment until she left"), status,
               _DAYS_LEFT, unit="days", missing="'not_applicable'"),
        Column("surveys_due", Kind.INTEGER, Label("Encuestas que ya tocaban", "Surveys that were due"), cases, "q.due",
               unit="surveys"),
        Column("surveys_done", Kind.INTEGER, Label("Encuestas respondidas", "Surveys answered"), cases, "q.done",
               unit="surveys"),
        Column("has_last_survey", Kind.INTEGER, Label("Respondió la última ola", "Answered the last wave"), cases,
               _LAST, values=YES_NO, missing="'not_due'"),
        Column("allows_visits", Kind.INTEGER, Label("Permite usar sus visitas", "Permits use of her visits"),
               "participants.Consent", "w.is_visited::int", values=YES_NO),
        Column("allows_reports", Kind.INTEGER, Label("Permite usar sus denuncias", "Permits use of her reports"),
               "participants.Consent", "w.is_linked::int", values=YES_NO),
    )  # fmt: skip
