"""A station whose visits follow the risk level, one whose visits do not, and the police of both."""

from dataclasses import dataclass

import pytest

from accounts.models import User
from accounts.roles import Role
from stations.models import Station
from tests.factories import OfficerFactory, ProtocolVersionFactory, StationFactory, UserFactory, lock_allocation


@dataclass(frozen=True)
class Field:
    by_risk: Station
    as_usual: Station
    officer: User
    supervisor: User
    stranger: User


def make_field() -> Field:
    ProtocolVersionFactory()
    by_risk, as_usual = StationFactory(), StationFactory()
    lock_allocation({by_risk: "risk_scale", as_usual: "training"})

    def police(role: Role, at: Station) -> User:
        return OfficerFactory(user=UserFactory(role=role), posted_at=at).user

    return Field(
        by_risk,
        as_usual,
        police(Role.OFFICER, by_risk),
        police(Role.SUPERVISOR, by_risk),
        police(Role.OFFICER, as_usual),
    )


@pytest.fixture
def field(db) -> Field:
    return make_field()
