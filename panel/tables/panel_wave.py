"""The data set `panel_wave`: every enrolled woman at every wave."""

from panel.columns import Column, DataSet, Kind, Label, companion
from panel.tables.cohort import CASES, DRAWN, SHEETS_OUT, VISITS_STANDING, WAVES, WOMEN
from panel.tables.covariates import covariates, covariates_sql
from panel.tables.design import LEFT, YES_NO, age_band, group, level_first, levels, station_letter, strata, woman_key
from panel.tables.vocabulary import MISSING_REASONS, SURVEY_STATUSES, StudyTerms

_DOMAINS = (
    ("psychological", Label("Agresión psicológica", "Psychological aggression"), 6),
    ("physical", Label("Agresión física", "Physical assault"), 14),
    ("sexual", Label("Coerción sexual", "Sexual coercion"), 6),
    ("injury", Label("Lesiones", "Injuries"), 6),
)
_SURVEY = "surveys.Submission.scores"
# Why a wave has no survey.
SURVEY_WHY = """CASE
    WHEN g.survey_status = 'refused' THEN 'refused' WHEN g.survey_status IN ('open', 'not_due') THEN 'not_due'
    WHEN g.survey_status IN ('missed', 'cancelled') OR g.surveyed_on IS NULL THEN 'lost' END"""
# Why a survey has no such value: one that was broken off did not come to it.
UNSAID = "CASE g.survey_status WHEN 'partial' THEN 'not_asked' ELSE 'refused' END"
# Why there were no reports between two waves.
_NO_PERIOD = """CASE WHEN NOT g.is_linked THEN 'not_asked' WHEN g.wave_number = 0 THEN 'not_applicable'
    WHEN g.starts_on > %(today)s THEN 'not_due' ELSE 'lost' END"""
_NO_LEVEL = "CASE WHEN g.is_visited AND g.wave_number = 0 THEN 'not_applicable' ELSE 'not_asked' END"
_NO_VISITS = "CASE WHEN NOT g.is_visited THEN 'not_asked' END"
# Read only where the column is asked for: of the officers who serve on the period's last day, who has all modules.
COVERAGE = """(
    SELECT round(avg((t.complete_on IS NOT NULL AND t.complete_on <= least(g.due_on, %(today)s))::int), 4)
    FROM stations_posting o LEFT JOIN trained t ON t.officer_id = o.officer_id
    WHERE o.station_id = g.station_id AND o.withdrawn_at IS NULL AND o.starts_on <= least(g.due_on, %(today)s)
      AND (o.ends_on IS NULL OR o.ends_on >= least(g.due_on, %(today)s))
)"""


