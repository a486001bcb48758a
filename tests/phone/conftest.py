"""The police of two stations of other arms, and phones of theirs."""

from uuid import uuid4

import pytest
from django.utils import timezone

from tests.visits.conftest import make_field
from visits.models import Device
from visits.services import register_device


@pytest.fixture
def field(db):
    return make_field()


def phone_of(user) -> Device:
    return register_device(by=user, device_id=uuid4(), now=timezone.now())


def chose_own_password(user) -> None:
    """Let her go on after her sessions were ended, with a password that only she knows."""
    user.refresh_from_db()
    user.must_change_password = False
    user.save()
