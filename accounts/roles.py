"""The eight roles of the study."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a person is in the study; one each. Nobody is staff by default."""

    OFFICER = "officer", _("Field officer")
    SUPERVISOR = "supervisor", _("Station supervisor")
    INTERVIEWER = "interviewer", _("Interviewer")
    RESEARCHER = "researcher", _("Researcher")
    STATISTICIAN = "statistician", _("Statistician")
    ADMINISTRATOR = "administrator", _("Study administrator")
    SAFETY_OFFICER = "safety_officer", _("Safety officer")
    ETHICS_BOARD = "ethics_board", _("Ethics board")


POLICE_ROLES = frozenset({Role.OFFICER, Role.SUPERVISOR})
BLINDED_ROLES = frozenset(Role) - {Role.STATISTICIAN, Role.ADMINISTRATOR}
