"""Questionnaires loaded, published, given to waves and retired; what was asked does not change."""

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import translation

from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from surveys import queries
from surveys.models import Instrument, WaveInstrument
from surveys.problem_words import said_of
from surveys.services import (
    InstrumentInUse,
    InstrumentNotPublished,
    InstrumentRefused,
    InstrumentStatusFinal,
    InstrumentVersionTaken,
    WaveUnknown,
    load_instrument,
    pin_instrument,
    publish_instrument,
    retire_instrument,
    submit_survey,
)
from tests.factories import NOW, ProtocolVersionFactory, UserFactory
from tests.surveys.conftest import STUDY, sent
from tests.surveys.xforms.workbooks import HOUSEHOLD, workbook

Status = Instrument.Status


def load(content=None):
    return load_instrument(by=STUDY, source=content or workbook(HOUSEHOLD), name="hogar.xlsx", now=NOW)


def named(**changes):
    """The settings of the household with other names."""
    headers, values = HOUSEHOLD["settings"]
    return [headers, [changes.get(header, value) for header, value in zip(headers, values, strict=True)]]


def test_workbook_becomes_a_draft_with_its_file_form_and_words(db):
    source = workbook(HOUSEHOLD)
    stored = load(source)

    assert (stored.code, stored.version, stored.title, stored.status) == ("household", "1", "Hogar", "draft")
    assert (bytes(stored.source), stored.source_name) == (source, "hogar.xlsx")
    assert stored.xform.startswith("<?xml")
    assert stored.content["languages"] == ["Español (es)", "English (en)"]
    age = next(question for question in stored.content["questions"] if question["name"] == "age")
    assert age["label"] == {"Español (es)": "Edad", "English (en)": "Age"}
    assert Event.objects.get(action="surveys.load_instrument").details["sha256"] == stored.sha256


def test_same_file_again_changes_nothing_and_a_draft_is_replaced(db):
    source = workbook(HOUSEHOLD)
    first = load(source)
    assert load(source) == first
    settings = [["form_title", "form_id", "version"], ["Otro hogar", "household", "1"]]
    assert load(workbook({**HOUSEHOLD, "settings": settings})) == first
    assert Instrument.objects.get().title == "Otro hogar"


def test_published_version_cannot_be_loaded_with_another_content(db):
    publish_instrument(by=STUDY, instrument=load(), now=NOW)
    settings = [["form_title", "form_id", "version"], ["Otro hogar", "household", "1"]]
    with pytest.raises(InstrumentVersionTaken):
        load(workbook({**HOUSEHOLD, "settings": settings}))
    assert Instrument.objects.get().title == "Hogar"


def test_what_is_wrong_is_said_and_nothing_is_stored(db):
    with pytest.raises(InstrumentRefused) as refused:
        load(workbook({**HOUSEHOLD, "choices": HOUSEHOLD["choices"][:3]}))
    assert refused.value.problems[0].sheet == "survey"
    assert not Instrument.objects.exists()


@pytest.mark.parametrize(
    ("code", "version", "is_taken"),
    [
        ("h" * 31, "v" * 32, True),
        ("h" * 61, "10", True),
        ("h" * 32, "v" * 32, False),
        ("h" * 63, "1", False),
        ("household", "v" * 33, False),
    ],
)
def test_a_name_longer_than_is_kept_is_refused_with_its_place(db, code, version, is_taken):
    source = workbook({**HOUSEHOLD, "settings": named(form_id=code, version=version)})
    if is_taken:
        assert str(load(source)) == f"{code} {version}"
        return
    with pytest.raises(InstrumentRefused) as refused:
        load(source)
    (problem,) = refused.value.problems
    assert (problem.sheet, problem.row, problem.what) == (
        "settings", 2, "form_id and version are too long; expected at most 63 letters, 32 of them the version",
    )  # fmt: skip
    with translation.override("es"):
        assert said_of(problem.what).startswith("form_id y version son demasiado largos: 63 letras como máximo")


@pytest.mark.parametrize(
    ("version", "header"),
    [
        ("2026-11 ñ", "attachment; filename*=utf-8''household-2026-11%20%C3%B1.xlsx"),
        ('a"b; filename="c', 'attachment; filename="household-a\\"b; filename=\\"c.xlsx"'),
    ],
)
def test_a_version_of_any_signs_is_one_name_of_the_file(db, client, version, header):
    stored = load(workbook({**HOUSEHOLD, "settings": named(version=version)}))
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    response = client.get(reverse("instrument_source", args=[stored.pk]))
    assert response.headers["Content-Disposition"] == header


@pytest.mark.parametrize("name", ["large.xlsx", "large.md"])
def test_file_of_a_hundred_megabytes_is_refused_unread(db, name):
    with pytest.raises(InstrumentRefused) as refused:
        load_instrument(by=STUDY, source=bytes(100 * 2**20), name=name, now=NOW)
    assert [problem.what[:8] for problem in refused.value.problems] == ["the file"]


