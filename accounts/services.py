"""Making people and keeping their choices."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

import audit.services as audit
from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from accounts.roles import Role


class UserNameTaken(StudyError):
    """Somebody already signs in by this name."""

    code = "user_name_taken"
    message = _("This user name is taken.")
    http_status = 409


@transaction.atomic
def create_user(
    *, by: Actor, username: str, display_name: str, role: Role, password: str, language: str = User.Language.SPANISH
) -> User:
    """Make a person who can sign in. Raises UserNameTaken."""
    require(by, Permission.MANAGE_OFFICERS)
    if User.objects.filter(username=username.lower()).exists():
        raise UserNameTaken
    user = User(username=username.lower(), display_name=display_name, role=role, language=language)
    user.set_password(password)
    user.save()
    audit.record(
        actor=by, action="accounts.create_user", object_type="user", object_id=user.pk, details={"role": str(role)}
    )
    return user


@transaction.atomic
def choose_language(*, by: User, language: str) -> User:
    """Keep the language that a person chose for herself."""
    by.language = User.Language(language)
    by.save(update_fields=["language"])
    audit.record(actor=by, action="accounts.choose_language", object_type="user", object_id=by.pk)
    return by


@transaction.atomic
def record_sign_in(*, by: User, now: datetime) -> User:
    """Note a successful sign-in."""
    by.last_login = now
    by.save(update_fields=["last_login"])
    audit.record(actor=by, action="accounts.sign_in", object_type="user", object_id=by.pk)
    return by