# The station that cared for her at the period's end, of which the ledger of transfers tells.
_WITH = """
    SELECT t.to_station_id FROM participants_transfer t
    WHERE t.participant_id = g.id AND t.state = 'accepted'
      AND t.decided_at < (least(g.due_on, %(today)s) + 1)::timestamp AT TIME ZONE %(zone)s
    ORDER BY t.decided_at DESC, t.id DESC LIMIT 1
"""
MOVED = f"(coalesce(({_WITH}), g.station_id) <> g.station_id)::int"
ARM_MOVED = f"""coalesce((
    SELECT (d.training, d.risk_scale) <> (g.training, g.risk_scale) FROM drawn d WHERE d.station_id = ({_WITH})
), false)::int"""  # noqa: S608 (nothing but this module's own text goes in)


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
_VISITS = f"""
    SELECT g.id, g.wave_number, count(*) AS planned, count(*) FILTER (WHERE v.status = 'attempted') AS attempted,
           count(*) FILTER (WHERE v.status = 'done') AS done, count(*) FILTER (WHERE v.status = 'missed') AS missed
    FROM grid g JOIN {VISITS_STANDING} v
      ON v.participant_id = g.id AND v.planned_on >= g.starts_on AND v.planned_on < g.due_on
    WHERE v.status <> 'superseded' AND v.planned_on <= %(today)s
    GROUP BY g.id, g.wave_number
"""  # noqa: S608 (nothing but the modules' own text goes in)
_REPORTS = """
    SELECT g.id, g.wave_number, count(*) AS reports
    FROM grid g JOIN participants_policereport r
      ON r.participant_id = g.id AND r.reported_on >= g.starts_on AND r.reported_on < g.due_on
    WHERE r.reported_on <= %(today)s
    GROUP BY g.id, g.wave_number
"""
_LEVEL = f"""
    LEFT JOIN LATERAL (
        SELECT a.level_rank FROM risk_assessment a
        WHERE a.participant_id = g.id AND a.level <> '' AND a.id NOT IN {SHEETS_OUT} {{until}}
        ORDER BY a.assessed_at {{order}}, a.id {{order}} LIMIT 1
    ) {{name}} ON true
"""  # noqa: S608 (as above)
# Before a day begins in Lima. A day without the cast would begin by the clock of the database's session.
_BEFORE = "AND a.assessed_at < ({})::timestamp AT TIME ZONE %(zone)s"
# The day by which an officer had attended every module.
_TRAINED = """
    SELECT officer_id, max(held_on) AS complete_on
    FROM (SELECT a.officer_id, a.module, min(s.held_on) AS held_on
          FROM training_attendance a JOIN training_session s ON s.id = a.session_id
          WHERE a.counts AND s.status = 'held' AND a.module = ANY(%(modules)s)
          GROUP BY a.officer_id, a.module) first_time
    GROUP BY officer_id HAVING count(*) = cardinality(%(modules)s)
"""
PANEL_WAVE_SQL = f"""
    WITH trained AS MATERIALIZED ({_TRAINED}), women AS ({WOMEN}), drawn AS ({DRAWN}), waves AS ({WAVES}),
         cases AS MATERIALIZED ({CASES}), periods AS ({_PERIODS}), grid AS MATERIALIZED ({_GRID}),
         visited AS ({_VISITS}), reported AS ({_REPORTS}), covariates AS MATERIALIZED ({covariates_sql()})
    SELECT {{columns}}
    FROM grid g
    LEFT JOIN visited v ON v.id = g.id AND v.wave_number = g.wave_number
    LEFT JOIN reported r ON r.id = g.id AND r.wave_number = g.wave_number
    {_LEVEL.format(name="b", until="", order="ASC")}
    {_LEVEL.format(name="s", until=_BEFORE.format("g.starts_on + 1"), order="DESC")}
    {_LEVEL.format(name="e", until=_BEFORE.format("CASE WHEN g.wave_number > 0 THEN g.due_on END"), order="DESC")}
    LEFT JOIN covariates k ON k.id = g.id
    ORDER BY g.woman, g.wave_number
"""  # noqa: S608


def panel_wave(terms: StudyTerms) -> DataSet:
    """Declare the balanced panel: every enrolled woman at every wave."""
    return DataSet(
        name="panel_wave",
        row=Label(
            "Una mujer en una ola: cada mujer enrolada aparece en todas las olas.",
            "A woman at a wave: every enrolled woman is there at every wave.",
        ),
        columns=(
            *_keys(terms),
            *_treatment(terms),
            *_survey_columns(),
            *_outcomes(),
            *_exposure(terms),
            *_baseline(terms),
        ),
        notes=_NOTES,
        period="wave",
    )


_NOTES = (
    Label(
        "Los efectos de mujer y de ola absorben todo rasgo fijo. Los rasgos del distrito no están: con 16 estaciones, "
        "la pobreza o el IDH de un distrito dirían de qué estación se trata.",
        "Woman and wave effects absorb every fixed trait. Traits of the district are left out: with 16 stations, a "
        "district's poverty or HDI would tell which station it is.",
    ),
    Label(
        "Las denuncias a la policía no son un resultado de encuesta: nunca se suman a él.",
        "Reports to the police are no survey outcome: they are never added to one.",
    ),
    Label(
        "Quien retiró su consentimiento a las encuestas, o pidió borrar sus datos, no está en la tabla.",
        "Whoever ended her consent to surveys, or asked for her data to be erased, is not in the table.",
    ),
)


def _keys(terms: StudyTerms) -> tuple[Column, ...]:
    waves = tuple((str(number), label) for number, label in enumerate(terms.waves))
    return (
        woman_key("g.woman"), station_letter("g.letter"),
        Column(
            "wave", Kind.INTEGER, Label("Ola", "Wave"), "surveys.SurveyCase.wave_number", "g.wave_number",
            values=waves,
        ),
    )  # fmt: skip


