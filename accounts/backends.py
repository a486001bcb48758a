"""Who signs in, and whose session it is."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.db.models import BigIntegerField
from django.http import HttpRequest

from accounts.models import User
from accounts.ready_queries import Asked, ReadyQuery

_ACCOUNT = ReadyQuery(lambda: User.objects.filter(pk=Asked("user", BigIntegerField())).order_by())


class AccountBackend(ModelBackend):
    """Checks passwords as Django does; finds a session's account by a query that is kept ready."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        """Return whose name and password they are. Raise PermissionDenied for wrong ones: nobody else is asked."""
        user = super().authenticate(request, username=username, password=password, **kwargs)
        if user is None and username is not None and password is not None:
            raise PermissionDenied
        return user

    def get_user(self, user_id: int) -> User | None:
        found = _ACCOUNT.first(user=user_id)
        return found if found is not None and self.user_can_authenticate(found) else None
