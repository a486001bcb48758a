from participants.models import Participant
from participants.status import ENDED, TRANSITIONS, may_become


def test_every_status_has_its_transitions_and_leads_only_to_statuses():
    assert set(TRANSITIONS) == set(Participant.Status.values)
    assert frozenset().union(*TRANSITIONS.values()) <= set(Participant.Status.values)


def test_no_status_follows_itself_and_the_final_ones_lead_nowhere():
    assert not any(may_become(status, status) for status in TRANSITIONS)
    assert {"withdrawn", "deceased", "completed"} == ENDED


def test_withdrawal_is_open_from_every_status_that_is_not_final():
    assert {status for status in TRANSITIONS if may_become(status, "withdrawn")} == set(TRANSITIONS) - ENDED
