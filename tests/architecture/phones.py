"""What the phones of the police, and of those who ask, are given."""

from http import HTTPStatus
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from visits.services import register_device


def days_given(user: User, client: Client, name: str = "phone_days") -> HttpResponse:
    """Register a phone for a person and fetch its days, or its notebook."""
    device = register_device(by=user, device_id=uuid4(), now=timezone.now())
    answer = client.get(reverse(name), {"device": device.pk})
    assert answer.status_code == HTTPStatus.OK
    return answer


def shape_of(days: dict[str, Any]) -> tuple[str, ...]:
    """Return by what names the days tell their parts: the same at every station."""
    return tuple(sorted({*days, *(name for visit in days["visits"] for name in visit)}))
