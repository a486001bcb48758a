"""People who sign in, their programs' keys, and what fails at the door; where officers work is a posting, elsewhere."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.permissions import ROLE_PERMISSIONS, Permission
from accounts.roles import Role
from accounts.tokens import MOST_DAYS, TokenScope

_SESSION_SALT = "accounts.session"


class UserManager(BaseUserManager["User"]):
    """Finds people by their sign-in name; making them is a service."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=(username or "").lower())


class User(AbstractBaseUser):
    """A member of the study team, with one role. There is no superuser flag: nobody passes unasked."""

    class Language(models.TextChoices):
        SPANISH = "es", "Español"
        ENGLISH = "en", "English"

    username = models.CharField(
        _("user name"), max_length=64, unique=True, error_messages={"unique": _("This user name is taken.")}
    )
    display_name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=32, choices=Role.choices)
    language = models.CharField(_("language"), max_length=2, choices=Language.choices, default=Language.SPANISH)
    # Where her work reaches her: neutral texts and counts go there, never a code or a name.
    work_email = models.EmailField(_("work e-mail"), blank=True, default="")
    # Whether what waits for her is written to her in the morning; what happens is written all the same.
    hears_mornings = models.BooleanField(default=True, db_default=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # Every session holds the number that stood here when it began; raising it ends them all (ADR 17).
    session_epoch = models.PositiveIntegerField(default=0)
    must_change_password = models.BooleanField(default=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name", "role"]

    class Meta:
        ordering = ("username",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(username=Lower("username")) & ~models.Q(username=""),
                name="accounts_user_username_lower_case",
                violation_error_message=_("Write the user name in small letters."),
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values),
                name="accounts_user_role_known",
                violation_error_message=_("Choose one of the study's roles."),
            ),
        )

    def __str__(self) -> str:
        return self.username

    @property
    def audit_name(self) -> str:
        return f"user:{self.pk}"

    def get_session_auth_hash(self) -> str:
        """Return what a session must hold to be hers: the epoch in clear, then a keyed hash of it and the password."""
        return self._session_hash(settings.SECRET_KEY)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        for secret in settings.SECRET_KEY_FALLBACKS:
            yield self._session_hash(secret)

    def _session_hash(self, secret: str | bytes) -> str:
        said = f"{self.session_epoch}:{self.password}"
        return f"{self.session_epoch}:{salted_hmac(_SESSION_SALT, said, secret=secret, algorithm='sha256').hexdigest()}"

    def has(self, permission: str) -> bool:
        """Say whether this person's role carries the permission; nobody who may not sign in has any."""
        return self.is_active and permission in ROLE_PERMISSIONS[Role(self.role)]


class TokenQuerySet(models.QuerySet["Token"]):
    """Keys, in the scope of whoever asks."""

    def visible_to(self, user: User) -> "TokenQuerySet":
        """Return her own; everybody's for whoever manages accounts."""
        return self if user.has(Permission.MANAGE_OFFICERS) else self.filter(owner=user)

    def in_force(self, now: datetime) -> "TokenQuerySet":
        """Return those that open something now: not over, not ended, of an account whose sessions were not ended."""
        return self.filter(
            ended_at=None, expires_at__gt=now, owner__is_active=True, session_epoch=models.F("owner__session_epoch")
        )


class Token(models.Model):
    """A key of one person for one program: named by what it is for, kept as a keyed hash, for some days."""

    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tokens")
    purpose = models.CharField(_("what it is for"), max_length=80)
    scopes = ArrayField(models.CharField(max_length=24, choices=TokenScope.choices))
    token_hmac = models.CharField(max_length=64, unique=True)
    # The owner's when it was made; once her sessions are ended, hers is another (ADR 17).
    session_epoch = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    # To the minute: not every call is a write.
    last_used_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # Nobody where it ended with her sessions.
    ended_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    objects: ClassVar[TokenQuerySet] = TokenQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-made_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("made_at"))
                & models.Q(expires_at__lte=models.F("made_at") + timedelta(days=MOST_DAYS)),
                name="accounts_token_expires",
                violation_error_message=_("A key is for some months at most."),
            ),
            models.CheckConstraint(
                condition=models.Q(scopes__len__gt=0) & models.Q(scopes__contained_by=TokenScope.values),
                name="accounts_token_scopes_known",
                violation_error_message=_("Choose what the key may read."),
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=False) | models.Q(ended_by=None),
                name="accounts_token_ended_by_somebody",
                violation_error_message=_("A key that goes on was ended by nobody."),
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)


class FailedName(models.Model):
    """A name that failed to sign in from a network, as a keyed hash: which one is kept nowhere here (ADR 72)."""

    # An address, or the /64 of an IPv6 one.
    network = models.CharField(max_length=64)
    name_hmac = models.CharField(max_length=64)
    failed_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ("-failed_at", "-id")
        constraints = (
            models.UniqueConstraint(fields=("network", "name_hmac"), name="accounts_failed_name_counted_once"),
        )

    def __str__(self) -> str:
        return str(self.pk)


class AddressHold(models.Model):
    """That a network tried so many names that it was held up: browsers that nobody knows came in no more."""

    network = models.CharField(_("address"), max_length=64)
    began_at = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"))
    # Different names that failed within a day.
    names = models.PositiveIntegerField()
    # Right passwords that were shown meanwhile and let nobody in: a person's own, or one that was found.
    held_back = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-began_at", "-id")
        indexes = (models.Index(fields=("network", "until"), name="accounts_address_hold_on"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(until__gt=models.F("began_at")),
                name="accounts_address_hold_ends",
                violation_error_message=_("It ends after it began."),
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)
