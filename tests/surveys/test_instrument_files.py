"""Files of questionnaires: loaded with them, frozen with them, given to whoever is given the form, checked against."""

import hashlib
import io
import zipfile
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import InternalError, ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lxml import etree

from accounts.roles import Role
from audit.models import Event
from surveys.instrument_diff import Change, differences
from surveys.models import Instrument, InstrumentFile, Submission, SubmissionVersion
from surveys.openrosa import MANIFEST, case_form_id
from surveys.queries import form_rules_of
from surveys.services import (
    InstrumentRefused,
    InstrumentVersionTaken,
    correct_survey,
    decide_paper,
    enter_paper,
    load_instrument,
    make_collect_key,
    pin_instrument,
    publish_instrument,
    schedule_waves,
    submit_survey,
)
from surveys.xforms.writing import written_submission
from tests.factories import NOW, ParticipantFactory, UserFactory
from tests.phone.conftest import phone_of
from tests.surveys.conftest import STUDY
from tests.surveys.test_openrosa import send, with_key
from tests.surveys.xforms.test_media import a_picture
from tests.surveys.xforms.workbooks import workbook

DISTRICTS = b"name;label;coast\nlima;Lima;yes\ncusco;Cusco;no\n"
SHEETS = {
    "survey": [
        ["type", "name", "label::Español (es)", "media::image::Español (es)", "choice_filter"],
        ["select_one yes_no", "privacy", "¿Está a solas?", "tarjeta 1.png"],
        ["select_one_from_file districts.csv", "district", "Distrito", "", "coast = ${privacy}"],
    ],
    "choices": [["list_name", "name", "label::Español (es)"], ["yes_no", "yes", "Sí"], ["yes_no", "no", "No"]],
    "settings": [["form_title", "form_id", "version"], ["Tarjetas", "cards", "1"]],
}
PICTURE = a_picture()
ADDED = """
    INSERT INTO surveys_instrumentfile (instrument_id, name, kind, content_type, content, sha256, md5, given_sha256)
    SELECT id, 'x', 'image', '', '\\x00', '', '', '' FROM surveys_instrument WHERE code = 'cards'
"""
GIVEN = (("tarjeta 1.png", PICTURE), ("districts.csv", DISTRICTS))


def source(version="1") -> bytes:
    return workbook({**SHEETS, "settings": [SHEETS["settings"][0], ["Tarjetas", "cards", version]]})


def load(*given, version="1", **said) -> Instrument:
    return load_instrument(by=STUDY, source=source(version), name="t.xlsx", files=given or GIVEN, now=NOW, **said)


def published(*given, **said) -> Instrument:
    return publish_instrument(by=STUDY, instrument=load(*given, **said), now=NOW)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(file: InstrumentFile) -> str:
    return reverse("instrument_file", args=[file.instrument_id, file.sha256])


def named(instrument, name) -> InstrumentFile:
    return InstrumentFile.objects.get(instrument=instrument, name=name)


def archive(*parts) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, content in parts:
            packed.writestr(f"media/{name}", content)
    return out.getvalue()


@pytest.fixture
def case(study, interviewer):
    """Due today by the page's own clock, with a questionnaire that names files."""
    pin_instrument(by=STUDY, wave="baseline", instrument=published(), now=timezone.now())
    woman = ParticipantFactory(interviewer=interviewer, enrolled_on=timezone.localdate())
    return schedule_waves(by=STUDY, participant=woman, now=timezone.now())[0]


def answered(instrument, *, form_id="", **answers) -> bytes:
    sent = written_submission(form_rules_of(instrument).form, answers, instance_id=f"uuid:{uuid4()}")
    root = etree.fromstring(sent)
    root.set("id", form_id or root.get("id"))
    return etree.tostring(root)


