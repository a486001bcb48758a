"""The data set `risk`: every assessment, in order. How often a woman was assessed tells the arm."""

from panel.columns import Column, DataSet, Kind, Label, Values
from panel.tables.cohort import DRAWN, SHEETS_OUT, WOMEN
from panel.tables.design import YES_NO, arms, levels, station_letter, woman_key
from panel.tables.vocabulary import StudyTerms

RISK_SQL = f"""
    WITH women AS MATERIALIZED ({WOMEN}), drawn AS ({DRAWN})
    SELECT {{columns}}
    FROM women w
    JOIN drawn d ON d.station_id = w.station_id
    JOIN risk_assessment a ON a.participant_id = w.id
    JOIN risk_scale c ON c.id = a.scale_id
    WHERE w.is_visited AND a.id NOT IN {SHEETS_OUT}
    ORDER BY w.woman, a.assessed_at, a.id
"""  # noqa: S608 (nothing but the modules' own text goes in)
RAISED: Values = (
    ("new_incident", Label("Hubo un hecho nuevo", "There was a new incident")),
    ("weapon", Label("Él tiene o puede tener un arma", "He has, or could get, a weapon")),
    ("separation", Label("Lo está dejando o lo acaba de dejar", "She is leaving him or has just left")),
    ("threats", Label("Amenazas a ella o a otras personas", "Threats to her or others")),
    ("her_fear", Label("Ella teme más de lo que muestra la ficha", "She fears more than the sheet shows")),
    ("other", Label("Otra razón", "Another reason")),
)


def risk(terms: StudyTerms) -> DataSet:
    """Declare the data set: one row an assessment."""
    return DataSet(
        name="risk",
        row=Label("Una ficha de riesgo llenada.", "A risk form that was filled in."),
        columns=(woman_key("w.woman"), station_letter("d.letter"), *arms("d"), *_assessment(terms)),
        notes=_NOTES,
        is_blinded=True,
    )


_NOTES = (
    Label(
        "El nivel es el que quedó después de la ficha. Faltan las fichas de quien no permite usar sus visitas.",
        "The level is the one held after the form. Forms of women who do not permit use of their visits are left out.",
    ),
)


def _assessment(terms: StudyTerms) -> tuple[Column, ...]:
    source = "risk.Assessment"
    return (
        Column("number", Kind.INTEGER, Label("Número de la ficha de la mujer", "Number of the woman's form"), source,
               "row_number() OVER (PARTITION BY w.woman ORDER BY a.assessed_at, a.id)"),
        Column("day", Kind.INTEGER, Label("Días de la inscripción a la ficha", "Days from enrolment to the form"),
               f"{source}.assessed_at", "(a.assessed_at AT TIME ZONE %(zone)s)::date - w.enrolled_on + w.shift",
               unit="days"),
        Column("scale", Kind.TEXT, Label("Escala y versión", "Scale and version"), "risk.Scale",
               "c.code || ' ' || c.version"),
        Column("score", Kind.INTEGER, Label("Puntaje", "Score"), f"{source}.score", "a.score", unit="points"),
        Column("is_complete", Kind.INTEGER, Label("Ficha completa", "Form complete"), f"{source}.is_complete",
               "a.is_complete::int", values=YES_NO),
        Column("blanks", Kind.INTEGER, Label("Preguntas en blanco", "Items left blank"), f"{source}.missing",
               "a.missing", unit="items"),
        Column("level", Kind.INTEGER, Label("Nivel después de la ficha", "Level after the form"),
               f"{source}.level_rank", "CASE WHEN a.level <> '' THEN a.level_rank END", values=levels(terms),
               missing="'not_applicable'"),
        Column("is_raised", Kind.INTEGER, Label("El agente subió el nivel", "The officer raised the level"),
               f"{source}.officer_level", "(a.officer_level <> '')::int", values=YES_NO),
        Column("raised_reason", Kind.TEXT, Label("Por qué lo subió", "Why it was raised"), f"{source}.raised_reason",
               "nullif(a.raised_reason, '')", values=RAISED, missing="'not_applicable'"),
        Column("own_rating", Kind.INTEGER, Label("Peligro según ella", "Danger as she sees it"),
               f"{source}.own_rating", "a.own_rating", unit="points", missing="'not_asked'"),
    )  # fmt: skip
