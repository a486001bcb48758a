"""Two people at one plan, or at the act of unblinding, at the same moment."""

from audit.models import Event
from panel import queries, services
from panel.models import PlanVersion, Unblinding
from tests.factories import NOW, ProtocolVersionFactory
from tests.locks import at_once
from tests.panel.planning import AMENDED, administrator, asked, locked_plan, proposed, statistician


def test_two_who_lock_at_once_lock_once(committed_study):
    ProtocolVersionFactory()
    waiting = proposed()
    people = [administrator(), administrator()]
    found = at_once(*(lambda who=who: services.lock_plan(by=who, plan=waiting, now=NOW).state for who in people))
    assert sorted(found) == ["locked", "plan_moved_on"]
    assert Event.objects.filter(action="panel.lock_plan").count() == 1


def test_two_who_ask_at_once_leave_one_request(committed_study):
    ProtocolVersionFactory()
    locked_plan()
    people = [statistician(), administrator()]
    found = at_once(*(lambda who=who: asked(who).state for who in people))
    assert sorted(found) == ["asked", "unblinding_asked_already"]


def test_two_who_approve_at_once_unblind_once(committed_study):
    ProtocolVersionFactory()
    request = asked() if locked_plan() else None
    people, typed = [administrator(), administrator()], request.plan.sha256[:8]
    found = at_once(
        *(
            lambda who=who: services.approve_unblinding(by=who, request=request, typed_hash=typed, now=NOW).state
            for who in people
        )
    )
    assert sorted(found) == ["recorded", "unblinding_moved_on"]
    assert Unblinding.objects.recorded().count() == 1


def test_amendment_and_unblinding_at_once_come_one_after_the_other(committed_study):
    """Either the amendment came first, and what was asked about is not the plan any more, or it is late."""
    ProtocolVersionFactory()
    first = locked_plan()
    request, waiting = asked(), proposed(source=AMENDED, reason="A better name")
    approver, locker, typed = administrator(), administrator(), first.sha256[:8]
    found = at_once(
        lambda: services.approve_unblinding(by=approver, request=request, typed_hash=typed, now=NOW).state,
        lambda: services.lock_plan(by=locker, plan=waiting, now=NOW).state,
    )
    amended = PlanVersion.objects.get(pk=waiting.pk)
    assert found in (["recorded", "locked"], ["plan_changed_since", "locked"])
    assert amended.is_late == queries.is_unblinded() == (found[0] == "recorded")
