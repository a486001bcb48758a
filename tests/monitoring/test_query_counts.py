"""Every page of every role's navigation takes no more queries in a larger study than in a small one."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.context_processors import NAVIGATION, sections_of
from accounts.models import User
from accounts.roles import Role
from accounts.views import FIRST_PAGE
from monitoring.services import check_audit, count_dose
from monitoring.tasks import AUDITOR, COUNTER
from quality.rules import RULES
from quality.services import check_rule, count_people
from quality.tasks import CHECKER
from simulation.loader import load_study
from simulation.world import WorldSettings
from stations.queries import study_stations
from tests.architecture.conflicting import conflicting_logs
from tests.architecture.doubtful import queries
from tests.architecture.watching import back_checks, complaints

# What is asked only where there is something of its kind: its rows, then what hangs on them.
SOMETIMES = 4
# page → the most queries that were seen, whoever opens it; of what is not named here, so many.
MOST: dict[str, int] = {
    "access_notice_list": 3,
    "account_list": 4,
    "allocation_list": 7,
    "back_check_list": 6,
    "back_check_rates": 9,
    "board_page": 20,
    "care_counts": 4,
    "care_load": 6,
    "care_own": 7,
    "case_list": 5,
    "code_list": 3,
    "complaint_list": 4,
    "conflict_list": 4,
    "consent_text_list": 4,
    "contact_review_list": 6,
    "data_desk": 2,
    "dataset_list": 8,
    "duty_list": 4,
    "erasure_list": 3,
    "event_list": 6,
    "frame": 7,
    "help_directory": 4,
    "instrument_list": 6,
    "interview_list": 4,
    "interview_selection": 8,
    "interviewer_list": 16,
    "ledger": 19,
    "lowering_list": 3,
    "missed_list": 5,
    "officer_list": 6,
    "participant_list": 6,
    "person_rates": 5,
    "person_search": 2,
    "plan_list": 5,
    "power": 3,
    "quality_list": 5,
    "query_list": 3,
    "reassessment_list": 6,
    "recruitment": 8,
    "referral_list": 4,
    "release_waiting": 4,
    "renewal_list": 3,
    "report_list": 9,
    "risk_ledger": 4,
    "scale_list": 5,
    "service_list": 4,
    "shift_list": 6,
    "staff_list": 4,
    "station_weeks": 7,
    "study_overview": 22,
    "survey_list": 10,
    "training_coverage": 12,
    "training_list": 6,
    "transcript_list": 8,
    "trial_flow": 12,
    "visit_dose": 18,
    "visit_list": 8,
    "wave_attrition": 9,
    "wave_tracking": 5,
    "week_board": 7,
}
OF_A_NEW_PAGE = 12
# Of a first page, which asks once for each kind of thing that can wait for its role.
FIRST: dict[Role, int] = {
    Role.OFFICER: 8,
    Role.SUPERVISOR: 23,
    Role.INTERVIEWER: 18,
    Role.RESEARCHER: 4,
    Role.STATISTICIAN: 7,
    Role.ADMINISTRATOR: 25,
    Role.SAFETY_OFFICER: 12,
    Role.ETHICS_BOARD: 22,
}


def somebody(role: Role) -> User:
    """Return who has most before her: the first account of a role, at the first station where it has one."""
    people = User.objects.filter(role=role, is_active=True).exclude(username__startswith="sorteo")
    return people.order_by("officer__postings__station", "pk")[0]


def pages_of(role: Role) -> list[str]:
    return sorted({FIRST_PAGE[role], *(name for section in sections_of(role) for name, _label in section.pages)})


def fill(women: int) -> None:
    now = timezone.now()
    world = WorldSettings(seed=2, as_of=timezone.localdate(now), clusters=8, participants=women, elapsed_months=4)
    load_study(world, now=now, say=lambda _line: None)
    for rule in RULES.values():
        check_rule(by=CHECKER, rule=rule, now=now)
    queries()
    count_people(by=CHECKER, now=now)
    count_dose(by=COUNTER, now=now)
    check_audit(by=AUDITOR, now=now)
    complaints()
    back_checks()
    conflicting_logs([drawn.station_id for drawn in study_stations()[:4]], somebody(Role.OFFICER))


def counted(role: Role) -> dict[str, int]:
    client, found = Client(), {}
    client.force_login(somebody(role), backend="django.contrib.auth.backends.ModelBackend")
    for name in pages_of(role):
        client.get(reverse(name))  # what the process keeps is read once
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse(name)).status_code == 200, (role, name)
        found[name] = len(captured)
    return found


@pytest.mark.requirement("F50")
@pytest.mark.timeout(1800)  # every page of every role, twice
@pytest.mark.parametrize("women", [48, 144])
def test_no_page_of_any_role_asks_more_with_three_times_the_women(committed_study, women):
    fill(women)
    risen = {
        (role.value, name): (number, promised(role, name))
        for role in Role
        for name, number in counted(role).items()
        if number > promised(role, name) + SOMETIMES
    }
    assert risen == {}


def promised(role: Role, name: str) -> int:
    return FIRST[role] if name == FIRST_PAGE[role] else MOST.get(name, OF_A_NEW_PAGE)


def test_every_page_that_watches_the_trial_has_its_literal_number():
    watching = {name for section in NAVIGATION if "trial_flow" in dict(section.pages) for name, _label in section.pages}
    assert watching <= set(MOST) | set(FIRST_PAGE.values())
    assert set(FIRST) == set(Role)
