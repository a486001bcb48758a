"""The data set `surveys`: every survey that was answered, whole or in part, with its acts, items and outcomes."""

from collections.abc import Sequence

from panel.columns import Column, DataSet, Kind, Label, Values, companion
from panel.tables.covariates import covariates, covariates_sql
from panel.tables.design import YES_NO, age_band, group, station_letter, strata, woman_key
from panel.tables.vocabulary import StudyTerms
from surveys.ipv_scores import ACTS, act_items, response_items

_ACT: Values = (
    ("0", Label("Nunca", "Never")),
    ("1", Label("Muchas veces en el período", "Often in the period")),
    ("2", Label("Algunas veces en el período", "Sometimes in the period")),
    ("3", Label("Antes, no en el período", "Before, not in the period")),
    ("4", Label("Ocurrió; no dijo cuándo", "It happened; when was not said")),
)
_AGREEMENT: Values = (
    ("1", Label("Nada de acuerdo", "Do not agree at all")),
    ("2", Label("Poco de acuerdo", "Agree a little")),
    ("3", Label("Más o menos", "Half and half")),
    ("4", Label("De acuerdo", "Agree")),
    ("5", Label("Muy de acuerdo", "Agree fully")),
)
_SEVERITY: Values = (
    ("0", Label("Ningún hecho", "No act")),
    ("1", Label("Solo hechos menos graves", "Less severe acts only")),
    ("2", Label("Algún hecho grave", "A severe act")),
)
_DOMAINS = {
    "psychological": Label("Agresión psicológica", "Psychological aggression"),
    "physical": Label("Agresión física", "Physical assault"),
    "sexual": Label("Coerción sexual", "Sexual coercion"),
    "injury": Label("Lesiones", "Injuries"),
}
_COMBINED = {
    "physical_or_sexual": Label("Física o sexual", "Physical or sexual"),
    "physical_and_sexual": Label("Física y sexual", "Physical and sexual"),
    "any_form": Label("Psicológica, física o sexual", "Psychological, physical or sexual"),
    "all_forms": Label("Psicológica, física y sexual", "Psychological, physical and sexual"),
}
# Why an answered survey has no such outcome: one that was broken off did not come to it.
_UNSAID = "CASE WHEN s.is_complete THEN 'refused' ELSE 'not_asked' END"
# Injuries are asked only after a physical or sexual act.
_UNHURT = "(s.scores ->> 'physical_ever')::int = 0 AND (s.scores ->> 'sexual_ever')::int = 0"
_SCORES, _ANSWERS = "surveys.Submission.scores", "surveys.Submission.answers"
_NOTES = (
    Label(
        "Una encuesta corregida aparece una vez, como quedó. Lo que ella no dijo queda vacío: nunca cuenta como «no».",
        "A corrected survey is there once, as it stands. What she did not say is empty: it never counts as “no”.",
    ),
    Label(
        "La gravedad de los hechos físicos es la de la DHS; la de los otros es de este proyecto. La escala sobre la "
        "atención es propia y no está validada.",
        "The severity of physical acts is that of the DHS; that of the others is this project's own. The response "
        "scale is this project's own and not validated.",
    ),
)


def survey_rows(terms: StudyTerms) -> DataSet:
    """Declare the data set: one row for each survey answered."""
    return DataSet(
        name="surveys",
        row=Label("Una encuesta respondida, entera o en parte.", "A survey that was answered, whole or in part."),
        columns=(
            *_keys(terms),
            *_outcomes(),
            *_acts(),
            *_items(),
            age_band("w"),
            *covariates("k", own_reasons=False),
        ),
        notes=_NOTES,
    )


def survey_rows_sql(women: str, drawn: str) -> str:
    """Return the statement of the data set, with a place for its columns."""
    return f"""
        WITH women AS ({women}), drawn AS ({drawn}), covariates AS MATERIALIZED ({covariates_sql()})
        SELECT {{columns}}
        FROM women w
        JOIN drawn d ON d.station_id = w.station_id
        JOIN surveys_surveycase c ON c.participant_id = w.id
        JOIN surveys_submission s ON s.case_id = c.id
        JOIN surveys_instrument i ON i.id = s.instrument_id
        JOIN covariates k ON k.id = w.id
        ORDER BY w.woman, c.wave_number
    """  # noqa: S608 (nothing goes in but this module's own text and statements of its caller)


def _keys(terms: StudyTerms) -> tuple[Column, ...]:
    waves = tuple((str(number), label) for number, label in enumerate(terms.waves))
    return (
        woman_key("w.woman"), station_letter("d.letter"), group(terms, "d"), *strata("d"),
        Column(
            "wave", Kind.INTEGER, Label("Ola", "Wave"), "surveys.SurveyCase.wave_number", "c.wave_number",
            values=waves,
        ),
        Column(
            "days_survey", Kind.INTEGER,
            Label("Días de la inscripción a la encuesta", "Days from enrolment to the survey"),
            "surveys.Submission.submitted_at", "(s.submitted_at AT TIME ZONE %(zone)s)::date - w.enrolled_on + w.shift",
            unit="days",
        ),
        Column(
            "questionnaire", Kind.TEXT, Label("Cuestionario y versión", "Questionnaire and version"),
            "surveys.Instrument", "i.code || ' ' || i.version",
        ),
        Column(
            "is_complete", Kind.INTEGER, Label("Respondida entera", "Answered as a whole"),
            "surveys.Submission.is_complete", "s.is_complete::int", values=YES_NO,
        ),
        Column(
            "attempts", Kind.INTEGER, Label("Intentos anotados de contactarla", "Attempts to reach her written down"),
            "surveys.CallAttempt",
            "(SELECT count(*) FROM surveys_callattempt a WHERE a.case_id = c.id)", unit="attempts",
        ),
    )  # fmt: skip


