"""The data set `visits`: every visit that was planned until today, with its log. It tells the dose, hence the arm."""

from panel.columns import Column, DataSet, Kind, Label, Values
from panel.tables.cohort import DRAWN, LOGS_OUT, VISITS_STANDING, WOMEN
from panel.tables.design import YES_NO, arms, station_letter, woman_key

VISITS_SQL = f"""
    WITH women AS MATERIALIZED ({WOMEN}), drawn AS ({DRAWN})
    SELECT {{columns}}
    FROM women w
    JOIN drawn d ON d.station_id = w.station_id
    JOIN {VISITS_STANDING} v ON v.participant_id = w.id
    LEFT JOIN visits_visitlog l ON l.visit_id = v.id AND l.id NOT IN {LOGS_OUT}
    WHERE w.is_visited AND v.status <> 'superseded' AND v.planned_on <= %(today)s
    ORDER BY w.woman, v.planned_on, v.id
"""  # noqa: S608 (nothing but the modules' own text goes in)
STATUSES: Values = (
    ("planned", Label("Planificada", "Planned")),
    ("done", Label("Hecha", "Done")),
    ("attempted", Label("Intentada", "Attempted")),
    ("missed", Label("Perdida", "Missed")),
)
OUTCOMES: Values = (
    ("met", Label("Se la vio", "She was met")),
    ("nobody_home", Label("No había nadie", "Nobody at home")),
    ("moved", Label("Se mudó", "Moved away")),
    ("refused", Label("No quiso la visita", "She did not want the visit")),
    ("unsafe", Label("No era seguro", "It was not safe")),
    ("aborted", Label("Se tuvo que interrumpir", "It had to be broken off")),
)
_ANSWERS: Values = (
    ("yes", Label("Sí", "Yes")), ("no", Label("No", "No")), ("unknown", Label("No se sabe", "Not known")),
)  # fmt: skip
# Why there is no log, and why a log has no such answer.
_NO_LOG = "CASE v.status WHEN 'planned' THEN 'not_due' ELSE 'lost' END"
_UNANSWERED = f"CASE WHEN l.id IS NULL THEN {_NO_LOG} ELSE 'not_asked' END"


def visits() -> DataSet:
    """Declare the data set: one row a visit."""
    return DataSet(
        name="visits",
        row=Label("Una visita planificada hasta hoy.", "A visit planned until today."),
        columns=(woman_key("w.woman"), station_letter("d.letter"), *arms("d"), *_visit(), *_log()),
        notes=_NOTES,
        is_blinded=True,
    )


_NOTES = (
    Label(
        "Las visitas describen la dosis: no se ajusta por ellas. Faltan las de quien no permite usarlas.",
        "Visits describe the dose and are not adjusted for. Those of women who do not permit their use are left out.",
    ),
)


def _visit() -> tuple[Column, ...]:
    return (
        Column("number", Kind.INTEGER, Label("Número de la visita de la mujer", "Number of the woman's visit"),
               "visits.Visit", "row_number() OVER (PARTITION BY w.woman ORDER BY v.planned_on, v.id)"),
        Column("day", Kind.INTEGER, Label("Días de la inscripción a la visita", "Days from enrolment to the visit"),
               "visits.Visit.planned_on", "v.planned_on - w.enrolled_on + w.shift", unit="days"),
        Column("status", Kind.TEXT, Label("Qué fue de la visita", "What became of the visit"), "visits.Visit.status",
               "v.status", values=STATUSES),
        Column("is_unplanned", Kind.INTEGER, Label("Fuera del plan", "Beside the plan"), "visits.Visit.is_unplanned",
               "v.is_unplanned::int", values=YES_NO),
        Column("station_moved", Kind.INTEGER, Label("La hizo otra estación", "Another station made it"),
               "visits.Visit.station", "(v.station_id <> w.station_id)::int", values=YES_NO),
    )  # fmt: skip


def _log() -> tuple[Column, ...]:
    source = "visits.VisitLog"
    answers = [
        Column(name, Kind.TEXT, label, source, f"nullif(l.{name}, '')", values=_ANSWERS, missing=_UNANSWERED)
        for name, label in (
            ("in_private", Label("Hablaron a solas", "They talked in private")),
            ("new_incident", Label("Contó un hecho nuevo", "She told of a new incident")),
            ("incident_injury", Label("Con lesiones", "With injuries")),
            ("incident_weapon", Label("Con un arma", "With a weapon")),
            ("measures_obeyed", Label("Él cumple las medidas", "He obeys the measures")),
        )
    ]
    flags = [
        Column(name, Kind.INTEGER, label, source, f"l.{name}::int", values=YES_NO, missing=_NO_LOG)
        for name, label in (
            ("safety_concern", Label("Preocupa su seguridad", "Her safety is a concern")),
            ("child_in_danger", Label("Un niño en peligro", "A child in danger")),
            ("referral_offered", Label("Se ofreció apoyo", "Support was offered")),
        )
    ]
    outcome = Column(
        "outcome", Kind.TEXT, Label("Resultado de la visita", "Outcome of the visit"), source, "l.outcome",
        values=OUTCOMES, missing=_NO_LOG,
    )  # fmt: skip
    return (outcome, *answers, *flags)
