"""Files of reports: looked through, sealed meanwhile, written once; every bad row named, nothing of a good one lost."""

import io
from datetime import UTC, datetime, timedelta

import pytest
import xlsxwriter
from django.urls import reverse

from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from documents.tables import TableFileError
from documents.uploads import LARGEST_UPLOAD_BYTES
from participants import services
from participants.intake import Fate
from participants.models import IncidentReport, PoliceReport, StagedImport
from participants.report_file import StationNames, read_reports
from participants.report_sealing import open_report
from participants.tasks import drop_expired_imports
from stations.models import AllocatedStation
from tests.factories import NOW, TODAY, OfficerFactory, StationFactory, UserFactory, lock_allocation
from tests.participants.test_intake import receive
from tests.participants.test_services import enrol
from tests.participants.test_views import signed_in

HEADER = "numero,fecha,nombre,documento,telefono,direccion,nombre_denunciado,documento_denunciado"
ROSA_AGAIN = "2026-9,2026-11-18,Rosa Quispe Huamán,45678901,,,,"
ANA = "2026-1,2026-11-16,Ana Luz Soto,40506070,911 222 333,Av. Las Cometas 9,Juan Inventado,"
EVA = "2026-2,17/11/2026,Eva Sol Ramos,,+51 922 333 444,,,"
OWN = StationNames({"estación 07": 7, "0412": 7}, 7)


def file_of(*rows: str, header: str = HEADER) -> bytes:
    return "\n".join((header, *rows)).encode()


def stage(by, content, now=NOW):
    return services.stage_reports(by=by, content=content, name="denuncias.csv", now=now)


def write(by, staged, now=NOW):
    return services.import_reports(by=by, staged=staged, now=now)


# --- The file ---------------------------------------------------------------------------------------------------------


def read(*rows: str, header: str = HEADER, stations=OWN):
    reports, problems = read_reports(file_of(*rows, header=header), name="f.csv", stations=stations, today=TODAY)
    return reports, [(problem.row, problem.column, problem.kind) for problem in problems]


@pytest.mark.parametrize(
    "header",
    [
        HEADER,
        "number,reported_on,name,document,telephone,address,aggressor_name,aggressor_document",
        "Número,FECHA,Nombre,Documento,Teléfono,Dirección,Nombre_denunciado,Documento_denunciado",
    ],
)
def test_the_header_may_be_in_either_language(header):
    (report,), problems = read(ANA, header=header)

    assert problems == []
    assert (report.entry.number, report.entry.woman.full_name) == ("2026-1", "Ana Luz Soto")
    assert report.entry.woman.aggressor_name == "Juan Inventado"


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (",2026-11-16,Ana,,,,,", ("numero", "value")),
        ("--,2026-11-16,Ana,,,,,", ("numero", "sign")),
        ("/,2026-11-16,Ana,,,,,", ("numero", "alphanumeric")),
        ("1,2026-11-31,Ana,,,,,", ("fecha", "date")),
        ("1,31/11/2026,Ana,,,,,", ("fecha", "date")),
        ("1,11/16/2026,Ana,,,,,", ("fecha", "date")),
        ("1,2026-11-19,Ana,,,,,", ("fecha", "between")),
        ("1,1999-12-31,Ana,,,,,", ("fecha", "between")),
        ("1,2026-11-16,,,,,,", ("nombre", "value")),
        (f"1,2026-11-16,{'N' * 1000},,,,,", ("nombre", "length")),
        ("1,2026-11-16,=HYPERLINK(1),,,,,", ("nombre", "sign")),
        ("1,2026-11-16,@SUM(A1),,,,,", ("nombre", "sign")),
        ('1,2026-11-16,"Ana\nLuz",,,,,', ("nombre", "line")),
        ("1,2026-11-16,Ana,#REF!,,,,", ("documento", "formula")),
        ("1,2026-11-16,Ana,123456789012345678901,,,,", ("documento", "length")),
        ("1,2026-11-16,Ana,,no tiene,,,", ("telefono", "telephone")),
        ("1,2026-11-16,Ana,,+cmd|' /C calc'!A0,,,", ("telefono", "telephone")),
        (f"1,2026-11-16,Ana,,,{'a' * 201},,", ("direccion", "length")),
        ("1,2026-11-16,Ana,,,,,,,demasiado", ("", "width")),
    ],
)
def test_each_bad_row_is_named_with_its_column_and_what_was_expected(row, problem):
    reports, problems = read(EVA, row)

    assert [report.row for report in reports] == [2]
    assert problems == [(3, *problem)]


