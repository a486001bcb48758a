"""Plans and unblinding for the tests about them."""

from datetime import timedelta

from accounts.roles import Role
from panel import services
from panel.models import PlanVersion, Unblinding
from tests.factories import NOW, UserFactory
from tests.panel.test_analysis_plan import FILE

SHIPPED = FILE.read_bytes()
AMENDED = SHIPPED.replace(b'code = "post"\nkind = "post"', b'code = "after"\nkind = "post"').replace(
    b'model = "post"', b'model = "after"'
)


def statistician():
    return UserFactory(role=Role.STATISTICIAN)


def administrator():
    return UserFactory(role=Role.ADMINISTRATOR)


def stored(by=None, *, source=SHIPPED, reason="") -> PlanVersion:
    return services.store_plan(by=by or statistician(), source=source, name=FILE.name, reason=reason, now=NOW)


def proposed(by=None, **more) -> PlanVersion:
    who = by or statistician()
    return services.propose_plan(by=who, plan=stored(who, **more), now=NOW)


def locked_plan(by=None, **more) -> PlanVersion:
    """A plan that a statistician proposed and an administrator locked."""
    return services.lock_plan(by=administrator(), plan=proposed(by, **more), now=NOW)


def asked(by=None, *, reason="Follow-up is over", early_reason="") -> Unblinding:
    return services.ask_unblinding(by=by or statistician(), reason=reason, early_reason=early_reason, now=NOW)


def unblinded(*, early_reason="The board asked for it") -> Unblinding:
    """A study whose groups are named, under the plan that is locked, or one that is locked now."""
    plan = PlanVersion.objects.confirmed().first() or locked_plan()
    request = asked(early_reason=early_reason)
    return services.approve_unblinding(
        by=administrator(), request=request, typed_hash=plan.sha256[:8], now=NOW + timedelta(hours=1)
    )
