"""A survey opened in private, covered, taken up again by its code, and debriefed."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import check_password
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from audit.models import Event
from care.models import Debrief
from participants import sealing
from participants.models import Consent, Participant
from participants.services import ConsentMissing, ParticipantOutOfReach
from surveys.decoy import decoy, decoy_rows
from surveys.interviewing import Wish
from surveys.models import Submission, SurveyCase, SurveyDebrief, SurveySitting
from surveys.queries.interviewers import as_women
from surveys.queries.notebook import cases_of_week
from surveys.queries.sittings import answers_before, answers_to_take_along
from surveys.services import (
    NoSitting,
    PinTooSimple,
    SurveyClosed,
    SurveyNotOpen,
    cover_sitting,
    debrief_survey,
    end_sittings,
    keep_draft,
    open_sitting,
    schedule_waves,
    submit_survey,
    uncover_sitting,
)
from surveys.tasks import SWEEPER
from surveys.xforms.writing import written_answers
from tests.factories import NOW, TODAY, ParticipantFactory, UserFactory
from tests.surveys.conftest import STUDY, sent

PIN = "4071"
DRAFT = b"<data><privacy>yes</privacy><g><physical_1_ever>yes</physical_1_ever><sexual_1_ever/></g></data>"


REPEATED = b"<data><privacy>yes</privacy><child><name>Luz</name></child><child><name>Inti</name></child></data>"


@pytest.fixture
def sitting(case, interviewer):
    return open_sitting(by=interviewer, case=case, pin=PIN, now=NOW)


def told_before(interviewer, case):
    (found,) = answers_before(interviewer, case, NOW)
    return written_answers(found.xml.encode())


def test_code_is_kept_as_a_hash_and_never_in_the_audit(sitting, case):
    assert sitting.pin != PIN
    assert check_password(PIN, sitting.pin)
    event = Event.objects.get(action="surveys.open_sitting")
    assert (event.object_id, event.details) == (str(case.pk), {"sitting": sitting.pk})


@pytest.mark.parametrize("pin", ["", "123", "123456789", "1111", "12a4", "١٢٣٤"])
def test_code_that_anybody_would_try_is_refused(case, interviewer, pin):
    with pytest.raises(PinTooSimple):
        open_sitting(by=interviewer, case=case, pin=pin, now=NOW)


def test_only_her_interviewer_opens_and_only_what_may_be_asked(case, woman, interviewer):
    with pytest.raises(ParticipantOutOfReach):
        open_sitting(by=UserFactory(role=Role.INTERVIEWER), case=case, pin=PIN, now=NOW)
    with pytest.raises(SurveyNotOpen):
        open_sitting(by=interviewer, case=woman.survey_cases.get(wave="month_6"), pin=PIN, now=NOW)
    SurveyCase.objects.filter(pk=case.pk).update(status="done")
    with pytest.raises(SurveyClosed):
        open_sitting(by=interviewer, case=case, pin=PIN, now=NOW)
    SurveyCase.objects.filter(pk=case.pk).update(status="due")
    woman.consents.filter(scope=Consent.Scope.SURVEYS).update(ended_at=NOW)
    with pytest.raises(ConsentMissing):
        open_sitting(by=interviewer, case=case, pin=PIN, now=NOW)


def test_covered_answers_are_sealed_and_come_back_with_the_code(sitting, case, interviewer):
    covered = cover_sitting(by=interviewer, case=case, draft=DRAFT, now=NOW)
    assert b"physical" not in bytes(covered.sealed_draft)
    found = uncover_sitting(by=interviewer, case=case, pin=PIN, now=NOW)
    assert (found.is_right, found.is_over) == (True, False)
    # that they are alone is asked anew
    assert told_before(interviewer, case) == {"physical_1_ever": "yes"}


def test_five_wrong_codes_end_it_and_what_was_answered_goes_to_the_next(sitting, case, interviewer):
    cover_sitting(by=interviewer, case=case, draft=DRAFT, now=NOW)
    tries = [uncover_sitting(by=interviewer, case=case, pin="9999", now=NOW).is_over for _ in range(5)]
    assert tries == [False, False, False, False, True]
    with pytest.raises(NoSitting):
        uncover_sitting(by=interviewer, case=case, pin=PIN, now=NOW)
    open_sitting(by=interviewer, case=case, pin="8362", now=NOW)
    assert told_before(interviewer, case) == {"physical_1_ever": "yes"}
    assert SurveySitting.objects.exclude(sealed_draft=None).count() == 1


def test_sitting_of_another_or_of_yesterday_is_none(sitting, case, interviewer):
    with pytest.raises(NoSitting):
        cover_sitting(by=UserFactory(role=Role.INTERVIEWER), case=case, draft=b"", now=NOW)
    with pytest.raises(NoSitting):
        cover_sitting(by=interviewer, case=case, draft=b"", now=NOW + timedelta(hours=13))


def test_sweep_ends_what_is_open_too_long_and_drops_drafts_of_closed_surveys(sitting, case, interviewer):
    cover_sitting(by=interviewer, case=case, draft=DRAFT, now=NOW)
    assert end_sittings(by=SWEEPER, now=NOW + timedelta(hours=13)) == 1
    assert SurveySitting.objects.get().sealed_draft is not None
    submit_survey(by=interviewer, case=case, content=sent(case), now=NOW)
    assert end_sittings(by=SWEEPER, now=NOW + timedelta(hours=13)) == 0
    assert SurveySitting.objects.get().sealed_draft is None


def test_part_answered_comes_before_the_rest_is_asked(case, interviewer):
    submit_survey(by=interviewer, case=case, content=sent(case, still_private_1="no"), now=NOW)
    case.refresh_from_db()
    found = told_before(interviewer, case)
    assert found["physical_1_ever"] == "no"
    assert not {"privacy", "agreement", "still_private_1"} & set(found)


def test_draft_is_kept_sealed_while_it_is_open_and_comes_back_with_its_repeats(sitting, case, interviewer):
    kept = keep_draft(by=interviewer, case=case, draft=REPEATED, now=NOW)
    assert (kept.covered_at, kept.draft_at, b"child" in bytes(kept.sealed_draft)) == (None, NOW, False)
    (found,) = answers_before(interviewer, case, NOW)
    assert re.findall(r"<name>(\w+)</name>", found.xml) == ["Luz", "Inti"]
    assert "privacy" not in found.xml
    # what is none, or of a sitting that is over, leaves it where it is
    keep_draft(by=interviewer, case=case, draft=b"<data><a></data>", now=NOW + timedelta(minutes=1))
    with pytest.raises(NoSitting):
        keep_draft(by=interviewer, case=case, draft=DRAFT, now=NOW + timedelta(hours=13))
    assert SurveySitting.objects.get().draft_at == NOW
    assert Event.objects.filter(action="surveys.keep_draft").count() == 2


def test_what_was_told_in_part_and_what_was_begun_since_come_in_order(case, interviewer):
    submit_survey(by=interviewer, case=case, content=sent(case, still_private_1="no"), now=NOW)
    case.refresh_from_db()
    open_sitting(by=interviewer, case=case, pin=PIN, now=NOW)
    later = NOW + timedelta(minutes=5)
    keep_draft(by=interviewer, case=case, draft=DRAFT, now=later)
    assert [one.at for one in answers_before(interviewer, case, later)] == [NOW, later]
    # a paper or another program told more since
    Submission.objects.update(submitted_at=NOW + timedelta(minutes=9))
    case.refresh_from_db()
    assert [one.at for one in answers_before(interviewer, case, later)] == [later, NOW + timedelta(minutes=9)]


def test_what_was_begun_goes_along_but_not_while_it_is_covered(sitting, case, woman, interviewer):
    cover_sitting(by=interviewer, case=case, draft=DRAFT, now=NOW)
    cases = list(cases_of_week(interviewer, TODAY))
    assert answers_to_take_along(cases, NOW) == {one.pk: [] for one in cases}
    # back by the code, or the sheet stood so long that the sitting is over
    assert [one.at for one in answers_to_take_along(cases, NOW + timedelta(hours=13))[case.pk]] == [NOW]
    uncover_sitting(by=interviewer, case=case, pin=PIN, now=NOW)
    (told,) = answers_to_take_along(cases, NOW)[case.pk]
    assert written_answers(told.xml.encode()) == {"physical_1_ever": "yes"}


def test_answers_of_a_draft_are_read_by_name_without_repeats():
    xml = b"<d><a> 1 </a><r><b>2</b></r><r><b>3</b></r><c/><meta><instanceID>x</instanceID></meta></d>"
    assert written_answers(xml) == {"a": "1"}


def test_debrief_is_sealed_and_only_a_hard_one_offers_care(case, interviewer):
    words = {"by": interviewer, "case": case, "now": NOW}
    debrief_survey(codes=[SurveyDebrief.Code.CALM], wish=Wish.SAME, note="", **words)
    assert not Debrief.objects.exists()
    kept = debrief_survey(codes=[SurveyDebrief.Code.HARD], wish=Wish.OTHER, note="Pienso en su hija.", **words)
    assert SurveyDebrief.objects.count() == 1
    assert sealing.unseal_text(case.participant, kept.sealed_note, purpose="debrief note") == "Pienso en su hija."
    assert Debrief.objects.get().person == interviewer
    assert Event.objects.filter(action="surveys.debrief").latest("pk").details == {"codes": ["hard"], "wish": "other"}


def test_whom_she_does_not_want_is_barred_and_whom_she_wants_stays(case, woman, interviewer):
    words = {"by": interviewer, "case": case, "codes": [], "note": "", "now": NOW}
    debrief_survey(wish=Wish.SAME, **words)
    assert as_women([woman], TODAY)[0].wish == "same"
    debrief_survey(wish=Wish.OTHER, **words)
    assert as_women([woman], TODAY)[0].barred == {interviewer.pk}


def test_harmless_sheet_is_in_both_languages_and_says_nothing():
    spanish, english = decoy_rows("es"), decoy_rows("en")
    assert [section["title"] for section in spanish] == ["Servicios de su barrio", "Compras y transporte"]
    assert english[0]["questions"][0]["label"] == "How is the water service in your street?"
    kinds = [question.kind for section in decoy() for question in section.questions]
    assert kinds == ["one"] * 4 + ["several", "one", "number", "one", "text"]


# --- Pages -------------------------------------------------------------------------------------------------------


@pytest.fixture
def open_case(study, interviewer):
    woman = ParticipantFactory(interviewer=interviewer, enrolled_on=timezone.localdate())
    return schedule_waves(by=STUDY, participant=woman, now=NOW)[0]


@pytest.fixture
def client(interviewer):
    client = Client()
    client.force_login(interviewer, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_nothing_is_asked_before_she_is_alone(open_case, client):
    form, before = (reverse(name, args=[open_case.pk]) for name in ("survey_form", "survey_before"))
    assert client.get(form).headers["Location"] == before
    assert client.post(before, {"pin": "1111"}).context["form"].errors
    assert client.post(before, {"pin": PIN}).headers["Location"] == form
    assert client.get(form).status_code == 200


def test_one_tap_shows_the_harmless_sheet_until_the_code_is_given(open_case, client):
    form, cover, sheet = (
        reverse(name, args=[open_case.pk]) for name in ("survey_form", "survey_cover", "survey_sheet")
    )
    client.post(reverse("survey_before", args=[open_case.pk]), {"pin": PIN})
    assert client.post(cover, {"draft": DRAFT.decode()}).headers["Location"] == sheet
    page = client.get(form, follow=True)
    assert page.redirect_chain == [(sheet, 302)]
    text = page.content.decode()
    assert "<title>Su barrio · Agenda</title>" in text
    assert open_case.participant.study_code not in text
    assert "Encuestas" not in text.split("<main")[0]
    wrong = client.post(sheet, {"code": "9999"}).content.decode()
    assert "El código no coincide." in wrong
    assert client.post(sheet, {"code": PIN}).headers["Location"] == form
    back = client.get(form)
    (earlier,) = back.context["earlier"]
    assert written_answers(earlier.encode()) == {"physical_1_ever": "yes"}


def test_five_wrong_codes_sign_her_out(open_case, client):
    sheet = reverse("survey_sheet", args=[open_case.pk])
    client.post(reverse("survey_before", args=[open_case.pk]), {"pin": PIN})
    client.post(reverse("survey_cover", args=[open_case.pk]))
    answers = [client.post(sheet, {"code": "9"}, headers={"accept": "application/json"}).json() for _ in range(5)]
    assert [answer["next"] for answer in answers] == ["", "", "", "", reverse("sign_in")]
    assert client.get(reverse("survey_list")).status_code == 302


def test_debrief_page_keeps_and_goes_on(open_case, client):
    answer = client.post(reverse("survey_debrief", args=[open_case.pk]), {"wish": "same", "codes": ["calm"]})
    assert answer.headers["Location"] == reverse("survey_list")
    assert SurveyDebrief.objects.get().wish == "same"
    assert Participant.objects.count() == 1