@pytest.mark.requirement("F24")
def test_files_are_kept_with_their_version_and_told_in_the_audit(study):
    stored = load(("media.zip", archive(*GIVEN)))
    assert [(file.name, file.kind) for file in stored.files.order_by("name")] == [
        ("districts.csv", "csv"), ("tarjeta 1.png", "image"),
    ]  # fmt: skip
    listed = named(stored, "districts.csv")
    assert bytes(listed.content) == b"name,label,coast\nlima,Lima,yes\ncusco,Cusco,no\n"
    assert listed.given_sha256 == hashlib.sha256(DISTRICTS).hexdigest()
    for file in stored.files.all():
        content = bytes(file.content)
        assert (file.sha256, file.md5) == (hashlib.sha256(content).hexdigest(), hashlib.md5(content).hexdigest())
    assert Event.objects.filter(action="surveys.load_instrument").latest("id").details["files"] == 2


def test_the_same_again_changes_nothing_and_another_file_replaces_those_of_a_draft(study):
    first = load()
    assert load().pk == first.pk
    assert InstrumentFile.objects.count() == 2

    other = load(("tarjeta 1.png", a_picture(colour="red")), GIVEN[1])
    assert (other.pk, other.sha256 == first.sha256) == (first.pk, False)
    assert InstrumentFile.objects.count() == 2


def test_published_version_takes_no_other_file(study):
    published()
    with pytest.raises(InstrumentVersionTaken):
        load(("tarjeta 1.png", a_picture(colour="red")), GIVEN[1])
    assert bytes(named(Instrument.objects.get(code="cards"), "tarjeta 1.png").content)[:4] == b"\x89PNG"


@pytest.mark.parametrize("given", [[GIVEN[0]], [*GIVEN, ("more.png", PICTURE)], [GIVEN[0], ("districts.csv", PICTURE)]])
def test_nothing_is_kept_where_a_file_lacks_is_not_named_or_is_another(study, given):
    with pytest.raises(InstrumentRefused):
        load(*given)
    assert not Instrument.objects.filter(code="cards").exists()
    assert not InstrumentFile.objects.exists()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE surveys_instrumentfile SET content = '\\x00'",
        "UPDATE surveys_instrumentfile SET name = 'x'",
        "DELETE FROM surveys_instrumentfile",
        ADDED,
        "TRUNCATE surveys_instrumentfile",
    ],
    ids=["content", "name", "delete", "insert", "truncate"],
)
def test_database_refuses_to_change_the_files_of_what_is_published(study, statement):
    published()
    with pytest.raises((InternalError, ProgrammingError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert InstrumentFile.objects.count() == 2


def test_differences_tell_which_files_came_went_and_changed(study):
    before = published()
    after = published(("tarjeta 1.png", a_picture(colour="red")), GIVEN[1], version="2")
    found = differences(before.content, after.content)
    assert [(one.name, one.change) for one in found] == [("tarjeta 1.png", Change.FILE_CHANGED)]
    assert found[0].before.startswith("image/png · ")
    without = {**before.content, "files": []}
    assert [one.change for one in differences(without, before.content)] == [Change.FILE_ADDED, Change.FILE_ADDED]
    assert [one.change for one in differences(before.content, without)] == [Change.FILE_DROPPED, Change.FILE_DROPPED]

    address = reverse("instrument_changes", args=[after.pk, before.pk])
    page = signed_in(UserFactory(role=Role.RESEARCHER)).get(address).content.decode()
    assert "Archivo cambiado" in page
    assert "lo que lo usa muestra u ofrece algo distinto" in page


def test_administrator_gives_a_workbook_with_its_files_and_sees_them(study):
    client = signed_in(UserFactory(role=Role.ADMINISTRATOR))
    files = [SimpleUploadedFile(name, content) for name, content in GIVEN]
    response = client.post(
        reverse("instrument_upload"), {"file": SimpleUploadedFile("t.xlsx", source()), "attached": files}
    )
    stored = Instrument.objects.get(code="cards")
    assert response["Location"] == reverse("instrument_detail", args=[stored.pk])
    page = client.get(response["Location"]).content.decode()
    assert "Archivos que nombra" in page
    assert all(address(file) in page for file in stored.files.all())


def test_page_tells_by_its_cell_which_file_lacks(study):
    client = signed_in(UserFactory(role=Role.ADMINISTRATOR))
    response = client.post(
        reverse("instrument_upload"),
        {"file": SimpleUploadedFile("t.xlsx", source()), "attached": [SimpleUploadedFile("districts.csv", DISTRICTS)]},
    )
    found = [(row.where, row.what) for row in response.context["problems"]]
    assert found == [("survey, D2", "Falta el archivo «tarjeta 1.png»: entréguelo con el libro.")]


def test_files_that_are_too_large_together_are_refused_before_they_are_read(study, settings):
    settings.QUESTIONNAIRE_FILES_BYTES = 1_000
    client = signed_in(UserFactory(role=Role.ADMINISTRATOR))
    files = [SimpleUploadedFile(f"{n}.csv", b"x" * 600) for n in range(2)]
    page = client.post(
        reverse("instrument_upload"), {"file": SimpleUploadedFile("t.xlsx", source()), "attached": files}
    ).content.decode()
    assert "Los archivos juntos son demasiado grandes: como máximo 1,000 bytes." in page


def test_command_loads_a_workbook_with_its_files_or_says_what_lacks(study, tmp_path):
    (tmp_path / "t.xlsx").write_bytes(source())
    (tmp_path / "media.zip").write_bytes(archive(*GIVEN))
    with pytest.raises(CommandError, match=r"survey, D2: the file “tarjeta 1.png” is missing") as refused:
        call_command("load_instrument", str(tmp_path / "t.xlsx"))
    assert refused.value.returncode == 2
    call_command("load_instrument", str(tmp_path / "t.xlsx"), "--files", str(tmp_path / "media.zip"))
    assert Instrument.objects.get(code="cards").files.count() == 2


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.ADMINISTRATOR, 200), (Role.RESEARCHER, 200), (Role.INTERVIEWER, 200), (Role.OFFICER, 403),
        (Role.SUPERVISOR, 403), (Role.ETHICS_BOARD, 403),
    ],
)  # fmt: skip
def test_files_are_given_to_whoever_is_given_the_form(study, role, status):
    file = named(published(), "tarjeta 1.png")
    client = signed_in(UserFactory(role=role))
    response = client.get(address(file))
    assert response.status_code == status
    if status == 200:
        assert response.content == bytes(file.content)
        assert (response["Content-Type"], response["Cache-Control"]) == (
            "image/png", "private, max-age=604800, immutable",
        )  # fmt: skip
        assert client.get(address(file), headers={"If-None-Match": response["ETag"]}).status_code == 304


