"""What the tables say alike of a woman and of the design: codes, group, stratum, weight, arm, age band."""

from panel.columns import Column, Disclosure, Kind, Label, Values
from panel.tables.vocabulary import AGE_BAND_STARTS, AGE_BANDS, StudyTerms

YES_NO: Values = (("0", Label("No", "No")), ("1", Label("Sí", "Yes")))
LEFT = "('moved', 'lost', 'withdrawn', 'deceased')"
"""The statuses of a woman whose follow-up ended before its time, as SQL."""


def woman_key(expression: str) -> Column:
    """Declare the code of a woman, keyed anew for each release."""
    return Column(
        "woman", Kind.TEXT, Label("Código de la mujer en los datos", "Code of the woman in the data"),
        "participants.Participant, keyed hash", expression, Disclosure.QUASI_IDENTIFIER, is_fixed=True,
    )  # fmt: skip


def station_letter(expression: str) -> Column:
    """Declare the blinded letter of the station of her enrolment."""
    return Column(
        "station", Kind.TEXT, Label("Estación, letra cegada", "Station, blinded letter"),
        "stations.AllocatedStation.blinded_letter", expression, Disclosure.QUASI_IDENTIFIER, is_fixed=True,
    )  # fmt: skip


def group(terms: StudyTerms, alias: str) -> Column:
    """Declare the group, numbered at random; the numbers bear the arms' names once unblinding is recorded."""
    return Column(
        "group", Kind.INTEGER, Label("Grupo, numerado al azar", "Group, numbered at random"),
        "stations.AllocatedStation.blinded_group", f"{alias}.blinded_group", values=terms.arms, is_fixed=True,
    )  # fmt: skip


def strata(alias: str) -> tuple[Column, ...]:
    """Declare stratum and weight of the station that was drawn; a weight that would tell the station is not given."""
    return (
        Column(
            "stratum", Kind.INTEGER, Label("Estrato o bloque del sorteo", "Stratum or block of the draw"),
            "stations.Allocation.certificate", f"{alias}.stratum", Disclosure.QUASI_IDENTIFIER, is_fixed=True,
        ),
        Column(
            "weight", Kind.NUMBER, Label("Peso: inverso de la probabilidad de la estación",
            "Weight: inverse of the station's probability"), "stations.AllocatedStation.inclusion_probability",
            f"{alias}.weight", Disclosure.QUASI_IDENTIFIER, missing="'not_applicable'", is_fixed=True,
        ),
    )  # fmt: skip


def arms(alias: str) -> tuple[Column, ...]:
    """Declare both factors of the design as the station was allocated."""
    return tuple(
        Column(
            name, Kind.INTEGER, label, "stations.AllocatedStation.arm", f"{alias}.{name}::int", values=YES_NO,
            is_blinded=True, is_fixed=True,
        )
        for name, label in (
            ("training", Label("La estación recibe capacitación", "The station has training")),
            ("risk_scale", Label("La estación usa la escala de riesgo", "The station uses the risk scale")),
        )
    )  # fmt: skip


def age_band(alias: str) -> Column:
    """Declare her age at enrolment in bands."""
    bands = " ".join(
        f"WHEN {alias}.age_at_enrolment >= {start} THEN {band}"
        for band, start in reversed(list(enumerate(AGE_BAND_STARTS, start=2)))
    )
    return Column(
        "age_band", Kind.INTEGER, Label("Edad al inscribirse", "Age at enrolment"),
        "participants.Participant.age_at_enrolment", f"CASE {bands} ELSE 1 END", Disclosure.QUASI_IDENTIFIER,
        values=AGE_BANDS, unit="years", is_fixed=True,
    )  # fmt: skip


def level_first(terms: StudyTerms, visited: str, level: str) -> Column:
    """Declare the level of her first risk form, taken before any treatment."""
    return Column(
        "level_first", Kind.INTEGER, Label("Nivel de la primera ficha de riesgo", "Level of the first risk form"),
        "risk.Assessment.level_rank, with consent to visits", f"CASE WHEN {visited} THEN {level} END",
        values=levels(terms), missing="'not_asked'", is_fixed=True,
    )  # fmt: skip


def levels(terms: StudyTerms) -> Values:
    """Return the labels of the levels by rank."""
    return tuple((str(rank), label) for rank, label in enumerate(terms.levels))
