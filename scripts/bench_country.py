"""A whole country to plan for: the women of the simulated study, written many times over by the database itself.

Every station is as usual: it is in no arm, so that the level decides nowhere.
"""

from django.db import connection
from django.db.backends.utils import CursorWrapper

from participants.models import Participant

STATIONS, WOMEN, OFFICERS_A_STATION = 1500, 100_000, 8

COPIES = (
    """
    INSERT INTO stations_station (code, district_id, name, officers, officers_women, family_violence_officers,
        family_violence_officers_women)
    SELECT 'N' || n, (SELECT min(ubigeo) FROM stations_district), 'Estación ' || n, 80, 9, 4, 2
    FROM generate_series(1, %(stations)s) AS n
    """,
    """
    INSERT INTO stations_officer (code, is_woman)
    SELECT 'N' || n, true FROM generate_series(1, %(stations)s * %(officers)s) AS n
    """,
    """
    INSERT INTO stations_posting (officer_id, station_id, starts_on, withdrawn_reason)
    SELECT officer.id, station.id, '2020-01-01', ''
    FROM stations_officer AS officer
    JOIN stations_station AS station ON station.code = 'N' || (1 + substr(officer.code, 2)::int %% %(stations)s)
    WHERE officer.code LIKE 'N%%'
    """,
)


def multiply() -> None:
    """Write stations, officers and women until there are as many as in the whole country."""
    words = {"stations": STATIONS, "officers": OFFICERS_A_STATION}
    with connection.cursor() as cursor:
        for statement in COPIES:
            cursor.execute(statement, words)
        copy_women(cursor)


def copy_women(cursor: CursorWrapper) -> None:
    """Copy each enrolled woman with her safe times, consent to visits and level, to the new stations in turn."""
    fields = [str(field.column) for field in Participant._meta.concrete_fields if field.column != "id"]  # noqa: SLF001
    own = {
        "study_code": "'N' || copy.n",
        "station_id": "(SELECT id FROM stations_station WHERE code = 'N' || (1 + copy.n %% %(stations)s))",
        "enrolled_station_id": "(SELECT id FROM stations_station WHERE code = 'N' || (1 + copy.n %% %(stations)s))",
    }
    chosen = ", ".join(own.get(field, f"woman.{field}") for field in fields)
    words = {"women": WOMEN, "stations": STATIONS}
    cursor.execute(
        """
        CREATE TEMP TABLE copy AS
        WITH model AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS many
            FROM participants_participant WHERE status = 'enrolled')
        SELECT n, model.id AS original FROM generate_series(1, %(women)s) AS n JOIN model ON place = n %% many
        """,
        words,
    )
    cursor.execute(
        f"INSERT INTO participants_participant ({', '.join(fields)}) SELECT {chosen}"  # noqa: S608 - names of our own
        " FROM copy JOIN participants_participant AS woman ON woman.id = copy.original",
        words,
    )
    cursor.execute(
        """
        CREATE TEMP TABLE copied AS
        SELECT woman.id, copy.original FROM copy JOIN participants_participant AS woman ON study_code = 'N' || copy.n
        """
    )
    for table in ("participants_safecontactplan", "participants_consent", "risk_currentrisk"):
        copy_rows(cursor, table)


def copy_rows(cursor: CursorWrapper, table: str) -> None:
    """Copy a table's rows of each original woman to her copies."""
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND column_name <> 'id'"
        " AND is_generated = 'NEVER'",
        [table],
    )
    columns = [row[0] for row in cursor.fetchall()]
    chosen = ", ".join("copied.id" if column == "participant_id" else f"old.{column}" for column in columns)
    cursor.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {chosen}"  # noqa: S608 - names of our own
        f" FROM copied JOIN {table} AS old ON old.participant_id = copied.original"
    )
