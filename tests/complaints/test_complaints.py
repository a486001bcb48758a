"""A complaint: written down by anybody, read by the desk that was chosen, answered, counted for the board."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.db.utils import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from complaints.models import Complaint, ComplaintStep, Desk
from complaints.queries import complaint_counts
from complaints.services import (
    CodeNeeded,
    ComplaintMovedOn,
    OutcomeNeeded,
    ToldInFuture,
    WordsNeeded,
    WrittenAlready,
    open_complaint,
    record_complaint_step,
    take_complaint,
    write_complaint,
)
from complaints.states import TRANSITIONS, State, may_become
from monitoring.queries.board import board_week
from participants.reach import ParticipantOutOfReach
from participants.sealing import SealedDataUnreadable
from safety.models import SafetyCase
from tests.complaints.told import WORDS, told, written
from tests.factories import NOW, TODAY, ParticipantFactory, ProtocolVersionFactory, UserFactory

Kind = ComplaintStep.Kind


@pytest.fixture(autouse=True)
def protocol(db):
    ProtocolVersionFactory()


@pytest.fixture
def administrator() -> User:
    return UserFactory(role=Role.ADMINISTRATOR)


@pytest.fixture
def safety_officer() -> User:
    return UserFactory(role=Role.SAFETY_OFFICER)


def signed_in(user: User, language: str = "en") -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["idioma"] = language
    return client


@pytest.mark.parametrize("role", Role)
def test_anybody_writes_one_down_and_is_asked_no_consent(role):
    complaint = written(UserFactory(role=role))
    assert (complaint.state, complaint.due_on) == (State.RECEIVED, TODAY + timedelta(days=10))
    row = Event.objects.get(action="complaints.write")
    assert row.details == {"about": "reached", "severity": "ordinary", "desk": "coordination"}
    assert "noche" not in str(vars(row))


def test_serious_one_is_answered_sooner():
    assert written(severity=Complaint.Severity.SERIOUS).due_on == TODAY + timedelta(days=2)


@pytest.mark.requirement("F36")
def test_words_lie_sealed_and_open_to_the_desk_alone(administrator, safety_officer):
    woman = ParticipantFactory()
    for complaint in (written(administrator, participant=woman), written()):
        assert WORDS.encode() not in bytes(complaint.sealed_text)
        assert open_complaint(by=administrator, complaint=complaint)["text"] == WORDS
        for other in (safety_officer, UserFactory(role=Role.ETHICS_BOARD), UserFactory(role=Role.SUPERVISOR)):
            with pytest.raises(PermissionMissing):
                open_complaint(by=other, complaint=complaint)
    assert Event.objects.filter(action="complaints.open").count() == 2


def test_words_of_two_complaints_do_not_open_in_each_others_place(administrator):
    of_hers, of_nobody = written(administrator, participant=ParticipantFactory()), written()
    of_nobody.sealed_text = of_hers.sealed_text
    with pytest.raises(SealedDataUnreadable):
        open_complaint(by=administrator, complaint=of_nobody)


def test_police_and_interviewers_name_only_women_in_their_care():
    woman = ParticipantFactory(interviewer=UserFactory(role=Role.INTERVIEWER))
    assert written(woman.interviewer, participant=woman).participant == woman
    for role in (Role.INTERVIEWER, Role.OFFICER, Role.SUPERVISOR):
        with pytest.raises(ParticipantOutOfReach):
            written(UserFactory(role=role), participant=woman)


@pytest.mark.requirement("N22")
@pytest.mark.parametrize("role", [Role.INTERVIEWER, Role.ADMINISTRATOR, Role.RESEARCHER])
def test_one_about_her_safety_is_a_case_too(role):
    user = UserFactory(role=role)
    woman = ParticipantFactory(interviewer=user if role == Role.INTERVIEWER else None)
    complaint = written(user, participant=woman, concerns_safety=True)
    case = SafetyCase.objects.get(participant=woman)
    assert (complaint.made_case, case.rule, case.severity) == (True, "complaint", "serious")


@pytest.mark.requirement("F36")
@pytest.mark.parametrize("is_hers", [True, False])
def test_page_sent_twice_is_one_complaint_and_one_case(is_hers):
    user = UserFactory(role=Role.ADMINISTRATOR)
    words = {"form_id": uuid4(), "participant": ParticipantFactory() if is_hers else None, "concerns_safety": is_hers}
    first = written(user, **words)
    assert written(user, **words) == first
    assert Complaint.objects.count() == 1
    assert list(SafetyCase.objects.values_list("times", flat=True)) == [1] * is_hers
    assert Event.objects.filter(action="complaints.write").count() == 1
    for by, change in ((user, {"text": "Otra cosa"}), (user, {"desk": Desk.SAFETY}), (UserFactory(), {})):
        with pytest.raises(WrittenAlready):
            written(
                by, **{**words, "participant": None, "concerns_safety": False} if by != user else {**words, **change}
            )
    assert Complaint.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"text": "  "}, WordsNeeded),
        ({"told_on": TODAY + timedelta(days=1)}, ToldInFuture),
        ({"concerns_safety": True}, CodeNeeded),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(fields, error):
    with pytest.raises(error):
        written(**fields)
    assert not Complaint.objects.exists()
    assert not SafetyCase.objects.exists()


def test_it_goes_from_hand_to_answer_to_end(administrator):
    complaint = take_complaint(by=administrator, complaint=written(), now=NOW)
    step = {"by": administrator, "complaint": complaint, "now": NOW}
    record_complaint_step(**step, kind=Kind.NOTED, note="Se preguntó en la estación")
    record_complaint_step(**step, kind=Kind.ANSWERED, note="Se le pidió disculpas")
    record_complaint_step(**step, kind=Kind.CLOSED, outcome="changed")
    complaint.refresh_from_db()
    assert (complaint.state, complaint.outcome, complaint.handler) == ("closed", "changed", administrator)
    words = open_complaint(by=administrator, complaint=complaint)
    assert sorted(words.values()) == sorted([WORDS, "Se preguntó en la estación", "Se le pidió disculpas"])
    assert list(complaint.steps.values_list("kind", flat=True)) == ["taken", "noted", "answered", "closed"]


def test_what_is_closed_stays_closed_and_nothing_comes_before_it_is_taken(administrator):
    complaint = written()
    with pytest.raises(ComplaintMovedOn):
        record_complaint_step(by=administrator, complaint=complaint, kind=Kind.NOTED, note="Algo", now=NOW)
    take_complaint(by=administrator, complaint=complaint, now=NOW)
    with pytest.raises(OutcomeNeeded):
        record_complaint_step(by=administrator, complaint=complaint, kind=Kind.CLOSED, now=NOW)
    with pytest.raises(WordsNeeded):
        record_complaint_step(by=administrator, complaint=complaint, kind=Kind.ANSWERED, note=" ", now=NOW)
    record_complaint_step(by=administrator, complaint=complaint, kind=Kind.CLOSED, outcome="taken_back", now=NOW)
    for kind in Kind.NOTED, Kind.ANSWERED, Kind.CLOSED:
        with pytest.raises(ComplaintMovedOn):
            record_complaint_step(
                by=administrator, complaint=complaint, kind=kind, note="Algo", outcome="changed", now=NOW
            )


@given(walk=st.lists(st.sampled_from(list(State)), max_size=6))
def test_no_way_leads_back(walk):
    order, state = list(TRANSITIONS), State.RECEIVED
    for following in walk:
        if may_become(state, following):
            assert order.index(following) > order.index(state)
            state = following


def test_desk_of_the_safety_officer_is_not_the_coordinations(administrator, safety_officer):
    complaint = written(desk=Desk.SAFETY)
    with pytest.raises(PermissionMissing):
        take_complaint(by=administrator, complaint=complaint, now=NOW)
    assert signed_in(administrator).get(reverse("complaint_detail", args=[complaint.pk])).status_code == 404
    assert take_complaint(by=safety_officer, complaint=complaint, now=NOW).handler == safety_officer


def test_nobody_deletes_a_complaint_or_rewrites_a_step(administrator):
    complaint = take_complaint(by=administrator, complaint=written(), now=NOW)
    for change in (
        lambda: ComplaintStep.objects.update(kind="closed"),
        lambda: ComplaintStep.objects.all().delete(),
        lambda: Complaint.objects.filter(pk=complaint.pk)._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


# --- Counted for the board -------------------------------------------------------------------------------------------


@pytest.mark.requirement("N25")
def test_the_board_reads_how_many_as_a_slow_count_finds_them(administrator):
    now = timezone.now()
    for number in range(12):
        complaint = write_complaint(
            by=UserFactory(role=Role.OFFICER),
            told=told(told_on=date(2026, 1, 1), severity=list(Complaint.Severity)[number % 2]),
            now=now - timedelta(days=3 * number),
        )
        if number % 3 == 0:
            take_complaint(by=administrator, complaint=complaint, now=now)
            record_complaint_step(by=administrator, complaint=complaint, kind=Kind.CLOSED, outcome="not_found", now=now)
    first, today = now - timedelta(days=10), timezone.localdate(now)
    rows = list(Complaint.objects.all())
    in_span = [row for row in rows if first <= row.written_at < now]
    waiting = [row for row in rows if row.state in {"received", "in_hand"}]
    found = complaint_counts(first, now, today=today)
    assert (found.written, found.written_all) == (len(in_span), 12)
    assert found.serious == sum(row.severity == "serious" for row in in_span)
    assert found.serious_all == sum(row.severity == "serious" for row in rows)
    assert (found.waiting, found.overdue) == (len(waiting), sum(row.due_on < today for row in waiting))
    lines = {line.name: line.in_all for line in board_week(date(2026, 11, 9)).lines}
    assert (lines["complaints_written"], lines["complaints_waiting"]) == (12, len(waiting))


# --- Pages -----------------------------------------------------------------------------------------------------------


FILLED = {
    "source": "herself", "about": "reached", "told_on": "2026-11-17", "text": WORDS, "severity": "ordinary",
    "desk": "coordination",
}  # fmt: skip


def test_page_writes_it_down_and_its_writer_follows_it_without_the_words(administrator):
    officer = UserFactory(role=Role.OFFICER)
    assert signed_in(officer).post(reverse("complaint_new"), FILLED).url == reverse("complaint_list")
    complaint = Complaint.objects.get()
    address = reverse("complaint_detail", args=[complaint.pk])
    assert WORDS not in signed_in(officer).get(address).content.decode()
    assert WORDS in signed_in(administrator).get(address).content.decode()
    assert signed_in(UserFactory(role=Role.OFFICER)).get(address).status_code == 404


def test_page_sent_twice_says_the_same_number_and_keeps_other_words_on_the_page():
    client = signed_in(UserFactory(role=Role.OFFICER))
    shown = client.get(reverse("complaint_new")).context["form"]["form_id"].value()
    for _ in range(2):
        page = client.post(reverse("complaint_new"), {**FILLED, "form_id": shown}, follow=True)
        assert f"Written down as {Complaint.objects.get()}" in page.content.decode()
    other = client.post(reverse("complaint_new"), {**FILLED, "form_id": shown, "text": "Otra cosa"})
    assert (other.status_code, other.context["form"]["text"].value()) == (422, "Otra cosa")
    assert "This page was sent before" in other.content.decode()


@pytest.mark.parametrize("bad", [{"text": ""}, {"study_code": "ZZ-999"}, {"concerns_safety": "on"}, {"about": "x"}])
def test_page_that_is_refused_keeps_what_was_typed(bad):
    page = signed_in(UserFactory(role=Role.OFFICER)).post(reverse("complaint_new"), {**FILLED, **bad})
    assert page.status_code == 422
    assert page.context["form"]["told_on"].value() == "2026-11-17"
    assert not Complaint.objects.exists()


def test_desk_takes_it_and_says_what_was_done(administrator):
    complaint, client = written(), signed_in(administrator)
    client.post(reverse("complaint_take", args=[complaint.pk]))
    at = reverse("complaint_step", args=[complaint.pk])
    refused = client.post(at, {"kind": "closed", "note": "Fin", "outcome": ""})
    assert (refused.status_code, refused.context["form"]["note"].value()) == (422, "Fin")
    assert client.post(at, {"kind": "answered", "note": "Se le dijo"}).status_code == 302
    complaint.refresh_from_db()
    assert complaint.state == State.ANSWERED


@pytest.mark.parametrize("complaints", [1, 3])
def test_list_costs_the_same_for_any_number(administrator, django_assert_num_queries, complaints):
    for _ in range(complaints):
        written()
    client = signed_in(administrator)
    client.get(reverse("complaint_list"))
    with django_assert_num_queries(4):  # session, person, complaints counted, complaints
        client.get(reverse("complaint_list"))