@pytest.mark.parametrize("day", ["2026-11-18", "2000-01-01", "18/11/2026", "1/1/2000"])
def test_days_up_to_today_are_taken(day):
    assert len(read(f"1,{day},Ana,,,,,")[0]) == 1


def test_a_missing_column_is_named_in_both_languages():
    assert read("1,Ana", header="numero,nombre")[1] == [(1, "fecha / reported_on", "column")]


@pytest.mark.parametrize(
    ("stations", "station", "found"),
    [
        (OWN, "", 7),
        (OWN, "Estación 07", 7),
        (OWN, "0412", 7),
        (OWN, "0413", "own_station"),
        (StationNames({"estación 07": 7}), "ESTACIÓN 07", 7),
        (StationNames({"estación 07": 7}), "Estación 99", "study_station"),
        (StationNames({"estación 07": 7}), "", "station"),
    ],
)
def test_the_station_is_the_supervisors_own_or_named(stations, station, found):
    reports, problems = read(f"{EVA},{station}", header=f"{HEADER},estacion", stations=stations)

    assert [report.station_id for report in reports] == ([found] if isinstance(found, int) else [])
    assert [kind for _row, _column, kind in problems] == ([] if isinstance(found, int) else [found])


def workbook(*rows: tuple[object, ...]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet()
    for number, row in enumerate((HEADER.split(","), *rows)):
        sheet.write_row(number, 0, row)
    book.close()
    return out.getvalue()


def test_a_workbook_may_keep_telephones_and_whole_documents_as_numbers():
    content = workbook(
        ("2026-1", TODAY, "Ana Luz", 40506070, 911222333),
        ("2026-2", TODAY, "Eva Sol", 506070, ""),  # a DNI that lost its zeros
    )
    reports, problems = read_reports(content, name="f.xlsx", stations=OWN, today=TODAY)

    assert [(report.entry.woman.document, report.entry.woman.telephone) for report in reports] == [
        ("40506070", "911222333")
    ]
    assert [(problem.row, problem.column, problem.kind) for problem in problems] == [(3, "documento", "text")]


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n", b"\x00" * 100, b"PK\x03\x04garbage", b"\xff\xfe\xfa", file_of(), file_of('1,"2026'), b"%PDF-1.7"],
    ids=["nothing", "blank", "zeros", "broken workbook", "not UTF-8", "header only", "open quote", "a PDF"],
)
def test_a_file_without_any_row_says_why_and_nothing_is_kept(care, content):
    with pytest.raises(TableFileError):
        stage(care.supervisor, content)

    assert not StagedImport.objects.exists()


# --- Looked through, then written -------------------------------------------------------------------------------------


def test_each_row_has_its_fate_before_anything_is_written(care):
    woman = enrol(care.supervisor)
    index, known = woman.screening.report, receive(care.supervisor).report
    again = "2026-001234,2026-11-16,Rosa Quispe Huamán,45678901,,,,"
    other = "2026-001234,2026-11-16,Otra Mujer,11112222,,,,"

    staged = stage(care.supervisor, file_of(ANA, EVA, ROSA_AGAIN, again, other, ANA, f"3,ayer,{'x' * 200},,,,,"))

    rows = services.open_rows(staged)
    assert [(row.row, row.fate, row.earlier_code, row.earlier_row) for row in rows.rows] == [
        (2, Fate.NEW, "", 0),
        (3, Fate.NEW, "", 0),
        (4, Fate.ENROLLED, index.code, 0),
        (5, Fate.AGAIN, known.code, 0),
        (6, Fate.CONFLICT, known.code, 0),
        (7, Fate.AGAIN, "", 2),
    ]
    assert [(problem.row, problem.column, problem.kind) for problem in rows.problems] == [
        (8, "fecha", "date"),
        (8, "nombre", "length"),
    ]
    assert IncidentReport.objects.count() == 2  # that of the enrolment, and hers
    assert not PoliceReport.objects.filter(participant=woman, reported_on=TODAY, report=None).exists()


