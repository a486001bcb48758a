import pytest

from referrals.forms import NEXT_STEPS
from referrals.models import Referral
from referrals.states import OPEN, TRANSITIONS, WAYS_ALLOWED, may_become, may_send

ALLOWED = {
    ("offered", "accepted"), ("offered", "declined"), ("offered", "stopped"),
    ("accepted", "sent"), ("accepted", "declined"), ("accepted", "stopped"),
    ("sent", "taken_up"), ("sent", "not_taken_up"), ("sent", "no_answer"), ("sent", "stopped"),
    ("no_answer", "taken_up"), ("no_answer", "not_taken_up"), ("no_answer", "no_answer"), ("no_answer", "closed"),
    ("no_answer", "stopped"),
}  # fmt: skip


@pytest.mark.parametrize("following", Referral.Status.values)
@pytest.mark.parametrize("status", Referral.Status.values)
def test_what_may_follow_what(status, following):
    assert may_become(status, following) == ((status, following) in ALLOWED)


def test_every_state_and_every_way_is_in_the_tables():
    assert set(TRANSITIONS) == set(Referral.Status.values)
    assert set(WAYS_ALLOWED) == set(Referral.Sharing.values)
    assert set().union(*WAYS_ALLOWED.values()) == set(Referral.Way.values)
    assert set(NEXT_STEPS) == OPEN == {"offered", "accepted", "sent", "no_answer"}


@pytest.mark.parametrize(
    ("sharing", "ways"),
    [
        ("", set()),
        ("nothing", {"told_her", "went_along"}),
        ("telephone", {"told_her", "went_along", "called"}),
        ("all_needed", {"told_her", "went_along", "called", "wrote"}),
    ],
)
def test_no_way_tells_more_than_she_agreed_to(sharing, ways):
    assert {way for way in Referral.Way.values if may_send(sharing, way)} == ways
