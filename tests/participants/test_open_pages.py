"""A page that was open while she went over to another station: what is sent from it is asked anew, under the lock."""

from datetime import time

import pytest

from messaging.senders import Way
from participants import services
from participants.consent_scopes import Part
from participants.models import ContactOverride, Participant
from participants.safe_contact import Contact
from tests.factories import NOW, TODAY
from tests.participants.test_services import MORNINGS
from tests.participants.test_transfers import hand_over, make_two

NIGHT = (time(22), time(23))


@pytest.mark.parametrize(
    "act",
    [
        lambda two, woman: services.change_status(
            by=two.supervisor, participant=woman, to=Participant.Status.LOST, reason="not_found", now=NOW
        ),
        lambda two, woman: services.withdraw_participant(
            by=two.supervisor, participant=woman, reason="not_said", now=NOW
        ),
        lambda two, woman: services.withdraw_in_part(
            by=two.supervisor, participant=woman, parts=[Part.VISITS], reason="not_said", now=NOW
        ),
        lambda two, woman: services.queue_message(
            by=two.supervisor, participant=woman, text_code="call_me", way=Way.SMS, now=NOW
        ),
        lambda two, woman: services.override_contact(
            by=two.supervisor, participant=woman, kind=Contact.VISIT, on=TODAY, window=NIGHT,
            reason=ContactOverride.Reason.SHE_ASKED, sentence="Ella pidió que vengan de noche.", now=NOW,
        ),
        lambda two, woman: services.confirm_safe_contact(by=two.officer, participant=woman, now=NOW),
        lambda two, woman: services.update_safe_contact(
            by=two.officer, participant=woman, safe_contact=MORNINGS, changes={}, now=NOW
        ),
    ],
)  # fmt: skip
def test_whoever_had_her_page_open_while_she_went_over_acts_for_her_no_more(db, act):
    two = make_two()
    as_her_page_had_her = Participant.objects.get(pk=two.woman.pk)
    hand_over(two)

    with pytest.raises(services.ParticipantOutOfReach):
        act(two, as_her_page_had_her)
