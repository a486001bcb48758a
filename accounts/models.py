"""People who sign in. Where police officers work is a posting, in `stations`."""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.permissions import ROLE_PERMISSIONS
from accounts.roles import Role


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
    is_active = models.BooleanField(_("may sign in"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

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

    def has(self, permission: str) -> bool:
        """Say whether this person's role carries the permission; nobody who may not sign in has any."""
        return self.is_active and permission in ROLE_PERMISSIONS[Role(self.role)]