def test_what_was_looked_through_is_written_once(care):
    woman = enrol(care.supervisor)
    staged = stage(care.supervisor, file_of(ANA, EVA, ROSA_AGAIN, "bad,,,,,,,"))

    counts = write(care.supervisor, staged)

    assert counts == {"new": 2, "same_woman": 0, "enrolled": 1, "again": 0, "conflict": 0}
    reports = IncidentReport.objects.filter(source="file").order_by("pk")
    assert [open_report(report).number for report in reports] == ["2026-1", "2026-2", "2026-9"]
    assert [report.participant for report in reports] == [None, None, woman]
    assert PoliceReport.objects.get().report == reports[2]
    assert not StagedImport.objects.exists()
    details = Event.objects.get(action="participants.import_reports").details
    assert details == counts
    with pytest.raises(services.ImportGone):
        write(care.supervisor, staged)


def test_what_came_in_meanwhile_counts(care):
    staged = stage(care.supervisor, file_of(ANA, EVA))
    write(care.supervisor, stage(care.supervisor, file_of(ANA)))

    assert write(care.supervisor, staged) == {"new": 1, "same_woman": 0, "enrolled": 0, "again": 1, "conflict": 0}
    assert IncidentReport.objects.count() == 2


def test_an_administrator_brings_those_of_every_station_and_a_supervisor_only_her_own(db):
    here, there = StationFactory(), StationFactory()
    lock_allocation({here: "control", there: "both"})
    codes = {drawn.station_id: drawn.study_code for drawn in AllocatedStation.objects.all()}
    content = file_of(f"{ANA},{codes[here.pk]}", f"{EVA},{codes[there.pk]}", header=f"{HEADER},estacion")
    administrator = UserFactory(role=Role.ADMINISTRATOR)
    supervisor = OfficerFactory(user__role=Role.SUPERVISOR, posted_at=there).user

    own = services.open_rows(stage(supervisor, content))
    assert ([row.row for row in own.rows], [problem.row for problem in own.problems]) == ([3], [2])
    write(administrator, stage(administrator, content))

    assert set(IncidentReport.objects.values_list("station", "received_by")) == {
        (here.pk, administrator.pk),
        (there.pk, administrator.pk),
    }


def test_who_left_the_station_meanwhile_writes_nothing(care):
    just_before_midnight = datetime(2026, 11, 19, 4, 59, tzinfo=UTC)
    staged = stage(care.supervisor, file_of(ANA), just_before_midnight)
    care.supervisor.officer.postings.update(ends_on=TODAY)

    with pytest.raises(services.StationNotInStudy):
        write(care.supervisor, staged, just_before_midnight + timedelta(minutes=1))
    assert not IncidentReport.objects.exists()


def test_only_who_receives_reports_imports_them(care):
    for somebody in (care.officer, care.interviewer, UserFactory(role=Role.RESEARCHER)):
        with pytest.raises(PermissionMissing):
            stage(somebody, file_of(ANA))


@pytest.mark.parametrize(("minutes", "is_there"), [(59, True), (60, False)])
def test_a_staged_file_lies_for_an_hour_and_is_seen_by_nobody_else(care, minutes, is_there):
    staged = stage(care.supervisor, file_of(ANA))
    later = NOW + timedelta(minutes=minutes)
    colleague = OfficerFactory(user__role=Role.SUPERVISOR, posted_at=care.station).user

    with pytest.raises(services.ImportGone):
        write(colleague, staged)
    if is_there:
        write(care.supervisor, staged, later)
    else:
        with pytest.raises(services.ImportGone):
            write(care.supervisor, staged, later)


def test_what_was_left_lying_is_swept_away(care):
    old = "1,2015-01-01,Ana,,,,,"
    stage(care.supervisor, file_of(old), NOW - timedelta(days=2000))
    kept = stage(care.supervisor, file_of(ANA), NOW + timedelta(days=2000))

    drop_expired_imports()
    drop_expired_imports()

    assert list(StagedImport.objects.all()) == [kept]
    assert Event.objects.filter(action="participants.drop_imports").count() == 1


