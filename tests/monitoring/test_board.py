"""The board's week: as a slow count finds it, nameless, and sent once as a paper."""

from datetime import date, datetime, timedelta
from email import message_from_bytes
from email.policy import default as email_policy

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accounts.roles import Role
from audit.models import Event
from complaints.models import Complaint
from data_protection.models import DataIncident, DataRequest
from messaging.senders import ConsoleSender, SendingFailed, Way, file_sender_for
from monitoring import tasks
from monitoring.models import StaffMessage
from monitoring.presenters.board import LINES, SECTIONS, board_paper, board_sections
from monitoring.presenters.messages import messages_due
from monitoring.queries.board import ACCESSES, board_week
from monitoring.queries.readers import due as message_of
from monitoring.services import check_audit
from monitoring.telling import Kind
from participants.models import AccessNotice, ContactOverride, Participant, Transfer, Withdrawal
from participants.services import raise_notice
from safety.models import AdverseEvent
from simulation.loader import load_study
from simulation.world import WorldSettings
from stations.models import ArmCrossing
from stations.queries import study_stations
from tests.architecture.incidents import incident_of, requests_of
from tests.architecture.watching import complaints
from tests.factories import NOW, ParticipantFactory, ProtocolVersionFactory, UserFactory
from training.models import Session
from visits.models import VisitLog
from visits.weeks import monday_of

# NOW is Wednesday, 18 November 2026; the week that is over began on the ninth.
LAST_MONDAY = date(2026, 11, 9)
MONDAY_AT_SIX = datetime.fromisoformat("2026-11-16T06:00:00-05:00")


def signed_in(role, language="es"):
    client = Client()
    client.force_login(UserFactory(role=role))
    client.cookies["idioma"] = language
    return client


@pytest.fixture
def world(committed_study):
    settings = WorldSettings(seed=9, as_of=timezone.localdate(), clusters=8, participants=64, elapsed_months=5)
    load_study(settings, now=timezone.now(), say=lambda _line: None)
    women = list(Participant.objects.in_follow_up().order_by("pk")[:3])
    incident_of(women)
    requests_of(women)
    complaints()
    raise_notice(AccessNotice.Kind.EMERGENCY, now=timezone.now(), participant=women[0], user=women[0].interviewer)


def counted(monday):
    return {line.name: (line.in_week, line.in_all) for line in board_week(monday).lines}


@pytest.mark.requirement("N25")
def test_the_week_is_what_a_slow_count_finds(world):
    monday = monday_of(timezone.localdate()) - timedelta(days=7)
    found = counted(monday)

    def weekly(days):
        days = list(days)
        return sum(monday <= day < monday + timedelta(days=7) for day in days), len(days)

    women = list(Participant.objects.all())
    assert found["enrolled"] == weekly(woman.enrolled_on for woman in women)
    assert found["in_follow_up"] == (None, sum(woman.status == "enrolled" for woman in women))
    assert found["resting"] == (None, sum(woman.status == "paused" for woman in women))
    assert found["completed"] == (None, sum(woman.status == "completed" for woman in women))
    left = [woman for woman in women if woman.status == "withdrawn"]
    assert found["left_whole"] == weekly(timezone.localdate(woman.status_changed_at) for woman in left)
    events = [one for one in AdverseEvent.objects.all() if not one.withdrawn_at and not hasattr(one, "replaced_by")]
    assert found["serious_events"] == weekly(timezone.localdate(one.recorded_at) for one in events if one.is_serious)
    assert found["other_events"] == weekly(timezone.localdate(one.recorded_at) for one in events if not one.is_serious)
    broken = [log for log in VisitLog.objects.all() if log.breaches]
    assert found["visits_otherwise"] == weekly(timezone.localdate(log.received_at) for log in broken)
    assert found["left_part"] == weekly(
        timezone.localdate(one.withdrawn_at) for one in Withdrawal.objects.all() if not one.is_whole
    )
    assert found["lost"] == (None, sum(woman.status in ("lost", "moved") for woman in women))
    assert found["died"] == (None, sum(woman.status == "deceased" for woman in women))
    contacts = ContactOverride.objects.all()
    assert found["contacts_outside"] == weekly(timezone.localdate(one.overridden_at) for one in contacts)
    held = [one for one in Session.objects.all() if one.status == "held" and one.deviation_reason]
    assert found["sessions_otherwise"] == weekly(one.held_on for one in held)
    assert found["staff_moved"] == weekly(moves_of_officers())
    assert found["participants_moved"] == weekly(moves_of_women())
    told, today = list(Complaint.objects.all()), timezone.localdate()
    assert found["complaints_written"] == weekly(timezone.localdate(one.written_at) for one in told)
    serious = [one for one in told if one.severity == "serious"]
    assert found["complaints_serious"] == weekly(timezone.localdate(one.written_at) for one in serious)
    waiting = [one for one in told if one.state in ("received", "in_hand")]
    assert found["complaints_waiting"] == (None, len(waiting))
    assert found["complaints_overdue"] == (None, sum(one.due_on < today for one in waiting))
    assert found["data_requests"] == weekly(one.received_on for one in DataRequest.objects.all())
    assert found["data_incidents"] == weekly(timezone.localdate(one.reported_at) for one in DataIncident.objects.all())
    assert found["odd_accesses"] == weekly(timezone.localdate(one.raised_at) for one in AccessNotice.objects.all())
    assert set(found) == set(LINES)
    acts = list(Event.objects.all())
    for name, actions in ACCESSES.items():
        days = [timezone.localdate(act.at) for act in acts if act.action in actions]
        assert found[name] == (weekly(days)[0], None)


