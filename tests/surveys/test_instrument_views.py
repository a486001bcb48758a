"""The pages of questionnaires and of the queries about answers."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from surveys.models import DataQuery, Instrument
from surveys.queries import instruments_by_wave
from surveys.services import load_instrument, publish_instrument, schedule_waves, submit_survey
from tests.factories import NOW, ParticipantFactory, ProtocolVersionFactory, UserFactory
from tests.surveys.conftest import STUDY, sent
from tests.surveys.xforms.workbooks import HOUSEHOLD, workbook


def signed_in(role, **changes) -> Client:
    client = Client()
    client.force_login(UserFactory(role=role, **changes), backend="django.contrib.auth.backends.ModelBackend")
    return client


def upload(client, content, **more):
    file = SimpleUploadedFile("hogar.xlsx", content)
    return client.post(reverse("instrument_upload"), {"file": file, **more})


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 2**26)
    return out.getvalue()


def household(**changes):
    settings = [["form_title", "form_id", "version"], ["Hogar", "household", changes.get("version", "1")]]
    survey = [row for row in HOUSEHOLD["survey"] if row[1:2] != [changes.get("without")]]
    source = workbook({**HOUSEHOLD, "survey": survey, "settings": settings})
    stored = load_instrument(by=STUDY, source=source, name="h.xlsx", licence=changes.get("licence", "open"), now=NOW)
    return publish_instrument(by=STUDY, instrument=stored, now=NOW)


def test_administrator_loads_publishes_and_gives_a_wave_a_workbook(study):
    client = signed_in(Role.ADMINISTRATOR)
    response = upload(client, workbook(HOUSEHOLD))
    stored = Instrument.objects.get(code="household")
    assert response["Location"] == reverse("instrument_detail", args=[stored.pk])

    client.post(reverse("instrument_publish", args=[stored.pk]))
    client.post(reverse("instrument_pin", args=["month_3"]), {"instrument": stored.pk})
    assert instruments_by_wave()["month_3"] == stored

    refused = client.post(reverse("instrument_retire", args=[stored.pk]), follow=True).content.decode()
    assert "Una ola pregunta esta versión" in refused


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"no workbook", "Esto no es un libro XLSX"),
        (b"PK\x03\x04 damaged", "Esto no es un libro XLSX"),
        (bomb(), "El libro ocupa al abrirse más"),
        (b"x" * (10 * 2**20 + 1), "10 MB"),
        (workbook({"survey": [["type"]]}), "No hay una hoja settings."),
    ],
    ids=["text", "damaged", "bomb", "large", "sheets"],
)
def test_what_is_no_questionnaire_is_refused_in_words(study, content, said):
    response = upload(signed_in(Role.ADMINISTRATOR), content)
    assert response.status_code == 200
    assert said in response.content.decode()
    assert Instrument.objects.count() == len(study)


def test_mistakes_stand_by_sheet_row_and_column_in_both_languages(study):
    sheets = {**HOUSEHOLD, "choices": [HOUSEHOLD["choices"][0], *HOUSEHOLD["choices"][3:]]}
    for language, said in (("es", "La hoja choices no tiene la lista"), ("en", "The sheet choices has no list")):
        client = signed_in(Role.ADMINISTRATOR, language=language)
        client.cookies["idioma"] = language
        response = upload(client, workbook(sheets))
        (problem, *_rest) = response.context["problems"]
        assert (problem.sheet, problem.row, problem.column) == ("survey", 3, "A")
        assert problem.where == "survey, A3"
        assert said in response.content.decode()


def test_researcher_reads_and_manages_nothing(study):
    stored, client = study["follow_up"], signed_in(Role.RESEARCHER)
    page = client.get(reverse("instrument_detail", args=[stored.pk])).content.decode()
    assert "¿La empujó, la sacudió o le lanzó algo?" in page
    assert reverse("instrument_retire", args=[stored.pk]) not in page
    assert client.get(reverse("instrument_upload")).status_code == 403
    assert client.post(reverse("instrument_retire", args=[stored.pk])).status_code == 403
    assert client.get(reverse("instrument_source", args=[stored.pk])).content.startswith(b"<!-- Follow-up")


def test_file_of_a_private_pack_is_given_to_administrators_only(study):
    stored = household(licence="private")
    address = reverse("instrument_source", args=[stored.pk])
    assert signed_in(Role.RESEARCHER).get(address).status_code == 404
    assert signed_in(Role.ADMINISTRATOR).get(address).content == bytes(stored.source)


def test_changes_between_two_versions_say_what_they_mean(study):
    before, after = household(), household(version="2", without="income")
    page = signed_in(Role.RESEARCHER).get(reverse("instrument_changes", args=[after.pk, before.pk]))
    assert [(row["name"], str(row["change"])) for row in page.context["rows"]] == [("income", "Question dropped")]
    assert "La columna termina" in page.content.decode()
    other = reverse("instrument_changes", args=[after.pk, study["baseline"].pk])
    assert signed_in(Role.RESEARCHER).get(other).status_code == 404


def test_another_version_is_offered_only_where_there_is_one(study):
    page = signed_in(Role.ADMINISTRATOR).get(reverse("instrument_list"))
    offered = {row.code: [one.code for one in row.others] for row in page.context["waves"]}
    later = [f"month_{month}" for month in (3, 6, 9, 12)]
    assert offered == {"baseline": ["follow_up"], **{wave: ["baseline"] for wave in later}}
    assert page.content.decode().count("<select") == len(offered)


def test_nothing_is_offered_where_no_version_is_published(db):
    ProtocolVersionFactory()
    load_instrument(by=STUDY, source=workbook(HOUSEHOLD), name="h.xlsx", now=NOW)
    assert "<select" not in signed_in(Role.ADMINISTRATOR).get(reverse("instrument_list")).content.decode()


@pytest.mark.parametrize("versions", [1, 3])
def test_list_costs_the_same_queries_for_any_number(study, django_assert_num_queries, versions):
    for version in range(versions):
        household(version=str(version))
    client = signed_in(Role.RESEARCHER)
    client.get(reverse("instrument_list"))
    with django_assert_num_queries(6):  # session, person, last pins, what they ask, protocol, versions
        client.get(reverse("instrument_list"))


@pytest.fixture
def asked(study, interviewer):
    """Surveys of some women, each with one answer that breaks a rule."""

    def take(women):
        for woman in ParticipantFactory.create_batch(women, interviewer=interviewer, enrolled_on=NOW.date()):
            case = schedule_waves(by=STUDY, participant=woman, now=NOW)[0]
            submit_survey(by=interviewer, case=case, content=sent(case, children="50"), now=NOW)

    return take


@pytest.mark.parametrize("women", [1, 3])
def test_list_of_queries_costs_the_same_for_any_number(asked, django_assert_num_queries, women):
    asked(women)
    client = signed_in(Role.ADMINISTRATOR)
    page = client.get(reverse("query_list"))
    assert len(page.context["rows"]) == women
    with django_assert_num_queries(4):  # session, person, number of queries, queries
        client.get(reverse("query_list"))


def test_query_is_explained_and_settled_and_shows_no_answer(asked, interviewer):
    asked(1)
    query, client = DataQuery.objects.get(), Client()
    client.force_login(interviewer, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("query_list")).content.decode()
    assert "¿Cuántos hijos e hijas menores de 18 años viven con usted?" in page
    assert ">50<" not in page

    client.post(reverse("query_explain", args=[query.pk]), {"explanation": "slip"})
    signed_in(Role.ADMINISTRATOR).post(reverse("query_close", args=[query.pk]))
    query.refresh_from_db()
    assert (query.status, query.explanation) == ("closed", "slip")
    assert client.post(reverse("query_explain", args=[query.pk]), {"explanation": "nonsense"}).status_code == 302


def test_queries_are_for_whoever_took_the_survey_and_for_administrators(asked):
    asked(1)
    query = DataQuery.objects.get()
    other = signed_in(Role.INTERVIEWER)
    assert other.get(reverse("query_list")).context["rows"] == []
    assert other.post(reverse("query_explain", args=[query.pk]), {"explanation": "slip"}).status_code == 404
    assert signed_in(Role.RESEARCHER).get(reverse("query_list")).status_code == 403


@pytest.mark.parametrize(
    ("language", "title"), [("es", "Conversación de seguimiento"), ("en", "Follow-up conversation")]
)
def test_form_is_given_under_its_title_in_the_language_of_the_page(study, language, title):
    client = signed_in(Role.INTERVIEWER, language=language)
    client.cookies["idioma"] = language
    form = client.get(reverse("instrument_xform", args=[study["follow_up"].pk])).content.decode()
    assert form.count("<h:title>") == 1
    assert f"<h:title>{title}</h:title>" in form


@pytest.mark.parametrize("row", [["image", "a", "A"], ["select_one_from_file a.csv", "a", "A"], ["include", "a", ""]])
def test_what_cannot_be_asked_here_is_told_on_the_page_and_nothing_is_stored(study, row):
    source = workbook({"survey": [["type", "name", "label"], row], "settings": HOUSEHOLD["settings"]})
    response = upload(signed_in(Role.ADMINISTRATOR), source)
    (problem,) = response.context["problems"]
    assert (response.status_code, problem.where) == (200, "survey, A2")
    assert "dice:" not in response.content.decode()
    assert Instrument.objects.count() == len(study)
