"""The data set `panel_wave`: every enrolled woman at every wave."""

from panel.columns import Column, DataSet, Disclosure, Kind, Label, Values
from panel.tables.vocabulary import AGE_BAND_STARTS, AGE_BANDS, MISSING_REASONS, SURVEY_STATUSES, StudyTerms

_YES_NO: Values = (("0", Label("No", "No")), ("1", Label("Sí", "Yes")))
_DOMAINS = (
    ("psychological", Label("Agresión psicológica", "Psychological aggression"), 6),
    ("physical", Label("Agresión física", "Physical assault"), 14),
    ("sexual", Label("Coerción sexual", "Sexual coercion"), 6),
    ("injury", Label("Lesiones", "Injuries"), 6),
)
_SURVEY = "surveys.Submission.scores"
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
      AND t.decided_at < (least(g.due_on, %(today)s) + 1) AT TIME ZONE %(zone)s
    ORDER BY t.decided_at DESC, t.id DESC LIMIT 1
"""
MOVED = f"(coalesce(({_WITH}), g.station_id) <> g.station_id)::int"
ARM_MOVED = f"""coalesce((
    SELECT (d.training, d.risk_scale) <> (g.training, g.risk_scale) FROM drawn d WHERE d.station_id = ({_WITH})
), false)::int"""  # noqa: S608 (nothing but this module's own text goes in)


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
        Column(
            "woman", Kind.TEXT, Label("Código de la mujer en los datos", "Code of the woman in the data"),
            "participants.Participant, keyed hash", "g.woman", Disclosure.QUASI_IDENTIFIER,
        ),
        Column(
            "station", Kind.TEXT, Label("Estación, letra cegada", "Station, blinded letter"),
            "stations.AllocatedStation.blinded_letter", "g.letter", Disclosure.QUASI_IDENTIFIER,
        ),
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
            f"(g.blinded_group = {number} AND g.wave_number > 0)::int", values=_YES_NO,
        )
        for number in range(2, terms.groups + 1)
    ]  # fmt: skip
    arms = [
        Column(
            name, Kind.INTEGER, label, "stations.AllocatedStation.arm", f"({rule} AND g.wave_number > 0)::int",
            values=_YES_NO, is_blinded=True,
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
    group = Column(
        "group", Kind.INTEGER, Label("Grupo, numerado al azar", "Group, numbered at random"), source,
        "g.blinded_group",
    )  # fmt: skip
    return (group, *groups, *arms)


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
            values=MISSING_REASONS,
        ),
        Column(
            "days_due", Kind.INTEGER, Label("Días de la inscripción a la ola", "Days from enrolment to the wave"),
            "surveys.SurveyCase.due_on", "g.due_on - g.enrolled_on", unit="days",
        ),
        Column(
            "days_survey", Kind.INTEGER,
            Label("Días de la inscripción a la encuesta", "Days from enrolment to the survey"),
            "surveys.Submission.submitted_at", "g.surveyed_on - g.enrolled_on", unit="days",
        ),
    )  # fmt: skip


def _outcomes() -> tuple[Column, ...]:
    found: list[Column] = []
    for code, label, maximum in _DOMAINS:
        found += [
            Column(
                code, Kind.INTEGER,
                Label(f"{label.es} en el período de referencia", f"{label.en} in the reference period"), _SURVEY,
                f"(g.scores ->> '{code}')::int", values=_YES_NO,
            ),
            Column(
                f"{code}_ever", Kind.INTEGER, Label(f"{label.es} alguna vez", f"{label.en} ever"), _SURVEY,
                f"(g.scores ->> '{code}_ever')::int", values=_YES_NO,
            ),
            Column(
                f"{code}_score", Kind.INTEGER,
                Label(f"{label.es}: puntaje de 0 a {maximum}", f"{label.en}: score from 0 to {maximum}"), _SURVEY,
                f"(g.scores ->> '{code}_score')::int", unit="points",
            ),
        ]  # fmt: skip
    response = Column(
        "police_response", Kind.NUMBER,
        Label("Atención de la policía, media de 1 a 5 (no validada)", "Police response, mean 1 to 5 (not validated)"),
        _SURVEY, "round((g.scores ->> 'police_response')::numeric, 4)", unit="points",
    )  # fmt: skip
    return (*found, response)


def _exposure(terms: StudyTerms) -> tuple[Column, ...]:
    visits = [
        Column(
            f"visits_{code}", Kind.INTEGER, label, "visits.Visit.status, with consent to visits",
            f"CASE WHEN g.is_visited THEN coalesce(v.{code}, 0) END", unit="visits", is_blinded=True,
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
            "police_reports", Kind.INTEGER,
            Label("Nuevas denuncias a la policía desde la ola anterior", "New police reports since the wave before"),
            "participants.PoliceReport, with consent to linkage",
            "CASE WHEN g.is_linked AND g.days_exposed > 0 THEN coalesce(r.reports, 0) END", unit="reports",
        ),
        *_moves(),
        *visits,
        Column(
            "training_coverage", Kind.NUMBER,
            Label(
                "Parte de los agentes de la estación con todos los módulos al fin del período",
                "Share of the station's officers with all modules at the period's end",
            ),
            "training.Attendance", COVERAGE, unit="share", is_blinded=True,
        ),
        Column(
            "level_start", Kind.INTEGER,
            Label("Nivel de riesgo al empezar el período", "Level of risk at the period's start"),
            "risk.Assessment.level_rank, with consent to visits",
            "CASE WHEN g.is_visited THEN s.level_rank END", values=_levels(terms), is_blinded=True,
        ),
    )  # fmt: skip


def _moves() -> tuple[Column, ...]:
    return (
        Column(
            "station_moved", Kind.INTEGER,
            Label(
                "Otra estación la atendía al fin del período", "Another station cared for her at the period's end"
            ),
            "participants.Transfer, accepted", MOVED, values=_YES_NO,
        ),
        Column(
            "arm_moved", Kind.INTEGER,
            Label("La atendía una estación de otro brazo", "A station of another arm cared for her"),
            "participants.Transfer, stations.AllocatedStation.arm", ARM_MOVED, values=_YES_NO, is_blinded=True,
        ),
    )  # fmt: skip


def _baseline(terms: StudyTerms) -> tuple[Column, ...]:
    bands = " ".join(
        f"WHEN g.age_at_enrolment >= {start} THEN {band}"
        for band, start in reversed(list(enumerate(AGE_BAND_STARTS, start=2)))
    )
    return (
        Column(
            "age_band", Kind.INTEGER, Label("Edad al inscribirse", "Age at enrolment"),
            "participants.Participant.age_at_enrolment", f"CASE {bands} ELSE 1 END", Disclosure.QUASI_IDENTIFIER,
            values=AGE_BANDS, unit="years",
        ),
        Column(
            "level_first", Kind.INTEGER, Label("Nivel de la primera ficha de riesgo", "Level of the first risk form"),
            "risk.Assessment.level_rank, with consent to visits",
            "CASE WHEN g.is_visited THEN b.level_rank END", values=_levels(terms),
        ),
    )  # fmt: skip


def _levels(terms: StudyTerms) -> Values:
    return tuple((str(rank), label) for rank, label in enumerate(terms.levels))