def test_list_is_never_opened_as_a_page_and_nobody_else_gets_it(study):
    stored = published()
    file = named(stored, "districts.csv")
    response = signed_in(UserFactory(role=Role.RESEARCHER)).get(address(file))
    assert (response["Content-Type"], response["Content-Disposition"]) == ("text/csv", "attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert Client().get(address(file)).status_code == 302
    other = reverse("instrument_file", args=[study["baseline"].pk, file.sha256])
    assert signed_in(UserFactory(role=Role.RESEARCHER)).get(other).status_code == 404


def test_collect_is_told_of_the_files_by_hash_and_given_them_by_her_own_case_alone(case, interviewer):
    collect = with_key(interviewer, make_collect_key(by=interviewer, now=timezone.now()))
    manifest = etree.fromstring(collect.get(reverse("openrosa_manifest", args=[case.pk])).content)
    listed = [{etree.QName(one).localname: one.text for one in file} for file in manifest]
    assert manifest.tag == f"{{{MANIFEST}}}manifest"
    assert [file["filename"] for file in listed] == ["districts.csv", "tarjeta 1.png"]
    for file in listed:
        content = collect.get(file["downloadUrl"]).content
        assert file["hash"] == f"md5:{hashlib.md5(content).hexdigest()}"

    other = UserFactory(role=Role.INTERVIEWER)
    stranger = with_key(other, make_collect_key(by=other, now=timezone.now()))
    assert stranger.get(listed[0]["downloadUrl"]).status_code == 404
    assert Client().get(listed[0]["downloadUrl"]).status_code == 401
    assert collect.get(reverse("openrosa_file", args=[case.pk, "0" * 64])).status_code == 404


def test_collect_answers_from_a_list_in_a_file(case, interviewer):
    collect = with_key(interviewer, make_collect_key(by=interviewer, now=timezone.now()))
    instrument = Instrument.objects.get(code="cards")
    content = answered(instrument, form_id=case_form_id("cards", case.pk), privacy="yes", district="lima")
    assert send(collect, content).status_code == 201
    assert (Submission.objects.get().findings, Submission.objects.get().answers["district"]) == ([], "lima")


@pytest.mark.parametrize(
    ("said", "findings"),
    [
        ({"privacy": "yes", "district": "lima"}, []),
        ({"privacy": "yes", "district": "cusco"}, [{"place": "/data/district", "breach": "choice"}]),
        ({"privacy": "yes", "district": "miraflores"}, [{"place": "/data/district", "breach": "choice"}]),
    ],
)
def test_answers_are_checked_against_the_list_that_is_kept(case, interviewer, said, findings):
    content = answered(Instrument.objects.get(code="cards"), **said)
    submit_survey(by=interviewer, case=case, content=content, now=timezone.now())
    assert Submission.objects.get().findings == findings


@pytest.mark.requirement("F28")
def test_phone_is_told_which_files_its_questionnaires_name(case, interviewer):
    device = phone_of(interviewer)
    given = signed_in(interviewer).get(reverse("phone_notebook"), {"device": device.pk}).json()
    files = given["files"]["cards 1"]
    assert [(file["name"], file["type"]) for file in files] == [
        ("tarjeta 1.png", "image/png"), ("districts.csv", "text/csv"),
    ]  # fmt: skip
    for file in files:
        content = signed_in(interviewer).get(file["address"]).content
        assert hashlib.sha256(content).hexdigest() == file["sha256"]
    assert {name for name, listed in given["files"].items() if not listed} == set(given["forms"]) - {"cards 1"}


@pytest.mark.parametrize("files", [1, 3])
def test_page_of_a_version_asks_the_database_the_same_however_many_files_there_are(
    study, files, django_assert_num_queries
):
    rows = [["note", f"n{n}", "Nota", f"{n}.png"] for n in range(files)]
    content = workbook({**SHEETS, "survey": [SHEETS["survey"][0], *rows]})
    given = [(f"{n}.png", PICTURE) for n in range(files)]
    stored = load_instrument(by=STUDY, source=content, name="t.xlsx", files=given, now=NOW)
    client = signed_in(UserFactory(role=Role.ADMINISTRATOR))
    client.get(reverse("instrument_list"))
    with django_assert_num_queries(QUERIES_OF_A_VERSION):
        client.get(reverse("instrument_detail", args=[stored.pk]))


QUERIES_OF_A_VERSION = 4


@pytest.mark.requirement("F28")
def test_form_with_files_is_entered_from_paper_by_two_and_corrected(case, interviewer):
    instrument, now = Instrument.objects.get(code="cards"), timezone.now()
    page = signed_in(interviewer).get(reverse("paper_enter", args=[case.pk])).content.decode()
    assert all(file.sha256 in page for file in instrument.files.all())
    for reader, district in ((interviewer, "lima"), (UserFactory(role=Role.INTERVIEWER), "cusco")):
        content = answered(instrument, privacy="yes", district=district)
        enter_paper(by=reader, case=case, content=content, now=now)
    decide_paper(by=interviewer, case=case, choices={"district": 1}, now=now)
    assert Submission.objects.get().answers["district"] == "lima"
    assert Submission.objects.get().findings == []

    content = answered(instrument, privacy="yes", district="cusco")
    correct_survey(by=interviewer, case=case, content=content, reason=SubmissionVersion.Reason.SLIP, now=now)
    stored = Submission.objects.get()
    assert stored.answers == {"privacy": "yes", "district": "cusco"}
    assert stored.findings == [{"place": "/data/district", "breach": "choice"}]
    corrected = reverse("survey_correct", args=[case.pk])
    assert "web-form-files" in signed_in(interviewer).get(f"{corrected}?motivo=slip").content.decode()
