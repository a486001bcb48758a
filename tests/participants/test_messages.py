"""Messages to women: within her safe times, at most once, at most one a day, and nothing of hers written down."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.permissions import PermissionMissing
from messaging.senders import Way
from messaging.texts import message_text
from participants import queries, services
from participants.consent_scopes import Part
from participants.identity import Identity
from participants.models import ContactOverride, OutgoingMessage, Participant, SafeContactPlan, VaultKey
from participants.safe_contact import LIMA
from participants.tasks import MESSENGER
from tests.factories import NOW, TODAY, ParticipantFactory, VisitFactory
from tests.participants.conftest import Care

ROSA = Identity("Rosa Quispe Huamán", telephone="987 654 321", email="rosa.marcada@example.org", address="Jr. Uno 1")
WHY = "Ella pidió que le escribamos esta noche."
# Wednesday 18 November, 10:00 in Lima; her hours are 9 to 18.
MORNING, EVENING = NOW, datetime(2026, 11, 18, 20, tzinfo=LIMA)
TOMORROW_NINE = datetime(2026, 11, 19, 9, tzinfo=LIMA)
STEP = timedelta(seconds=1)


def make_reachable(care: Care, identity: Identity = ROSA) -> Participant:
    woman = ParticipantFactory(station=care.station, interviewer=care.interviewer, identity=identity)
    SafeContactPlan.objects.filter(participant=woman).update(channel="message")
    return Participant.objects.get(pk=woman.pk)


@pytest.fixture
def reachable(care) -> Participant:
    return make_reachable(care)


def queued(by, woman, *, text_code="see_you", way=Way.SMS, now=MORNING) -> OutgoingMessage:
    return services.queue_message(by=by, participant=woman, text_code=text_code, way=way, now=now)


def outside(by, woman, *, sentence=WHY, now=EVENING) -> OutgoingMessage:
    return services.queue_message_outside(
        by=by,
        participant=woman,
        text_code="call_me",
        way=Way.SMS,
        reason=ContactOverride.Reason.SHE_ASKED,
        sentence=sentence,
        now=now,
    )


def claimed(message, now=MORNING):
    return services.claim_message(by=MESSENGER, message_id=message.pk, now=now)


def states(*messages) -> list[tuple[str, str]]:
    return [OutgoingMessage.objects.values_list("state", "why").get(pk=message.pk) for message in messages]


@pytest.mark.requirement("F55")
def test_a_message_within_her_safe_times_goes_at_once(care, reachable):
    message = queued(care.supervisor, reachable)

    assert (message.purpose, message.not_before, message.state) == ("visits", MORNING, "queued")
    envelope = claimed(message)
    assert (envelope.address, envelope.text) == ("+51987654321", message_text("see_you", "es"))
    assert services.settle_sent(by=MESSENGER, message_id=message.pk, now=MORNING + STEP)
    assert states(message) == [("sent", "")]


@pytest.mark.requirement("F40", "F55")
@pytest.mark.parametrize(
    ("now", "goes_at"),
    [
        (datetime(2026, 11, 18, 8, 59, 59, tzinfo=LIMA), datetime(2026, 11, 18, 9, tzinfo=LIMA)),
        (datetime(2026, 11, 18, 9, tzinfo=LIMA), datetime(2026, 11, 18, 9, tzinfo=LIMA)),
        (datetime(2026, 11, 18, 17, 59, 59, tzinfo=LIMA), datetime(2026, 11, 18, 17, 59, 59, tzinfo=LIMA)),
        (datetime(2026, 11, 18, 18, tzinfo=LIMA), TOMORROW_NINE),
        (EVENING, TOMORROW_NINE),
    ],
)
def test_outside_her_safe_times_it_waits_for_the_next_safe_moment(care, reachable, now, goes_at):
    message = queued(care.supervisor, reachable, now=now)

    assert message.not_before == goes_at
    assert (claimed(message, now) is not None) is (now == goes_at)


def test_the_hour_is_asked_again_when_it_is_to_leave(care, reachable):
    message = queued(care.supervisor, reachable)

    assert claimed(message, EVENING) is None

    message.refresh_from_db()
    assert (message.state, message.not_before) == ("queued", TOMORROW_NINE)
    assert claimed(message, TOMORROW_NINE - STEP) is None
    assert claimed(message, TOMORROW_NINE).address == "+51987654321"


@pytest.mark.parametrize(
    ("role", "purpose"), [("supervisor", "visits"), ("interviewer", "surveys"), ("officer", None), ("stranger", None)]
)
def test_a_supervisor_and_her_interviewer_write_to_her(care, reachable, role, purpose):
    if purpose:
        assert queued(getattr(care, role), reachable).purpose == purpose
    else:
        with pytest.raises(PermissionMissing):
            queued(getattr(care, role), reachable)


def test_nobody_writes_to_anothers_woman_or_in_a_conflict(care, reachable):
    with pytest.raises(services.ParticipantOutOfReach):
        queued(care.other_interviewer, reachable)
    services.declare_conflict(by=care.supervisor, participant=reachable, now=NOW)
    with pytest.raises(services.ConflictOfInterest):
        queued(care.supervisor, reachable)


@pytest.mark.parametrize("status", ["paused", "moved", "lost", "withdrawn", "deceased", "completed"])
def test_only_who_is_followed_gets_messages(care, reachable, status):
    Participant.objects.filter(pk=reachable.pk).update(status=status)

    with pytest.raises(services.NotFollowedNow):
        queued(care.supervisor, reachable)


def test_after_the_study_her_interviewer_writes_if_she_agreed(care):
    woman = ParticipantFactory(
        station=care.station, interviewer=care.interviewer, status="completed", scopes=("recontact",), identity=ROSA
    )
    SafeContactPlan.objects.filter(participant=woman).update(channel="message")

    assert queued(care.interviewer, woman, text_code="call_me").purpose == "after_study"


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ({"text_code": "staff_notice"}, services.TextNotApproved),
        ({"text_code": "otra"}, services.TextNotApproved),
    ],
)
def test_only_approved_texts_go(care, reachable, words, error):
    with pytest.raises(error):
        queued(care.supervisor, reachable, **words)


@pytest.mark.parametrize(
    ("identity", "way"),
    [
        (replace(ROSA, telephone="01 4567890"), Way.SMS),
        (replace(ROSA, telephone=""), Way.SMS),
        (replace(ROSA, email=""), Way.EMAIL),
    ],
)
def test_a_wrong_number_is_refused_when_written(care, identity, way):
    with pytest.raises(services.WayMissing):
        queued(care.supervisor, make_reachable(care, identity), way=way)


def test_who_chose_calls_or_visits_gets_no_message(care, reachable):
    for channel in ("call", "visit"):
        SafeContactPlan.objects.filter(participant=reachable).update(channel=channel)
        with pytest.raises(services.ChannelNotHers):
            queued(care.supervisor, Participant.objects.get(pk=reachable.pk))


def test_without_a_safe_day_there_is_no_message(care, reachable):
    SafeContactPlan.objects.filter(participant=reachable).update(safe_weekdays=[])

    with pytest.raises(services.NoSafeMoment):
        queued(care.supervisor, Participant.objects.get(pk=reachable.pk))


@pytest.mark.requirement("F55")
def test_one_message_a_day_whoever_writes(care, reachable):
    first = queued(care.supervisor, reachable)
    with pytest.raises(services.MessageWaiting):
        queued(care.supervisor, reachable)
    other = queued(care.interviewer, reachable)
    assert claimed(first)

    assert claimed(other, MORNING + STEP) is None

    other.refresh_from_db()
    assert (other.state, other.not_before) == ("queued", TOMORROW_NINE)
    services.settle_sent(by=MESSENGER, message_id=first.pk, now=MORNING + STEP)
    assert queued(care.supervisor, reachable, now=MORNING + 2 * STEP).not_before == TOMORROW_NINE
    with pytest.raises(services.OneMessageADay):
        outside(care.interviewer, reachable)
    with pytest.raises(IntegrityError), transaction.atomic():
        OutgoingMessage.objects.update(state="sent", claimed_on=TODAY, claimed_at=NOW)


@pytest.mark.requirement("F2", "F4", "F55")
@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda woman: woman.consents.filter(scope="visits").update(ended_at=NOW), "no_consent"),
        (lambda woman: woman.consents.filter(scope="visits").update(lapses_on=TODAY), "no_consent"),
        (lambda woman: Participant.objects.filter(pk=woman.pk).update(status="paused"), "not_followed"),
        (lambda woman: SafeContactPlan.objects.filter(participant=woman).update(channel="visit"), "not_her_channel"),
    ],
)
def test_what_ended_between_writing_and_sending_stops_it(care, reachable, change, why):
    message = queued(care.supervisor, reachable)
    change(reachable)

    assert claimed(message) is None
    assert states(message) == [("cancelled", why)]


@pytest.mark.parametrize(
    ("lost", "why"),
    [
        (lambda woman: VaultKey.objects.filter(participant=woman).update(wrapped=None, destroyed_at=NOW), "no_address"),
        (lambda woman: services.cards._reseal_card(woman, replace(ROSA, telephone="12"), NOW), "no_address"),
    ],
)
def test_a_card_without_a_number_by_then_fails_visibly(care, reachable, lost, why):
    message = queued(care.supervisor, reachable)
    lost(reachable)

    assert claimed(message) is None
    assert states(message) == [("failed", why)]
    assert list(queries.messages_to_look_at(care.supervisor)) == [message]


@pytest.mark.requirement("F4", "F55")
def test_whatever_ends_her_part_takes_back_what_waits_in_the_same_moment(care, reachable):
    for change in (
        lambda: services.withdraw_participant(by=care.supervisor, participant=reachable, reason="her_wish", now=NOW),
        lambda: services.change_status(
            by=care.supervisor, participant=reachable, to=Participant.Status.PAUSED, reason="safety", now=NOW
        ),
    ):
        with transaction.atomic():
            mine, hers = queued(care.supervisor, reachable), queued(care.interviewer, reachable)
            change()
            assert states(mine, hers) == [("cancelled", "not_followed")] * 2
            transaction.set_rollback(True)


def test_the_end_of_one_part_takes_back_what_was_about_it(care, reachable):
    mine, hers = queued(care.supervisor, reachable), queued(care.interviewer, reachable)

    services.withdraw_in_part(
        by=care.supervisor, participant=reachable, parts=[Part.SURVEYS], reason="her_wish", now=NOW
    )

    assert states(mine, hers) == [("queued", ""), ("cancelled", "no_consent")]


def test_what_waits_follows_her_plan(care, reachable):
    VisitFactory(plan__participant=reachable)
    message = queued(care.supervisor, reachable, now=EVENING)

    def review(**changes):
        times = replace(reachable.safe_contact.times, **changes)
        services.update_safe_contact(
            by=care.supervisor, participant=reachable, safe_contact=times, changes={}, now=EVENING
        )
        message.refresh_from_db()

    review(weekdays=(5,), safe_from=time(15))
    assert message.not_before == datetime(2026, 11, 20, 15, tzinfo=LIMA)
    review(channel="call")
    assert (message.state, message.why) == ("cancelled", "not_her_channel")


@pytest.mark.requirement("F40", "F55")
def test_outside_her_safe_times_a_message_goes_by_an_exception_for_an_hour(care, reachable):
    message = outside(care.supervisor, reachable)

    assert message.not_before == EVENING
    assert claimed(message, EVENING + timedelta(minutes=59)).text == message_text("call_me", "es")
    assert message.contact_override.kind == "message"
    assert services.settle_failed(by=MESSENGER, message_id=message.pk, now=EVENING + timedelta(minutes=59, seconds=30))
    assert states(message) == [("expired", "no_safe_moment")]


def test_an_exception_that_is_over_does_not_let_it_go(care, reachable):
    message = outside(care.supervisor, reachable)

    assert claimed(message, EVENING + timedelta(hours=1)) is None
    assert states(message) == [("expired", "no_safe_moment")]


def test_an_exception_late_in_the_evening_ends_at_midnight(care, reachable):
    late = datetime(2026, 11, 18, 23, 59, 30, tzinfo=LIMA)
    message = outside(care.supervisor, reachable, now=late)

    assert message.contact_override.on == TODAY
    assert claimed(message, late + timedelta(seconds=31)) is None


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ({"now": MORNING}, services.WithinSafeTimes),
        # The hour would end outside, but now is safe.
        ({"now": datetime(2026, 11, 18, 17, 30, tzinfo=LIMA)}, services.WithinSafeTimes),
        ({"sentence": "urgente"}, services.OverrideReasonTooShort),
    ],
)
def test_an_exception_must_be_needed_and_explained(care, reachable, words, error):
    with pytest.raises(error):
        outside(care.supervisor, reachable, **words)
    assert not OutgoingMessage.objects.exists()


def test_what_the_service_refuses_is_tried_again_then_has_failed(care, reachable):
    message, now = queued(care.supervisor, reachable), MORNING
    for minutes in (10, 20, None):
        assert claimed(message, now)
        assert services.settle_failed(by=MESSENGER, message_id=message.pk, now=now)
        message.refresh_from_db()
        if minutes:
            assert (message.state, message.not_before) == ("queued", now + timedelta(minutes=minutes))
            assert claimed(message, message.not_before - STEP) is None
            now = message.not_before
    assert (message.state, message.why, message.attempts) == ("failed", "refused", 3)


def test_a_retry_keeps_to_her_hours(care, reachable):
    last_minutes = datetime(2026, 11, 18, 17, 55, tzinfo=LIMA)
    message = queued(care.supervisor, reachable, now=last_minutes)
    claimed(message, last_minutes)

    services.settle_failed(by=MESSENGER, message_id=message.pk, now=last_minutes)

    message.refresh_from_db()
    assert message.not_before == TOMORROW_NINE


def test_what_found_no_safe_moment_in_time_is_not_sent(care, reachable):
    message = queued(care.supervisor, reachable)
    late = datetime(2026, 12, 3, 10, tzinfo=LIMA)

    assert claimed(message, late) is None
    assert states(message) == [("expired", "no_safe_moment")]


@pytest.mark.requirement("F55")
def test_a_sending_that_broke_off_is_looked_at_and_never_sent_again(care, reachable):
    message = queued(care.supervisor, reachable)
    assert claimed(message)
    minute = timedelta(minutes=1)

    assert services.sweep_messages(by=MESSENGER, now=MORNING + 14 * minute) == 0
    assert services.sweep_messages(by=MESSENGER, now=MORNING + 15 * minute) == 1

    assert states(message) == [("unknown", "broken_off")]
    # The worker that was only slow finds that it is too late.
    assert not services.settle_failed(by=MESSENGER, message_id=message.pk, now=MORNING + 16 * minute)
    assert claimed(message, MORNING + 16 * minute) is None
    assert list(queries.messages_to_look_at(care.supervisor)) == [message]
    assert list(queries.messages_to_look_at(care.interviewer)) == []
    services.look_at_message(by=care.supervisor, message=message, now=MORNING + 17 * minute)
    assert list(queries.messages_to_look_at(care.supervisor)) == []
    assert states(message) == [("unknown", "broken_off")]


def test_what_waits_can_be_taken_back_and_nothing_else(care, reachable):
    message = queued(care.supervisor, reachable)
    with pytest.raises(services.ParticipantOutOfReach):
        services.cancel_message(by=care.interviewer, message=message, now=NOW)

    services.cancel_message(by=care.supervisor, message=message, now=NOW)

    assert states(message) == [("cancelled", "by_hand")]
    assert claimed(message) is None
    for act in (services.cancel_message, services.look_at_message):
        with pytest.raises(services.MessageLeft):
            act(by=care.supervisor, message=message, now=NOW)


def test_each_side_sees_its_own_messages(care, reachable):
    message = queued(care.supervisor, reachable)

    assert list(queries.messages_of(care.supervisor, reachable)) == [message]
    assert list(queries.messages_of(care.interviewer, reachable)) == []