def _treatment(terms: StudyTerms) -> tuple[Column, ...]:
    source = "stations.AllocatedStation.blinded_group"
    groups = [
        Column(
            f"group_{number}", Kind.INTEGER,
            Label(f"Grupo {number}, tras el inicio", f"Group {number}, after baseline"), source,
            f"(g.blinded_group = {number} AND g.wave_number > 0)::int", values=YES_NO,
        )
        for number in range(2, terms.groups + 1)
    ]  # fmt: skip
    arms = [
        Column(
            name, Kind.INTEGER, label, "stations.AllocatedStation.arm", f"({rule} AND g.wave_number > 0)::int",
            values=YES_NO, is_blinded=True,
        )
        for name, label, rule in (
            ("training", Label("Capacitación, tras el inicio", "Training, after baseline"), "g.training"),
            ("risk_scale", Label("Escala de riesgo, tras el inicio", "Risk scale, after baseline"), "g.risk_scale"),
            (
                "training_x_risk_scale",
                Label("Ambas, tras el inicio", "Both, after baseline"),
                "g.training AND g.risk_scale",
            ),
        )
    ]  # fmt: skip
    return (group(terms, "g"), *strata("g"), *groups, *arms)


def _survey_columns() -> tuple[Column, ...]:
    reasons = ", ".join(f"'{code}'" for code, _ in MISSING_REASONS)
    return (
        Column(
            "survey_status", Kind.TEXT, Label("Qué fue de la encuesta", "What became of the survey"),
            "surveys.SurveyCase.status", "g.survey_status", values=SURVEY_STATUSES,
        ),
        Column(
            "survey_missing_reason", Kind.TEXT, Label("Por qué no hubo encuesta", "Why there was no survey"),
            "surveys.SurveyCase.missed_reason",
            "CASE WHEN g.survey_status IN ('missed', 'cancelled') THEN "
            f"CASE WHEN g.missed_reason IN ({reasons}) THEN g.missed_reason ELSE 'other' END END",
            values=MISSING_REASONS, missing="'not_applicable'",
        ),
        Column(
            "has_survey", Kind.INTEGER, Label("Hay encuesta", "There is a survey"), "surveys.Submission",
            "(g.surveyed_on IS NOT NULL)::int", values=YES_NO,
        ),
        companion(
            "survey_why", Label("Encuesta", "Survey"), "surveys.SurveyCase.status", SURVEY_WHY,
        ),
        Column(
            "days_due", Kind.INTEGER, Label("Días de la inscripción a la ola", "Days from enrolment to the wave"),
            "surveys.SurveyCase.due_on", "g.due_on - g.enrolled_on", unit="days",
        ),
        Column(
            "days_survey", Kind.INTEGER,
            Label("Días de la inscripción a la encuesta", "Days from enrolment to the survey"),
            "surveys.Submission.submitted_at", "g.surveyed_on - g.enrolled_on + g.shift", unit="days",
            missing_from="survey_why",
        ),
    )  # fmt: skip


def _outcomes() -> tuple[Column, ...]:
    found: list[Column] = []
    for code, label, maximum in _DOMAINS:
        values = [f"(g.scores ->> '{name}')::int" for name in (code, f"{code}_ever", f"{code}_score")]
        unknown = " OR ".join(f"{value} IS NULL" for value in values)
        why = f"coalesce({SURVEY_WHY}, CASE WHEN {unknown} THEN {UNSAID} END)"
        found += [
            Column(
                code, Kind.INTEGER,
                Label(f"{label.es} en el período de referencia", f"{label.en} in the reference period"), _SURVEY,
                values[0], values=YES_NO, missing_from=f"{code}_why",
            ),
            Column(
                f"{code}_ever", Kind.INTEGER, Label(f"{label.es} alguna vez", f"{label.en} ever"), _SURVEY,
                values[1], values=YES_NO, missing_from=f"{code}_why",
            ),
            Column(
                f"{code}_score", Kind.INTEGER,
                Label(f"{label.es}: puntaje de 0 a {maximum}", f"{label.en}: score from 0 to {maximum}"), _SURVEY,
                values[2], unit="points", missing_from=f"{code}_why",
            ),
            companion(f"{code}_why", label, _SURVEY, why),
        ]  # fmt: skip
    response = Column(
        "police_response", Kind.NUMBER,
        Label("Atención de la policía, media de 1 a 5 (no validada)", "Police response, mean 1 to 5 (not validated)"),
        _SURVEY, "round((g.scores ->> 'police_response')::numeric, 4)", unit="points",
        missing=f"coalesce({SURVEY_WHY}, {UNSAID})",
    )  # fmt: skip
    return (*found, response)


