"""The role table, read as design.md §2 states it."""

import pytest

from accounts.access import ACCESS, PUBLIC, may_open
from accounts.actors import SystemActor
from accounts.permissions import ROLE_PERMISSIONS, Permission, PermissionMissing, require
from accounts.roles import BLINDED_ROLES, POLICE_ROLES, Role

P = Permission


def test_every_role_has_a_row_and_every_permission_a_holder():
    assert set(ROLE_PERMISSIONS) == set(Role)
    held = frozenset().union(*ROLE_PERMISSIONS.values())
    assert set(Permission) - held == {
        # parts of the system alone plan, turn keys, send messages, offer care, let clocks run, watch who looks and
        # compare the draw with its certificate, make releases and check the data
        P.PLAN_VISITS,
        P.ESCALATE_CASES,
        P.ESCALATE_RISK,
        P.WATCH_ACCESS,
        P.KEEP_VAULT,
        P.SEND_MESSAGES,
        P.WATCH_PLANNER,
        P.OFFER_CARE,
        P.CHECK_ALLOCATION,
        P.MAKE_RELEASES,
        P.CHECK_DATA,
    }


@pytest.mark.requirement("F37")
@pytest.mark.parametrize("role", sorted(BLINDED_ROLES))
def test_blinded_roles_never_read_the_arm(role):
    assert P.READ_ARM not in ROLE_PERMISSIONS[role]


@pytest.mark.parametrize("role", sorted(POLICE_ROLES))
def test_police_never_see_survey_answers(role):
    assert not ROLE_PERMISSIONS[role] & {P.COLLECT_SURVEYS, P.EXPORT_PANEL, P.MANAGE_INTERVIEWS}


def test_interviewer_sees_neither_risk_nor_visits():
    assert not ROLE_PERMISSIONS[Role.INTERVIEWER] & {P.READ_RISK, P.ASSESS_RISK, P.READ_VISITS, P.LOG_VISITS}


@pytest.mark.parametrize("role", [Role.RESEARCHER, Role.STATISTICIAN, Role.ADMINISTRATOR, Role.ETHICS_BOARD])
def test_who_analyses_or_governs_never_opens_identity(role):
    assert P.OPEN_IDENTITY not in ROLE_PERMISSIONS[role]


def test_require_refuses_what_is_not_listed():
    with pytest.raises(PermissionMissing):
        require(SystemActor("planner", frozenset({P.PLAN_VISITS})), P.READ_ARM)


def test_address_that_nobody_listed_opens_for_nobody():
    assert not any(may_open(role, "no_such_page") for role in (None, *Role))


def test_only_public_pages_open_before_sign_in():
    assert {name for name in ACCESS if may_open(None, name)} == {n for n, who in ACCESS.items() if who == PUBLIC}