def test_a_staged_file_holds_nothing_in_clear(care):
    staged = StagedImport.objects.get(pk=stage(care.supervisor, file_of(ANA)).pk)

    assert all(mark not in bytes(staged.sealed_rows) for mark in (b"Ana Luz", b"2026-1", b"denuncias.csv"))
    assert [event.details for event in Event.objects.filter(object_id=str(staged.pk))] == [
        {"new": 1, "same_woman": 0, "enrolled": 0, "again": 0, "conflict": 0, "problems": 0}
    ]


# --- The pages --------------------------------------------------------------------------------------------------------


def upload(client, content: bytes, name: str = "denuncias.csv"):
    file = io.BytesIO(content)
    file.name = name
    return client.post(reverse("report_import"), {"file": file})


def test_a_file_is_chosen_looked_through_and_written(care):
    client = signed_in(care.supervisor)

    response = upload(client, file_of(ANA, EVA, "3,ayer,,,,,,"))
    looked = client.get(response.headers["Location"])
    words = looked.content.decode()
    assert [(choice.value, choice.count) for choice in looked.context["choices"]] == [("problem", 2), ("new", 2)]
    assert "fecha" in words
    assert "ayer" in words
    new = client.get(response.headers["Location"], {"ver": "new"}).content.decode()
    assert "A. L." in new
    assert "Luz" not in new
    staged = StagedImport.objects.get()
    client.post(reverse("report_import_write", args=[staged.pk]))

    assert IncidentReport.objects.count() == 2
    assert client.get(response.headers["Location"]).status_code == 404
    assert not any("Luz" in str(value) or "2026-1" in str(value) for value in client.session.items())


def test_a_file_can_be_taken_back(care):
    client = signed_in(care.supervisor)
    upload(client, file_of(ANA))

    client.post(reverse("report_import_discard", args=[StagedImport.objects.get().pk]))

    assert (StagedImport.objects.count(), IncidentReport.objects.count()) == (0, 0)


def test_an_administrator_sees_rows_and_no_initials(care):
    client = signed_in(UserFactory(role=Role.ADMINISTRATOR))
    response = upload(client, file_of(f"{ANA},1", header=f"{HEADER},estacion"))

    page = client.get(response.headers["Location"]).content.decode()

    assert "A. L." not in page
    assert "2026-1" not in page


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04garbage", file_of("1,ayer,,,,,,"), b"\xff"])
def test_a_file_that_cannot_be_read_is_answered_with_the_reason(care, content):
    response = upload(signed_in(care.supervisor), content)

    assert list(response.context["form"].errors) == ["file"]
    assert not StagedImport.objects.exists()


def test_another_supervisors_file_does_not_exist_for_her(care):
    upload(signed_in(care.supervisor), file_of(ANA))
    staged = StagedImport.objects.get()
    colleague = signed_in(OfficerFactory(user__role=Role.SUPERVISOR, posted_at=care.station).user)

    assert colleague.get(reverse("report_import_rows", args=[staged.pk])).status_code == 404
    for name in ("report_import_write", "report_import_discard"):
        assert colleague.post(reverse(name, args=[staged.pk])).status_code == 404
    assert StagedImport.objects.exists()


def test_a_staged_file_that_does_not_open_is_said(care):
    client = signed_in(care.supervisor)
    upload(client, file_of(ANA))
    StagedImport.objects.update(sealed_rows=b"altered" * 9)
    staged = StagedImport.objects.get()

    for response in (
        client.get(reverse("report_import_rows", args=[staged.pk])),
        client.post(reverse("report_import_write", args=[staged.pk])),
    ):
        assert response.headers["Location"] == reverse("report_import")


def test_a_file_that_is_too_large_is_refused_and_never_on_disk(care, tmp_path, settings):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    client = signed_in(care.supervisor)

    response = upload(client, b"a" * (LARGEST_UPLOAD_BYTES + 2**20))
    assert list(response.context["form"].errors) == ["file"]
    upload(client, file_of(ANA) + b"\n" * 3 * 2**20)  # larger than Django keeps in memory by default
    assert StagedImport.objects.exists()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_the_rows_take_the_same_queries_however_many(care, rows, django_assert_num_queries):
    client = signed_in(care.supervisor)
    response = upload(client, file_of(*(f"{n},2026-11-16,Mujer {n},{n},,,," for n in range(rows))))

    with django_assert_num_queries(3):
        assert len(client.get(response.headers["Location"]).context["rows"]) == rows
