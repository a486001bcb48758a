"""What referrals do by themselves, safe to run twice."""

from django.utils import timezone

from accounts.actors import SystemActor
from accounts.permissions import Permission
from accounts.tasks import study_task
from referrals import services

SWEEPER = SystemActor("referral sweeper", frozenset({Permission.MAKE_REFERRALS}))


@study_task("referrals.sweep")
def sweep() -> None:
    services.sweep_referrals(by=SWEEPER, now=timezone.now())
