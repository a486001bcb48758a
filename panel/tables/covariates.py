"""What the first survey asked besides the outcomes, in bands where a number could single a woman out."""

from collections.abc import Iterator

from panel.columns import Column, Disclosure, Kind, Label, Values, companion

_SOURCE = "surveys.Submission.answers, first wave"
_CHOICES: dict[str, tuple[Label, Values]] = {
    "education": (Label("Estudios", "Education"), (
        ("none", Label("Sin estudios", "None")), ("primary", Label("Primaria", "Primary")),
        ("secondary", Label("Secundaria", "Secondary")), ("technical", Label("Técnica", "Technical")),
        ("university", Label("Universitaria", "University")),
    )),
    "work": (Label("Ocupación", "Work"), (
        ("employed", Label("Trabaja para otra persona o empresa", "Works for somebody")),
        ("own", Label("Trabaja por su cuenta", "Works on her own account")),
        ("home", Label("Se ocupa de la casa", "Looks after the home")), ("studies", Label("Estudia", "Studies")),
        ("seeking", Label("Busca trabajo", "Looks for work")), ("other", Label("Otra situación", "Something else")),
    )),
    "income": (Label("Ingreso del mes anterior", "Income of the month before"), (
        ("none", Label("No tuvo ingresos", "No income")),
        ("under_500", Label("Menos de 500 soles", "Less than 500 soles")),
        ("500_1024", Label("De 500 a 1 024 soles", "500 to 1,024 soles")),
        ("1025_2049", Label("De 1 025 a 2 049 soles", "1,025 to 2,049 soles")),
        ("from_2050", Label("2 050 soles o más", "2,050 soles or more")),
    )),
    "lives_with": (Label("Con quién vive", "With whom she lives"), (
        ("partner", Label("Con su pareja", "With her partner")),
        ("ex_partner", Label("Con su expareja", "With her former partner")),
        ("family", Label("Con su familia, sin él", "With her family, without him")),
        ("alone", Label("Sola o con sus hijos", "Alone or with her children")),
        ("other", Label("De otra manera", "Otherwise")),
    )),
    "partner_alcohol": (Label("Con qué frecuencia toma él alcohol", "How often he drinks alcohol"), (
        ("never", Label("Nunca", "Never")), ("monthly", Label("Una vez al mes o menos", "Once a month or less")),
        ("weekly", Label("Cada semana", "Every week")), ("daily", Label("Casi todos los días", "Almost every day")),
        ("unknown", Label("No sabe", "She does not know")),
    )),
    "people_to_turn_to": (Label("Personas con que podría contar", "People on whom she could count"), (
        ("nobody", Label("Nadie", "Nobody")), ("one", Label("Una persona", "One person")),
        ("two_or_three", Label("Dos o tres", "Two or three")), ("more", Label("Más de tres", "More than three")),
    )),
    "place_to_stay": (Label("Tendría dónde quedarse unos días", "Has somewhere to stay for some days"), (
        ("yes", Label("Sí", "Yes")), ("no", Label("No", "No")),
    )),
}  # fmt: skip
_QUASI = {"education", "work", "income", "lives_with", "children", "years_together"}
_FEELINGS = tuple(f"well_being_{what}" for what in ("sad", "no_interest", "worried", "slept_badly", "tired"))
_CHILDREN: Values = (
    ("0", Label("Ninguno", "None")), ("1", Label("Uno", "One")), ("2", Label("Dos", "Two")),
    ("3", Label("Tres o más", "Three or more")),
)  # fmt: skip
_TOGETHER: Values = (
    ("1", Label("0 a 1", "0 to 1")), ("2", Label("2 a 4", "2 to 4")), ("3", Label("5 a 9", "5 to 9")),
    ("4", Label("10 o más", "10 or more")),
)  # fmt: skip
WHY = "covariates_why"


