"""Making people, keeping their choices, and the keys of their programs."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

import audit.services as audit
from accounts import revocation
from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.models import Token, User
from accounts.permissions import Permission, require
from accounts.roles import Role
from accounts.tokens import DAYS_OFFERED, PERMISSIONS_OF, TokenScope, new_token, token_hmac

MOST_TOKENS = 10
USE_NOTED_EVERY = timedelta(minutes=1)


class UserNameTaken(StudyError):
    """Somebody already signs in by this name."""

    code = "user_name_taken"
    message = _("This user name is taken.")
    http_status = 409


class OwnPassword(StudyError):
    """Nobody gives herself a password: she chooses it where she signs in."""

    code = "own_password"
    message = _("Somebody else must give you a new password.")
    http_status = 409


class AccountInUse(StudyError):
    """Whoever gives a password could act in her name: first her phone is reported, of which others are told."""

    code = "account_in_use"
    message = _("This person still has a password of her own. Report her phone as lost first.")
    http_status = 409


class GivenPasswordKept(StudyError):
    """Whoever gave it knows it."""

    code = "given_password_kept"
    message = _("Choose another password than the one that you were given.")


class SessionsEnded(StudyError):
    """The account's sessions were ended while a page of it was still open."""

    code = "sessions_ended"
    message = _("Your sessions were ended. Sign in again.")
    http_status = 409


class TokenUnclear(StudyError):
    """It is not said what a key is for, what it may read, or for how long."""

    code = "token_unclear"
    message = _("Say what the key is for, what it may read and for how many days.")


class TooManyTokens(StudyError):
    """Keys that nobody needs any more are ended, not kept."""

    code = "too_many_tokens"
    message = _("You have ten keys. End one that you do not need any more.")
    http_status = 409


class TokenEnded(StudyError):
    """The key opens nothing already."""

    code = "token_ended"
    message = _("This key was over already.")
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
def set_work_email(*, by: User, user: User, address: str, hears_mornings: bool = True) -> User:
    """Keep the address at which work reaches a person, "" for none: her own, or by whoever manages accounts.

    `hears_mornings`: whether what waits for her is written there in the morning.
    """
    if by.pk != user.pk:
        require(by, Permission.MANAGE_OFFICERS)
    held = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    held.work_email = address.strip()
    held.hears_mornings = hears_mornings
    held.save(update_fields=["work_email", "hears_mornings"])
    audit.record(
        actor=by,
        action="accounts.set_work_email",
        object_type="user",
        object_id=held.pk,
        details={"has_address": bool(held.work_email), "hears_mornings": hears_mornings},
    )
    return held


@transaction.atomic
def record_sign_in(*, by: User, now: datetime) -> User:
    """Note a successful sign-in."""
    by.last_login = now
    by.save(update_fields=["last_login"])
    audit.record(actor=by, action="accounts.sign_in", object_type="user", object_id=by.pk)
    return by


@transaction.atomic
def revoke_sessions(*, by: Actor, user: User, now: datetime) -> User:
    """End every session of an account, and whatever joined `revocation`; its password opens nothing any more.

    Whoever calls has checked that `by` may do this to that account. The next request of each session is refused and
    its browser told to clear what it keeps. An administrator gives the new password.
    """
    require(by, Permission.REPORT_LOST_PHONE)
    held = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    held.session_epoch += 1
    held.must_change_password = True
    held.set_unusable_password()
    held.save(update_fields=["session_epoch", "must_change_password", "password"])
    revocation.end_what_joined(held.pk, now)
    audit.record(actor=by, action="accounts.revoke_sessions", object_type="user", object_id=held.pk)
    return held


@transaction.atomic
def give_password(*, by: Actor, user: User, password: str) -> User:
    """Give somebody a password for her next sign-in, where she must choose her own; every session ends.

    Only after `revoke_sessions`, until she has chosen her own. Raise OwnPassword or AccountInUse.
    """
    require(by, Permission.MANAGE_OFFICERS)
    held = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if isinstance(by, User) and by.pk == held.pk:
        raise OwnPassword
    if not held.must_change_password:
        raise AccountInUse
    held.session_epoch += 1
    held.must_change_password = True
    held.set_password(password)
    held.save(update_fields=["session_epoch", "must_change_password", "password"])
    audit.record(actor=by, action="accounts.give_password", object_type="user", object_id=held.pk)
    return held


@transaction.atomic
def change_password(*, by: User, password: str) -> User:
    """Keep the password that a person chose herself; her other sessions end. Raise SessionsEnded or GivenPasswordKept.

    `by` is the person as her session knew her: if her sessions were ended meanwhile, nothing is written.
    """
    held = User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if held.session_epoch != by.session_epoch or held.password != by.password:
        raise SessionsEnded
    if held.must_change_password and held.check_password(password):
        raise GivenPasswordKept
    held.set_password(password)
    held.must_change_password = False
    held.save(update_fields=["password", "must_change_password"])
    audit.record(actor=by, action="accounts.change_password", object_type="user", object_id=held.pk)
    return held


@transaction.atomic
def make_token(
    *, by: User, purpose: str, scopes: Collection[TokenScope], days: int, now: datetime
) -> tuple[Token, str]:
    """Make a key for a program of hers and return it with its text, for this once: only a keyed hash is kept.

    It may read no more than her role. Raise TokenUnclear, SessionsEnded or TooManyTokens.
    """
    purpose = " ".join(purpose.split())
    if not purpose or not scopes or days not in DAYS_OFFERED:
        raise TokenUnclear
    for scope in scopes:
        for permission in PERMISSIONS_OF[scope]:
            require(by, permission)
    held = User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if held.session_epoch != by.session_epoch:
        raise SessionsEnded
    if Token.objects.filter(owner=held).in_force(now).count() >= MOST_TOKENS:
        raise TooManyTokens
    text, names = new_token(), [scope.value for scope in TokenScope if scope in scopes]
    token = Token.objects.create(
        owner=held,
        purpose=purpose,
        scopes=names,
        token_hmac=token_hmac(text),
        session_epoch=held.session_epoch,
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    details = {"scopes": names, "days": days}
    audit.record(actor=by, action="accounts.make_token", object_type="token", object_id=token.pk, details=details)
    return token, text


@transaction.atomic
def end_token(*, by: User, token: Token, now: datetime) -> Token:
    """End a key: by its owner, or by whoever manages accounts. Raise TokenEnded."""
    if by.pk != token.owner_id:
        require(by, Permission.MANAGE_OFFICERS)
    held = Token.objects.select_for_update(no_key=True).get(pk=token.pk)
    if held.ended_at is not None or held.expires_at <= now:
        raise TokenEnded
    held.ended_at, held.ended_by = now, by
    held.save(update_fields=["ended_at", "ended_by"])
    audit.record(actor=by, action="accounts.end_token", object_type="token", object_id=held.pk)
    return held


def note_token_used(*, token_id: int, now: datetime) -> None:
    """Note that a key was used, once a minute at most. What is given out for it has an audit row of its own."""
    stale = Q(last_used_at=None) | Q(last_used_at__lte=now - USE_NOTED_EVERY)
    Token.objects.filter(stale, pk=token_id).update(last_used_at=now)


def end_tokens_with_sessions(user_id: int, now: datetime) -> None:
    """End the keys of an account whose sessions are ended; whoever ends them records it."""
    Token.objects.filter(owner=user_id, ended_at=None).update(ended_at=now)