def _outcomes() -> tuple[Column, ...]:
    found: list[Column] = []
    for code, label in _DOMAINS.items():
        frequency, severity = Label(f"{label.es}: frecuencia", f"{label.en}: frequency"), f"{code}_severity"
        found += [
            *_prevalences(code, label, why=f"{code}_why"),
            _score(f"{code}_score", frequency, unit="points", why=f"{code}_why"),
            _score(
                severity, Label(f"{label.es}: gravedad", f"{label.en}: severity"), values=_SEVERITY, why=f"{code}_why"
            ),
            _block_why(f"{code}_why", label, (code, f"{code}_ever", f"{code}_score", severity)),
            _chronicity(code, label),
        ]
    for code, label in _COMBINED.items():
        found += _prevalences(code, label, why="combined_why")
    found.append(_block_why(
        "combined_why", Label("Formas combinadas", "Forms combined"),
        [name for code in _COMBINED for name in (code, f"{code}_ever")],
    ))  # fmt: skip
    response = Column(
        "police_response", Kind.NUMBER,
        Label("Atención de la policía, media de 1 a 5 (no validada)", "Police response, mean 1 to 5 (not validated)"),
        _SCORES, "round((s.scores ->> 'police_response')::numeric, 4)", unit="points", missing=_UNSAID,
    )  # fmt: skip
    return (*found, response)


def _prevalences(code: str, label: Label, *, why: str) -> list[Column]:
    return [
        _score(code, Label(f"{label.es} en el período", f"{label.en} in the period"), values=YES_NO, why=why),
        _score(f"{code}_ever", Label(f"{label.es} alguna vez", f"{label.en} ever"), values=YES_NO, why=why),
    ]


def _chronicity(code: str, label: Label) -> Column:
    return Column(
        f"{code}_chronicity", Kind.INTEGER,
        Label(f"{label.es}: frecuencia si la hubo", f"{label.en}: frequency where there was any"),
        _SCORES, f"(s.scores ->> '{code}_chronicity')::int", unit="points",
        missing=f"CASE WHEN (s.scores ->> '{code}')::int = 0 THEN 'not_applicable' ELSE {_UNSAID} END",
    )  # fmt: skip


def _score(name: str, label: Label, *, values: Values = (), unit: str = "", why: str) -> Column:
    expression = f"(s.scores ->> '{name}')::int"
    return Column(name, Kind.INTEGER, label, _SCORES, expression, values=values, unit=unit, missing_from=why)


def _block_why(name: str, label: Label, block: Sequence[str]) -> Column:
    unknown = " OR ".join(f"s.scores ->> '{code}' IS NULL" for code in block)
    return companion(name, label, _SCORES, f"CASE WHEN {unknown} THEN {_UNSAID} END")


def _acts() -> tuple[Column, ...]:
    return tuple(
        Column(
            item, Kind.INTEGER,
            Label(f"{_DOMAINS[domain].es}, hecho {number}", f"{_DOMAINS[domain].en}, act {number}"),
            _ANSWERS, _act(item), values=_ACT, missing=_act_why(domain, item),
        )
        for domain in ACTS
        for number, item in enumerate(act_items(domain), start=1)
    )  # fmt: skip


def _act(item: str) -> str:
    """Return the expression of an act's code, as `ipv_scores.act_code` reads it."""
    return (
        f"CASE s.answers ->> '{item}_ever' WHEN 'no' THEN 0 WHEN 'yes' THEN CASE s.answers ->> '{item}_period' "
        "WHEN 'often' THEN 1 WHEN 'sometimes' THEN 2 WHEN 'not' THEN 3 ELSE 4 END END"
    )


def _act_why(domain: str, item: str) -> str:
    unhurt = f"WHEN {_UNHURT} THEN 'not_applicable' " if domain == "injury" else ""
    return f"CASE WHEN s.answers ->> '{item}_ever' = 'refused' THEN 'refused' {unhurt}ELSE 'not_asked' END"


def _items() -> tuple[Column, ...]:
    return tuple(
        Column(
            item, Kind.INTEGER,
            Label(f"Atención de la policía, frase {number}", f"Police response, sentence {number}"), _ANSWERS,
            f"CASE WHEN s.answers ->> '{item}' ~ '^[1-5]$' THEN (s.answers ->> '{item}')::int END", values=_AGREEMENT,
            missing=f"CASE s.answers ->> '{item}' WHEN 'not_applicable' THEN 'not_applicable' ELSE 'not_asked' END",
        )
        for number, item in enumerate(response_items(), start=1)
    )  # fmt: skip
