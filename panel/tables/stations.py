"""The data set `stations`: every drawn station by its blinded letter. Nothing in it tells which station it is."""

from panel.columns import Column, DataSet, Disclosure, Kind, Label, Values
from panel.tables.cohort import DRAWN, WOMEN
from panel.tables.design import YES_NO, arms, group, station_letter, strata
from panel.tables.vocabulary import SHARED_BY, StudyTerms

_HALVES: Values = (("1", Label("La menos pobre", "The less poor")), ("2", Label("La más pobre", "The poorer")))
# A half is given only if every set of stations that all columns leave alike has enough of them.
STATIONS_SQL = f"""
    WITH women AS ({WOMEN}), drawn AS ({DRAWN}),
    size AS (SELECT station_id, count(*) AS women FROM women GROUP BY station_id),
    halved AS (
        SELECT d.station_id, ntile(2) OVER (ORDER BY t.poverty_pct_2018, t.ubigeo, s.code) AS half
        FROM drawn d JOIN stations_station s ON s.id = d.station_id JOIN stations_district t ON t.ubigeo = s.district_id
    ), alike AS (
        SELECT h.station_id, h.half, count(*) OVER (PARTITION BY h.half, d.stratum, d.weight) AS stations
        FROM halved h JOIN drawn d ON d.station_id = h.station_id
    )
    SELECT {{columns}}
    FROM drawn d
    JOIN alike h ON h.station_id = d.station_id
    LEFT JOIN size z ON z.station_id = d.station_id
    ORDER BY d.letter
"""  # noqa: S608 (nothing but the modules' own text goes in)
_HALF = f"CASE WHEN (SELECT min(stations) FROM alike) >= {SHARED_BY} THEN h.half END"  # noqa: S608


def stations(terms: StudyTerms) -> DataSet:
    """Declare the data set: one row a drawn station."""
    return DataSet(
        name="stations",
        row=Label("Una estación sorteada, por su letra cegada.", "A drawn station, by its blinded letter."),
        columns=(
            station_letter("d.letter"), group(terms, "d"), *strata("d"), *arms("d"),
            Column(
                "women", Kind.INTEGER, Label("Mujeres en los datos", "Women in the data"),
                "participants.Participant.enrolled_station", "coalesce(z.women, 0)", unit="women",
            ),
            Column(
                "poverty_half", Kind.INTEGER,
                Label("Mitad de las estaciones, por pobreza del distrito", "Half of the stations, by district poverty"),
                "stations.District.poverty_pct_2018", _HALF, Disclosure.QUASI_IDENTIFIER, values=_HALVES,
                missing="'not_applicable'",
            ),
            Column(
                "has_left", Kind.INTEGER, Label("La estación dejó el estudio", "The station left the study"),
                "stations.StationLoss", """(EXISTS (
                    SELECT FROM stations_stationloss l JOIN stations_allocatedstation o ON o.id = l.allocated_id
                    JOIN stations_allocation a ON a.id = o.allocation_id AND a.status = 'locked'
                    WHERE o.station_id = d.station_id
                ))::int""", values=YES_NO,
            ),
        ),
        notes=_NOTES,
    )  # fmt: skip


_NOTES = (
    Label(
        "Del distrito hay una sola mitad: más rasgos juntos dirían de qué estación se trata.",
        "Of the district there is one half alone: more traits together would tell which station it is.",
    ),
)
