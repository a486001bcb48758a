"""A supervisor whom something ties to a woman's case changes nothing of her week."""

import pytest

from participants.models import AccessNotice, Conflict
from participants.reach import ActRefused
from tests.factories import NOW, OfficerFactory
from tests.visits.test_moving import Reason, free_day, move, planned
from visits import services


@pytest.mark.requirement("N1")
@pytest.mark.parametrize("act", ["move", "agree", "choose", "undo"])
def test_whoever_is_tied_to_her_changes_nothing_of_her_week(field, act):
    team = [OfficerFactory(posted_at=field.by_risk) for _ in range(3)]
    woman = planned(field)
    visit, change = woman.visits.earliest("planned_on"), None
    if act == "undo":
        change = move(field, visit, free_day(woman))
    Conflict.objects.create(participant=woman, user=field.supervisor, declared_at=NOW)
    before = list(woman.visits.order_by("pk").values())
    words = {"by": field.supervisor, "now": NOW}
    acts = {
        "move": lambda: move(field, visit, free_day(woman)),
        "agree": lambda: services.agree_visit(participant=woman, day=free_day(woman), reason=Reason.SHE_ASKED, **words),
        "choose": lambda: services.choose_officers(
            visit=visit, officer_ids=[one.pk for one in team[:2]], reason=Reason.KNOWS_THEM, **words
        ),
        "undo": lambda: services.undo_change(change=change, **words),
    }
    with pytest.raises(ActRefused):
        acts[act]()
    assert list(woman.visits.order_by("pk").values()) == before
    assert AccessNotice.objects.get().participant == woman