def test_each_woman_enrolled_stands_in_one_line_of_the_week(db):
    """The simulation and the years before the register know of women who left without a certificate."""
    ProtocolVersionFactory()
    for status in Participant.Status:
        ParticipantFactory(status=status)
    found = counted(LAST_MONDAY)
    lines = ("in_follow_up", "resting", "completed", "left_whole", "lost", "died")
    assert [found[line][1] for line in lines] == [1, 1, 1, 1, 2, 1]
    assert sum(found[line][1] for line in lines) == found["enrolled"][1]


def moves_of_officers() -> list[date]:
    """Days on which an officer began to serve at a station of another arm."""
    drawn = {one.station_id: one.arm for one in study_stations()}
    return [
        crossing.first_day_here
        for crossing in ArmCrossing.objects.all()
        if crossing.posting.withdrawn_at is None
        and crossing.from_station_id in drawn
        and crossing.to_station_id in drawn
    ]


def moves_of_women() -> list[date]:
    """Days on which a woman went over to a station of another arm."""
    drawn = {one.station_id: one.arm for one in study_stations()}
    return [
        timezone.localdate(move.decided_at)
        for move in Transfer.objects.all()
        if move.state == "accepted" and drawn[move.from_station_id] != drawn[move.to_station_id]
    ]


@pytest.mark.requirement("N25")
def test_the_page_and_the_paper_name_no_woman_and_no_station(world):
    checked = check_audit(by=tasks.AUDITOR, now=timezone.now())
    client = signed_in(Role.ETHICS_BOARD)
    page = client.get(reverse("board_page")).content.decode()

    assert checked.head in page
    for code in Participant.objects.values_list("study_code", flat=True):
        assert code not in page
    for drawn in study_stations():
        assert drawn.study_code not in page
    paper = client.get(reverse("board_page_paper"))
    assert paper.content.startswith(b"%PDF-")
    assert paper["Content-Type"] == "application/pdf"


def test_every_line_and_section_has_its_words(db):
    week = board_week(LAST_MONDAY)
    assert [line.name for line in week.lines] == list(LINES)
    assert [section.title for section in board_sections(week)] == [str(title) for title in SECTIONS.values()]


def test_few_participants_are_told_as_fewer_than_five(db):
    ProtocolVersionFactory()
    woman = ParticipantFactory(enrolled_on=LAST_MONDAY)
    ParticipantFactory.create_batch(5, enrolled_on=LAST_MONDAY - timedelta(days=1))
    assert counted(LAST_MONDAY)["enrolled"] == (1, 6)
    with override("es"):
        row = board_sections(board_week(LAST_MONDAY))[0].rows[0]
    assert (row.in_week, row.in_all) == ("menos de 5", "6")
    assert woman.study_code not in str(row)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ETHICS_BOARD, Role.ADMINISTRATOR}))
@pytest.mark.parametrize("name", ["board_page", "board_page_paper"])
def test_the_week_is_closed_to_the_others(db, role, name):
    assert signed_in(role).get(reverse(name)).status_code == 403


def test_the_board_begins_at_its_week(db):
    assert signed_in(Role.ETHICS_BOARD).get(reverse("home")).url == reverse("board_page")