@pytest.mark.parametrize("status", ["published", "retired"])
@pytest.mark.parametrize(
    "change",
    [
        {"xform": "<other/>"}, {"content": {}}, {"source": b"other"}, {"version": "2"}, {"sha256": "0" * 64},
        {"licence": "private"}, {"status": "draft", "published_at": None, "retired_at": None},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_database_refuses_to_change_what_was_published(db, status, change):
    stored = publish_instrument(by=STUDY, instrument=load(), now=NOW)
    if status == "retired":
        retire_instrument(by=STUDY, instrument=stored, now=NOW)
    with pytest.raises(DatabaseError, match="what was asked does not change"), transaction.atomic():
        Instrument.objects.filter(pk=stored.pk).update(**change)
    with pytest.raises(DatabaseError, match="what was asked does not change"), transaction.atomic():
        Instrument.objects.filter(pk=stored.pk).delete()


def test_a_wave_asks_only_what_is_published_and_its_history_is_kept(study):
    draft = load()
    with pytest.raises(InstrumentNotPublished):
        pin_instrument(by=STUDY, wave="month_3", instrument=draft, now=NOW)
    with pytest.raises(WaveUnknown):
        pin_instrument(by=STUDY, wave="month_99", instrument=study["follow_up"], now=NOW)

    publish_instrument(by=STUDY, instrument=draft, now=NOW)
    for _ in range(2):
        pin_instrument(by=STUDY, wave="month_3", instrument=draft, now=NOW)

    assert queries.instruments_by_wave()["month_3"] == draft
    assert [str(pin.instrument) for pin in WaveInstrument.objects.filter(wave="month_3")] == [
        "household 1",
        "follow_up 1",
    ]
    details = [
        event.details for event in Event.objects.filter(object_id="household 1", action="surveys.pin_instrument")
    ]
    assert details[0] == {"wave": "month_3", "before": "follow_up 1"}
    with pytest.raises(DatabaseError, match="what was asked does not change"), transaction.atomic():
        WaveInstrument.objects.filter(wave="month_3").delete()


def test_another_version_is_never_for_whoever_was_asked_already(case, interviewer):
    submit_survey(by=interviewer, case=case, content=sent(case), now=NOW)
    other = publish_instrument(by=STUDY, instrument=load(), now=NOW)
    pin_instrument(by=STUDY, wave=case.wave, instrument=other, now=NOW)

    case.refresh_from_db()
    assert str(queries.instrument_of(case)) == "follow_up 1"
    assert str(queries.instruments_by_wave()[case.wave]) == "household 1"


def test_a_device_may_send_the_version_that_the_wave_asked_before(case, interviewer):
    content = sent(case)
    other = publish_instrument(by=STUDY, instrument=load(), now=NOW)
    pin_instrument(by=STUDY, wave=case.wave, instrument=other, now=NOW)

    submit_survey(by=interviewer, case=case, content=content, now=NOW)

    assert str(case.submission.instrument) == "follow_up 1"


def test_what_a_wave_asks_is_not_retired_and_what_is_retired_does_not_return(study):
    with pytest.raises(InstrumentInUse):
        retire_instrument(by=STUDY, instrument=study["follow_up"], now=NOW)
    retired = retire_instrument(by=STUDY, instrument=study["neighbourhood"], now=NOW)
    assert retired.status == Status.RETIRED
    with pytest.raises(InstrumentStatusFinal):
        publish_instrument(by=STUDY, instrument=retired, now=NOW)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
def test_only_administrators_manage(study, role):
    user = UserFactory(role=role)
    with pytest.raises(PermissionMissing):
        load_instrument(by=user, source=b"", name="x.xlsx", now=NOW)
    with pytest.raises(PermissionMissing):
        pin_instrument(by=user, wave="month_3", instrument=study["baseline"], now=NOW)
    for act in (publish_instrument, retire_instrument):
        with pytest.raises(PermissionMissing):
            act(by=user, instrument=study["neighbourhood"], now=NOW)


def test_a_wave_without_a_questionnaire_asks_nothing(db):
    ProtocolVersionFactory()
    assert queries.instruments_by_wave() == {}


def test_title_is_said_in_the_language_of_the_page(study):
    shipped = study["follow_up"]
    assert shipped.title == "Conversación de seguimiento"
    with translation.override("en"):
        assert shipped.title_here == "Follow-up conversation"
    with translation.override("es"):
        assert shipped.title_here == "Conversación de seguimiento"
    only = load_instrument(by=STUDY, source=workbook(HOUSEHOLD), name="hogar.xlsx", now=NOW)
    with translation.override("en"):
        assert (only.titles, only.title_here) == ({}, "Hogar")
