"""Whom to write to about releases of data: owners of what became of them, others of those that wait for a decision."""

from datetime import datetime, timedelta

from accounts.models import User
from accounts.permissions import ROLE_PERMISSIONS, Permission
from panel.models import Release
from panel.release_states import ReleaseState

# What is older was seen on the page, or asked for before its owner had an address.
TELL_WITHIN = timedelta(days=3)
_NEWS = (ReleaseState.READY, ReleaseState.REFUSED, ReleaseState.FAILED)


def release_news(now: datetime) -> list[tuple[User, str]]:
    """Return who asked for a release that is ready, was turned down or failed of late, with what tells it apart."""
    rows = Release.objects.filter(state__in=_NEWS, state_changed_at__gt=now - TELL_WITHIN)
    found = rows.filter(requested_by__is_active=True).exclude(requested_by__work_email="")
    return [
        (release.requested_by, f"{release.pk}.{release.revision}.{release.state}")
        for release in found.select_related("requested_by").order_by("pk")
    ]


def releases_to_decide() -> list[tuple[User, str]]:
    """Return who may decide about each release that waits, never who asked for it."""
    waiting = Release.objects.filter(state=ReleaseState.WAITING)
    if not waiting.exists():
        return []
    roles = [role for role, granted in ROLE_PERMISSIONS.items() if Permission.APPROVE_RELEASES in granted]
    people = User.objects.filter(role__in=roles, is_active=True).exclude(work_email="").order_by("pk")
    return [
        (user, f"{number}.{revision}")
        for user in people
        for number, revision in Release.objects.visible_to(user).to_decide(user).values_list("pk", "revision")
    ]