@pytest.mark.parametrize("women", [1, 3])
def test_the_page_costs_the_same_for_any_number(db, django_assert_num_queries, women):
    ProtocolVersionFactory()
    ParticipantFactory.create_batch(women)
    client = signed_in(Role.ETHICS_BOARD)
    client.get(reverse("board_page"))
    with django_assert_num_queries(21):
        client.get(reverse("board_page"))


# --- By e-mail --------------------------------------------------------------------------------------------------------


@pytest.fixture
def board(db, settings):
    settings.MESSAGE_SENDERS = {"email": "messaging.senders.EmailSender"}
    settings.BOARD_NOTICES_TO = ["comite@example.org", "secretaria@example.org", "+51987654321"]
    UserFactory(role=Role.ETHICS_BOARD, work_email="", language="es")
    return UserFactory(role=Role.ETHICS_BOARD, work_email="comite@example.org", language="en")


def send(now):
    for due in messages_due(now):
        tasks.send_once(due, now=now)
    return mail.outbox


@pytest.mark.requirement("N25", "F55")
def test_the_board_is_sent_its_week_once_as_a_paper_in_neutral_words(board):
    sent = send(MONDAY_AT_SIX)
    assert [message.to for message in sent] == [["comite@example.org"], ["secretaria@example.org"]]
    assert sent[0].body == "The summary of the week is attached. It is in the agenda too."
    assert sent[1].body == "El resumen de la semana va adjunto. También está en la agenda."
    ((name, content, kind),) = sent[0].attachments
    assert (name, content[:5], kind) == ("semana.pdf", b"%PDF-", "application/pdf")
    assert len(send(MONDAY_AT_SIX + timedelta(days=3))) == 2
    assert len(send(MONDAY_AT_SIX + timedelta(days=7))) == 4
    told = StaffMessage.objects.filter(to=f"account:{board.pk}").order_by("pk")
    assert [(message.kind, message.about) for message in told] == [
        ("board_week", "2026-11-09"),
        ("board_week", "2026-11-16"),
    ]


def test_the_paper_arrives_whole_as_a_mail_program_reads_it(board):
    read = message_from_bytes(send(MONDAY_AT_SIX)[0].message().as_bytes(), policy=email_policy)
    (paper,) = read.iter_attachments()
    ((_name, content, _kind),) = mail.outbox[0].attachments

    assert (read["Subject"], paper.get_filename(), paper.get_content_type()) == (
        "Agenda", "semana.pdf", "application/pdf",
    )  # fmt: skip
    assert paper.get_content() == content
    assert content.rstrip().endswith(b"%%EOF")


def test_a_paper_that_cannot_be_made_is_not_taken_for_sent(board):
    """It is tried again: nothing of it left, and nobody is to believe that it may have."""
    reader = messages_due(MONDAY_AT_SIX)[0].reader
    with pytest.raises(ValueError, match="no day"):
        tasks.send_once(message_of(Kind.BOARD_WEEK, "no day", reader), now=MONDAY_AT_SIX)
    assert (mail.outbox, StaffMessage.objects.count()) == ([], 0)


def test_nothing_leaves_before_monday_at_six(board):
    assert messages_due(MONDAY_AT_SIX - timedelta(minutes=1)) == []


class TextSender:
    def send(self, address: str, text: str) -> None:
        raise AssertionError


def test_a_sender_that_takes_no_files_leaves_the_week_to_be_tried_again(board, settings):
    settings.MESSAGE_SENDERS = {"email": f"{__name__}.TextSender"}
    with pytest.raises(SendingFailed):
        file_sender_for(Way.EMAIL)
    send(MONDAY_AT_SIX)
    assert set(StaffMessage.objects.values_list("claimed_at", "sent_at")) == {(None, None)}


def test_the_console_says_that_a_file_goes_with_the_text(settings, capsys):
    settings.MESSAGE_SENDERS = {"email": "messaging.senders.ConsoleSender"}
    sender = file_sender_for(Way.EMAIL)
    assert isinstance(sender, ConsoleSender)
    sender.send_file("comite@example.org", "Hola.", tasks.Attachment("semana.pdf", b"1234", "application/pdf"))
    assert capsys.readouterr().out == "message to …org: Hola. [semana.pdf, 4 bytes]\n"


def test_the_paper_is_the_same_for_the_same_moment(db):
    week = board_week(LAST_MONDAY)
    assert board_paper(week, now=NOW) == board_paper(week, now=NOW)
