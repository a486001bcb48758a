"""Sessions in the database, found by a query that is kept ready: every request asks it."""

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.models import Session
from django.db.models import CharField, DateTimeField
from django.utils import timezone

from accounts.ready_queries import Asked, ReadyQuery

_LIVE = ReadyQuery(
    lambda: Session.objects.filter(pk=Asked("key", CharField()), expire_date__gt=Asked("now", DateTimeField()))
)


class SessionStore(DatabaseSessions):
    """Keeps sessions as Django does."""

    def _get_session_from_db(self) -> Session | None:
        found = _LIVE.first(key=self.session_key, now=timezone.now())
        if found is None:
            self._session_key = None
        return found
