"""Masking, coding by two, agreement, passages: from what she said to what may be given out."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from interviews import queries, services
from interviews.masking import Mask
from interviews.models import Coding, CodingPass, TranscriptVersion
from interviews.services import CodeWords, Passage
from participants.models import VaultKey
from participants.reach import ConsentMissing, ParticipantOutOfReach
from tests.factories import NOW, TODAY, DistrictFactory, UserFactory
from tests.interviews.bringing import brought, docx
from tests.interviews.conftest import make_held_talk

LINES = ("E: ¿Con quién habló?", "P: Con mi vecina Lucía, en Breña.", "E: ¿Y después?", "P: Me acompañó Zoraida.")


@pytest.fixture
def coders(db):
    return [UserFactory(role=Role.RESEARCHER) for _coder in range(2)]


def original_of(talk) -> TranscriptVersion:
    brought(talk, docx(*LINES), "transcript")
    texts = TranscriptVersion.objects.select_related("interview__participant__vault_key")
    return texts.get(interview=talk.interview, form="original")


def masked_of(talk) -> TranscriptVersion:
    DistrictFactory(name="Breña")
    original = original_of(talk)
    opened = services.open_to_mask(by=talk.interviewer, transcript=original, now=NOW)
    accepted = [(one.paragraph, one.start, one.end) for one in opened.suggestions]
    made = services.mask_transcript(by=talk.interviewer, transcript=original, accepted=accepted, own_words=[], now=NOW)
    return queries.texts_readable(UserFactory(role=Role.RESEARCHER), TODAY).get(pk=made.pk)


def code_of(by, name="Apoyo", **words):
    return services.add_code(by=by, words=CodeWords(name, **words), now=NOW)


def put(by, text, code, paragraph, start=0, end=None):
    passage = Passage(paragraph, start, end)
    return services.code_passage(by=by, transcript=text, code=code, passage=passage, now=NOW)


def finish(by, text):
    return services.finish_coding(by=by, transcript=text, now=NOW)


@pytest.mark.requirement("N31", "F53")
def test_what_is_accepted_is_masked_and_nothing_else(held, coders):
    DistrictFactory(name="Breña")
    original = original_of(held)
    opened = services.open_to_mask(by=held.interviewer, transcript=original, now=NOW)
    assert [one.words for one in opened.suggestions] == ["Lucía", "Breña", "Zoraida"]
    one = opened.suggestions[0]
    made = services.mask_transcript(
        by=held.interviewer, transcript=original, accepted=[(one.paragraph, one.start, one.end), (9, 0, 1)],
        own_words=[services.OwnWords("vecina", Mask.NAME)], now=NOW,
    )  # fmt: skip
    assert (made.number, made.form, made.source, made.masks) == (2, "masked", original, 2)
    text = queries.texts_readable(coders[0], TODAY).get()
    said = services.open_transcript(by=coders[0], transcript=text, now=NOW)
    assert said[1].text == "Con mi [nombre 1] [nombre 2], en Breña."
    event = Event.objects.filter(action="interviews.mask").get()
    assert event.details == {"transcript": made.pk, "from": original.pk, "masks": 2, "suggested": 3}


def test_a_masked_text_is_not_masked_again_and_coders_read_the_newest(held, coders):
    text = masked_of(held)
    with pytest.raises(services.NothingToMask):
        services.mask_transcript(by=held.interviewer, transcript=text, accepted=[], own_words=[], now=NOW)
    newer = services.mask_transcript(by=held.interviewer, transcript=text.source, accepted=[], own_words=[], now=NOW)
    assert [row.pk for row in queries.texts_to_code(coders[0], TODAY)] == [newer.pk]


def test_coders_never_open_what_is_not_masked(held, coders):
    original = original_of(held)
    for act in (
        lambda: services.open_transcript(by=coders[0], transcript=original, now=NOW),
        lambda: services.open_to_mask(by=coders[0], transcript=original, now=NOW),
    ):
        with pytest.raises(PermissionMissing):
            act()
    with pytest.raises(services.NotMasked):
        put(coders[0], original, code_of(coders[0]), 0)
    assert not queries.texts_readable(coders[0], TODAY).exists()


def test_other_roles_and_other_interviewers_read_nothing(held):
    text = masked_of(held)
    with pytest.raises(ParticipantOutOfReach):
        services.open_transcript(by=UserFactory(role=Role.INTERVIEWER), transcript=text, now=NOW)
    for role in set(Role) - {Role.INTERVIEWER, Role.RESEARCHER}:
        with pytest.raises(PermissionMissing):
            services.open_transcript(by=UserFactory(role=role), transcript=text, now=NOW)


def test_what_she_ended_her_consent_to_is_read_and_given_out_by_nobody(held, coders):
    text, code = masked_of(held), code_of(coders[0])
    put(coders[0], text, code, 1)
    finish(coders[0], text)
    assert len(services.open_excerpts(by=coders[0], code=code, now=NOW)) == 1
    held.woman.consents.filter(scope="interview").update(ended_at=NOW)
    assert services.open_excerpts(by=coders[0], code=code, now=NOW) == []
    with pytest.raises(ConsentMissing):
        services.open_transcript(by=coders[0], transcript=text, now=NOW)
    held.woman.consents.filter(scope="interview").update(ended_at=None)
    VaultKey.objects.update(wrapped=None, destroyed_at=NOW)
    assert services.open_excerpts(by=coders[0], code=code, now=NOW) == []


@pytest.mark.requirement("F53")
def test_two_code_each_by_herself_and_then_see_how_they_agree(held, coders):
    text = masked_of(held)
    help_, place = code_of(coders[0]), code_of(coders[0], "Lugar", colour=1)
    put(coders[0], text, help_, 1)
    put(coders[0], text, help_, 3, 3, 12)
    put(coders[1], text, help_, 1, 0, 10)
    put(coders[1], text, place, 1)
    finish(coders[0], text)
    assert queries.finished_passes(text) == []
    assert services.open_excerpts(by=coders[1], code=help_, now=NOW) == []
    finish(coders[1], text)
    passes = queries.finished_passes(text)
    found = queries.agreement_on(text, passes)
    tables = [(code.name, row.both, row.first_only, row.second_only, row.neither) for code, row in found]
    assert tables == [("Apoyo", 1, 1, 0, 2), ("Lugar", 0, 0, 1, 3)]
    assert found[0][1].kappa == pytest.approx(0.5)
    assert queries.agreement_overall(found).kappa == pytest.approx(1 / 3)
    excerpts = services.open_excerpts(by=coders[1], code=help_, now=NOW)
    assert [(row.paragraph, row.coder, row.text) for row in excerpts] == [
        (2, 1, "Con mi vecina [nombre 1], en [lugar 1]."), (2, 2, "Con mi vec"), (4, 1, "acompañó ")
    ]  # fmt: skip


def test_a_third_coder_and_a_finished_one_are_refused(held, coders):
    text, code = masked_of(held), code_of(coders[0])
    marks = [put(coder, text, code, 0) for coder in coders]
    with pytest.raises(services.TwoCodersAlready):
        put(UserFactory(role=Role.RESEARCHER), text, code, 0)
    finish(coders[0], text)
    for act in (
        lambda: put(coders[0], text, code, 1),
        lambda: services.remove_coding(by=coders[0], coding=marks[0], now=NOW),
        lambda: services.remove_coding(by=coders[0], coding=marks[1], now=NOW),
        lambda: finish(coders[0], text),
    ):
        with pytest.raises(services.CodingFinished):
            act()


@pytest.mark.parametrize(
    ("paragraph", "start", "end"), [(4, 0, None), (-1, 0, None), (0, 5, 5), (0, 0, 99), (0, -1, 3), (0, 30, None)]
)
def test_passages_outside_of_the_text_are_refused(held, coders, paragraph, start, end):
    with pytest.raises(services.PassageNotThere):
        put(coders[0], masked_of(held), code_of(coders[0]), paragraph, start, end)


def test_the_same_mark_is_kept_once_and_taken_back_stays_as_a_row(held, coders):
    text, code = masked_of(held), code_of(coders[0])
    mark = put(coders[0], text, code, 0)
    assert put(coders[0], text, code, 0) == mark
    services.remove_coding(by=coders[0], coding=mark, now=NOW)
    with pytest.raises(services.NothingCoded):
        finish(coders[0], text)
    assert Coding.objects.get().removed_at == NOW
    assert put(coders[0], text, code, 0) != mark


def test_three_coders_at_once_leave_two(committed_study):
    text = masked_of(make_held_talk())
    coders = [UserFactory(role=Role.RESEARCHER) for _coder in range(3)]
    code, together = code_of(coders[0]), Barrier(3)

    def mark(coder) -> str:
        together.wait()
        try:
            put(coder, text, code, 0)
        except services.TwoCodersAlready as error:
            return error.code
        else:
            return "kept"
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(mark, coders)) == ["kept", "kept", "two_coders_already"]
    assert sorted(CodingPass.objects.values_list("place", flat=True)) == [1, 2]


def test_nothing_is_marked_with_a_heading_and_what_is_marked_with_becomes_none(held, coders):
    text, heading, code = masked_of(held), code_of(coders[0], "Temas", is_heading=True), code_of(coders[0])
    with pytest.raises(services.CodeIsHeading):
        put(coders[0], text, heading, 1)
    put(coders[0], text, code, 1)
    with pytest.raises(services.CodeIsUsed):
        services.change_code(by=coders[0], code=code, words=CodeWords(code.name, is_heading=True), now=NOW)
    code.refresh_from_db()
    assert not code.is_heading
