"""Locks for the tests about them: people with a password, cuts of a small study, and the database's owner."""

from contextlib import contextmanager
from datetime import date, timedelta
from functools import cache

import psycopg2
from django.contrib.auth.hashers import make_password

from accounts.models import User
from accounts.roles import Role
from data_lock import services
from data_lock.models import DataLock, LockSignature
from data_lock.states import LockKind
from tests.factories import NOW, PASSWORD, TODAY, UserFactory

Meaning = LockSignature.Meaning
YESTERDAY = TODAY - timedelta(days=1)
LATER = NOW + timedelta(hours=1)


def person(role: Role = Role.ADMINISTRATOR) -> User:
    """Somebody who has the password of all who sign."""
    return UserFactory(role=role, password=_stored())


@cache
def _stored() -> str:
    """The password as it is stored; made once, as that takes long on purpose."""
    return make_password(PASSWORD)


def proposed(
    by: User | None = None, *, kind: LockKind = LockKind.VISITS, wave="", until: date | None = YESTERDAY, reason="Over"
) -> DataLock:
    until = None if kind == LockKind.SURVEYS else until
    who = by or person()
    return services.propose_lock(by=who, kind=kind, wave=wave, until=until, reason=reason, now=NOW)


def signed(lock: DataLock, by: User | None = None, *, password=PASSWORD, meaning=Meaning.APPROVED) -> DataLock:
    return services.sign_lock(by=by or person(), lock=lock, password=password, meaning=meaning, now=LATER)


def locked(**cut) -> DataLock:
    """A lock that an administrator and a researcher signed."""
    lock = proposed(**cut)
    signed(lock, meaning=Meaning.REVIEWED)
    return signed(lock, person(Role.RESEARCHER))


def lifted(lock: DataLock) -> DataLock:
    """The same lock, lifted by two other people."""
    services.ask_lifting(by=person(), lock=lock, password=PASSWORD, reason="A file came late", now=LATER)
    return services.sign_lifting(by=person(Role.STATISTICIAN), lock=lock, password=PASSWORD, now=LATER)


@contextmanager
def whoever_owns_the_tables(study):
    """A connection that passes by every trigger: what somebody with the whole server may do."""
    line = psycopg2.connect(study.urls.owner_database)
    try:
        with line, line.cursor() as cursor:
            yield cursor
    finally:
        line.close()