def covariates(alias: str, *, own_reasons: bool) -> tuple[Column, ...]:
    """Declare the covariates, each with reasons of its own or all with one companion, the first reason of any."""
    declared = [
        Column(
            name, kind, label, _SOURCE, f"{alias}.{name}",
            Disclosure.QUASI_IDENTIFIER if name in _QUASI else Disclosure.STUDY, values=values, unit=unit,
            missing=f"{alias}.{name}_why" if own_reasons else "", missing_from="" if own_reasons else WHY,
            is_fixed=True,
        )
        for name, kind, label, values, unit in _declared()
    ]  # fmt: skip
    if own_reasons:
        return tuple(declared)
    label = Label("Datos de la primera encuesta", "Data of the first survey")
    return (*declared, companion(WHY, label, _SOURCE, f"{alias}.{WHY}", is_fixed=True))


def _declared() -> Iterator[tuple[str, Kind, Label, Values, str]]:
    for name, (label, values) in _CHOICES.items():
        yield name, Kind.TEXT, label, values, ""
    children = Label("Hijos menores de 18 que viven con ella", "Children under 18 who live with her")
    yield "children", Kind.INTEGER, children, _CHILDREN, ""
    yield "years_together", Kind.INTEGER, Label("Años que vivieron juntos", "Years lived together"), _TOGETHER, "years"
    feelings = Label(
        "Malestar en dos semanas, de 0 a 15 (no validado)", "Distress in two weeks, 0 to 15 (not validated)"
    )
    yield "well_being", Kind.INTEGER, feelings, (), "points"


def _expressions() -> Iterator[tuple[str, str, str]]:
    """Yield name, value and the condition under which she did not want to say."""
    for name, (_label, values) in _CHOICES.items():
        codes = ", ".join(f"'{code}'" for code, _ in values)
        told = f"s.answers ->> '{name}'"
        yield name, f"CASE WHEN {told} IN ({codes}) THEN {told} END", f"{told} = 'refused'"
    children, together = "s.answers ->> 'children'", "s.answers ->> 'years_together'"
    yield "children", f"CASE WHEN {children} ~ '^[0-9][0-9]?[0-9]?$' THEN least(({children})::int, 3) END", "false"
    bands = f"width_bucket(({together})::int, ARRAY[2, 5, 10]) + 1"
    yield "years_together", f"CASE WHEN {together} ~ '^[0-9][0-9]?[0-9]?$' THEN {bands} END", "false"
    whole = " AND ".join(f"s.answers ->> '{feeling}' ~ '^[0-3]$'" for feeling in _FEELINGS)
    total = " + ".join(f"(s.answers ->> '{feeling}')::int" for feeling in _FEELINGS)
    refused = " OR ".join(f"s.answers ->> '{feeling}' = 'refused'" for feeling in _FEELINGS)
    yield "well_being", f"CASE WHEN {whole} THEN {total} END", refused


def covariates_sql() -> str:
    """Return the statement of the covariates, one row a woman of `women`, each with its reason beside it."""
    values = ", ".join(
        f"{value} AS {name}, coalesce({refused}, false) AS {name}_refused" for name, value, refused in _expressions()
    )
    names = [name for name, _value, _refused in _expressions()]
    whys = ", ".join(
        f"CASE WHEN b.{name} IS NULL THEN coalesce(b.no_survey, "
        f"CASE WHEN b.{name}_refused THEN 'refused' ELSE 'not_asked' END) END AS {name}_why"
        for name in names
    )
    first = ", ".join(f"r.{name}_why" for name in names)
    return f"""
        SELECT r.*, coalesce({first}) AS {WHY} FROM (SELECT b.*, {whys} FROM (
            SELECT w.id, CASE WHEN s.id IS NULL THEN CASE c.status
                       WHEN 'refused' THEN 'refused' WHEN 'missed' THEN 'lost' WHEN 'cancelled' THEN 'lost'
                       ELSE 'not_due' END END AS no_survey, {values}
            FROM women w LEFT JOIN surveys_surveycase c ON c.participant_id = w.id AND c.wave_number = 0
            LEFT JOIN surveys_submission s ON s.case_id = c.id
        ) b) r
    """  # noqa: S608 (nothing but this module's own text goes in)
