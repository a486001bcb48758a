"""Who is named together in the access table: everyone, one role, or the roles that share a task."""

from accounts.roles import POLICE_ROLES, Role

PUBLIC = frozenset({"public"})
SIGNED_IN = frozenset(Role)

OFFICER = frozenset({Role.OFFICER})
SUPERVISOR = frozenset({Role.SUPERVISOR})
INTERVIEWER = frozenset({Role.INTERVIEWER})
RESEARCHER = frozenset({Role.RESEARCHER})
STATISTICIAN = frozenset({Role.STATISTICIAN})
ADMIN = frozenset({Role.ADMINISTRATOR})
SAFETY = frozenset({Role.SAFETY_OFFICER})
BOARD = frozenset({Role.ETHICS_BOARD})

POLICE = POLICE_ROLES
ANALYSTS = RESEARCHER | STATISTICIAN
ARM_READERS = ADMIN | STATISTICIAN
WATCHERS = ADMIN | SAFETY | BOARD
DATA_DESK = POLICE | INTERVIEWER | SAFETY | ADMIN | BOARD
