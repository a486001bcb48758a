"""A person gives her password again before she signs; whoever tries others' is refused, on record."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from accounts.models import User
from audit.models import Event
from audit.services import record

Words = ParamSpec("Words")
Answer = TypeVar("Answer")
MOST_TRIES, WITHIN = 5, timedelta(minutes=15)
_REFUSED = "accounts.refuse_password"


class PasswordWrong(StudyError):
    """Whoever signs is not shown to be the person who is signed in."""

    code = "password_wrong"
    message = _("This is not your password. Nothing was signed.")
    http_status = 403
    field = "password"


class TooManyTries(StudyError):
    """Somebody tries passwords at a session that was left open."""

    code = "too_many_tries"
    message = _("The password was wrong too often. Try again in a quarter of an hour.")
    http_status = 403
    field = "password"


def password_confirmed(service: Callable[Words, Answer]) -> Callable[Words, Answer]:
    """Let a service be called with the password of whoever calls it (`by`, `password`) and with no other.

    A wrong one stays on record although nothing else is written. Raise PasswordWrong or TooManyTries.
    """

    @wraps(service)
    def confirming(*args: Words.args, **words: Words.kwargs) -> Answer:
        asked: dict[str, Any] = dict(words)
        confirm_password(by=asked["by"], password=asked["password"])
        return service(*args, **words)

    return confirming


def confirm_password(*, by: User, password: str) -> None:
    """Let pass whose password it is. Raise PasswordWrong or TooManyTries."""
    # By the clock of the audit, which wrote the tries down.
    tried = Event.objects.filter(actor=by.audit_name, action=_REFUSED, at__gte=timezone.now() - WITHIN)
    if tried.count() >= MOST_TRIES:
        raise TooManyTries
    if not User.objects.get(pk=by.pk).check_password(password):
        _record_refusal(by)
        raise PasswordWrong


@transaction.atomic
def _record_refusal(by: User) -> None:
    record(actor=by, action=_REFUSED, object_type="user", object_id=by.pk)