def _exposure(terms: StudyTerms) -> tuple[Column, ...]:
    visits = [
        Column(
            f"visits_{code}", Kind.INTEGER, label, "visits.Visit.status, with consent to visits",
            f"CASE WHEN g.is_visited THEN coalesce(v.{code}, 0) END", unit="visits", is_blinded=True,
            missing_from="visits_why",
        )
        for code, label in (
            ("planned", Label("Visitas planificadas desde la ola anterior", "Visits planned since the wave before")),
            ("attempted", Label("Visitas intentadas sin verla", "Visits attempted without meeting her")),
            ("done", Label("Visitas hechas", "Visits done")),
            ("missed", Label("Visitas perdidas", "Visits missed")),
        )
    ]  # fmt: skip
    return (
        Column(
            "days_exposed", Kind.INTEGER,
            Label("Días en seguimiento desde la ola anterior", "Days in follow-up since the wave before"),
            "participants.Participant.status", "g.days_exposed", unit="days",
        ),
        Column(
            "has_left", Kind.INTEGER,
            Label("Dejó el seguimiento antes de la ola", "She left follow-up before the wave"),
            "participants.Participant.status", f"(g.status IN {LEFT} AND g.status_changed_on < g.due_on)::int",
            values=YES_NO,
        ),
        Column(
            "police_reports", Kind.INTEGER,
            Label("Nuevas denuncias a la policía desde la ola anterior", "New police reports since the wave before"),
            "participants.PoliceReport, with consent to linkage",
            "CASE WHEN g.is_linked AND g.days_exposed > 0 THEN coalesce(r.reports, 0) END", unit="reports",
            missing=_NO_PERIOD,
        ),
        *_moves(),
        *visits,
        companion(
            "visits_why", Label("Visitas", "Visits"), "participants.Consent", _NO_VISITS, is_blinded=True,
        ),
        *_station_and_level(terms),
    )  # fmt: skip


def _station_and_level(terms: StudyTerms) -> tuple[Column, ...]:
    return (
        Column(
            "training_coverage", Kind.NUMBER,
            Label(
                "Parte de los agentes de la estación con todos los módulos al fin del período",
                "Share of the station's officers with all modules at the period's end",
            ),
            "training.Attendance", COVERAGE, unit="share", is_blinded=True,
            missing="'not_applicable'",
        ),
        Column(
            "level_start", Kind.INTEGER,
            Label("Nivel de riesgo al empezar el período", "Level of risk at the period's start"),
            "risk.Assessment.level_rank, with consent to visits",
            "CASE WHEN g.is_visited THEN s.level_rank END", values=levels(terms), is_blinded=True,
            missing=_NO_LEVEL,
        ),
        Column(
            "level_end", Kind.INTEGER, Label("Nivel de riesgo al fin del período", "Level of risk at the period's end"),
            "risk.Assessment.level_rank, with consent to visits",
            "CASE WHEN g.is_visited THEN e.level_rank END", values=levels(terms), is_blinded=True, missing=_NO_LEVEL,
        ),
    )  # fmt: skip


def _moves() -> tuple[Column, ...]:
    return (
        Column(
            "station_moved", Kind.INTEGER,
            Label(
                "Otra estación la atendía al fin del período", "Another station cared for her at the period's end"
            ),
            "participants.Transfer, accepted", MOVED, values=YES_NO,
        ),
        Column(
            "arm_moved", Kind.INTEGER,
            Label("La atendía una estación de otro brazo", "A station of another arm cared for her"),
            "participants.Transfer, stations.AllocatedStation.arm", ARM_MOVED, values=YES_NO, is_blinded=True,
        ),
    )  # fmt: skip


def _baseline(terms: StudyTerms) -> tuple[Column, ...]:
    return (
        age_band("g"),
        level_first(terms, "g.is_visited", "b.level_rank"),
        *covariates("k", own_reasons=False),
    )
