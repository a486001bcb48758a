"""Unblinding: two people of two roles, under a locked plan, once and for ever."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from accounts.models import User
from accounts.permissions import PermissionMissing
from accounts.roles import BLINDED_ROLES, Role
from audit.models import Event
from panel import queries, services
from panel.models import Unblinding
from surveys.models import SurveyCase
from tests.factories import NOW, TODAY, ParticipantFactory, ProtocolVersionFactory, UserFactory
from tests.panel.planning import AMENDED, administrator, asked, locked_plan, statistician, stored, unblinded

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def protocol(db):
    ProtocolVersionFactory()


def approve(request, by=None, typed=None):
    return services.approve_unblinding(
        by=by or administrator(), request=request, typed_hash=typed or request.plan.sha256[:8], now=NOW
    )


def open_survey(*, until):
    SurveyCase.objects.create(
        participant=ParticipantFactory(), wave="month_12", wave_number=4, due_on=until - timedelta(days=14),
        window_from=until - timedelta(days=28), window_until=until, status_changed_at=NOW,
    )  # fmt: skip


@pytest.mark.requirement("F46")
def test_two_people_of_two_roles_unblind():
    locked_plan()
    request = asked()
    assert not queries.is_unblinded()
    assert queries.open_request() == request
    done = approve(request, typed=request.plan.sha256[:8].upper() + " ")
    assert (done.state, done.asked_role, done.decided_role) == ("recorded", "statistician", "administrator")
    assert queries.is_unblinded()
    assert queries.recorded_unblinding() == done
    assert queries.open_request() is None
    acts = Event.objects.filter(object_type="unblinding").order_by("pk")
    assert [(event.action, event.actor_role) for event in acts] == [
        ("panel.ask_unblinding", "statistician"), ("panel.record_unblinding", "administrator"),
    ]  # fmt: skip


@pytest.mark.parametrize("role", Role)
def test_who_gets_the_names(role):
    """The roles table: a researcher when it is recorded, nobody who is blinded in the field ever."""
    who = UserFactory(role=role)
    before, _ = queries.reads_arm(who), unblinded()
    expected = {Role.STATISTICIAN: (True, True), Role.ADMINISTRATOR: (True, True), Role.RESEARCHER: (False, True)}
    assert (before, queries.reads_arm(who)) == expected.get(role, (False, False))


@pytest.mark.parametrize("role", sorted(BLINDED_ROLES))
def test_whoever_is_blinded_neither_asks_nor_approves(role):
    locked_plan()
    who, request = UserFactory(role=role), asked()
    for act in (
        lambda: asked(who),
        lambda: approve(request, by=who),
        lambda: services.call_off_unblinding(by=who, request=request, now=NOW),
    ):
        with pytest.raises(PermissionMissing):
            act()


def test_nobody_approves_alone_nor_of_the_same_role():
    locked_plan()
    who = statistician()
    request = asked(who)
    for second in (who, statistician()):
        with pytest.raises(services.OtherRoleNeeded):
            approve(request, by=second)


def test_no_plan_no_unblinding():
    stored()
    with pytest.raises(services.PlanNotLocked):
        asked()


def test_reason_is_needed():
    locked_plan()
    with pytest.raises(services.UnblindingReasonMissing):
        asked(reason=" ")


@pytest.mark.parametrize(("days", "is_early"), [(-1, False), (0, True), (30, True)])
def test_while_surveys_are_to_come_it_needs_a_reason_of_its_own(days, is_early):
    locked_plan()
    open_survey(until=TODAY + timedelta(days=days))
    if is_early:
        with pytest.raises(services.UnblindingTooEarly):
            asked()
    request = asked(early_reason="The board stopped the study")
    assert request.follow_up_until == (TODAY + timedelta(days=days) if is_early else None)
    assert request.early_reason == ("The board stopped the study" if is_early else "")


def test_approver_types_how_the_plan_s_hash_begins():
    locked_plan()
    request = asked()
    for typed in (request.plan.sha256[:7], "", "0" * 8):
        with pytest.raises(services.HashMistyped):
            services.approve_unblinding(by=administrator(), request=request, typed_hash=typed, now=NOW)
    assert not queries.is_unblinded()


def test_plan_that_was_amended_meanwhile_is_not_the_one_that_was_asked_about():
    locked_plan()
    request = asked()
    locked_plan(source=AMENDED, reason="Another name")
    second = administrator()
    with pytest.raises(services.PlanChangedSince):
        approve(request, by=second)
    assert queries.request_to_approve(second) is None


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": Role.ADMINISTRATOR}, {"role": Role.INTERVIEWER}])
def test_whoever_asked_is_one_of_the_two_until_the_second_says_yes(change):
    locked_plan()
    who, second = statistician(), administrator()
    request = asked(who)
    assert queries.request_to_approve(second) == request
    User.objects.filter(pk=who.pk).update(**change)
    with pytest.raises(services.AskerGone):
        approve(request, by=second)
    assert queries.request_to_approve(second) is None
    services.call_off_unblinding(by=second, request=request, now=NOW)
    assert approve(asked(), by=second).state == "recorded"


@pytest.mark.parametrize("is_asker", [True, False])
def test_either_calls_off_and_it_may_be_asked_again(is_asker):
    locked_plan()
    who = statistician()
    request = asked(who)
    with pytest.raises(services.UnblindingAskedAlready):
        asked(administrator())
    off = services.call_off_unblinding(by=who if is_asker else administrator(), request=request, now=NOW)
    assert off.state == "called_off"
    with pytest.raises(services.UnblindingMovedOn):
        approve(request)
    with pytest.raises(services.UnblindingMovedOn):
        services.call_off_unblinding(by=who, request=request, now=NOW)
    assert approve(asked(administrator()), by=who).state == "recorded"


def test_it_happens_once():
    unblinded()
    with pytest.raises(services.UnblindedAlready):
        asked()


@pytest.mark.parametrize(
    "change",
    [
        lambda: Unblinding.objects.update(reason="x"),
        lambda: Unblinding.objects.update(state="asked", decided_by=None, decided_at=None, decided_role=""),
        lambda: Unblinding.objects.update(state="called_off"),
        lambda: Unblinding.objects.all().delete(),
        lambda: Unblinding.objects.create(
            plan=queries.confirmed_plan(), reason="x", asked_by=statistician(), asked_role="statistician", asked_at=NOW
        ),
    ],
)
def test_database_keeps_what_is_recorded(change):
    unblinded()
    with pytest.raises(DatabaseError), transaction.atomic():
        change()


@pytest.mark.parametrize(
    ("by", "role"), [("asker", "administrator"), ("second", "statistician"), ("second", ""), (None, "administrator")]
)
def test_database_refuses_a_record_without_a_second_person_of_another_role(by, role):
    locked_plan()
    request = asked()
    decided = {"asker": request.asked_by, "second": administrator(), None: None}[by]
    with pytest.raises(IntegrityError), transaction.atomic():
        Unblinding.objects.update(state="recorded", decided_by=decided, decided_role=role, decided_at=NOW)


def test_database_refuses_to_record_under_a_plan_that_is_not_locked():
    draft = stored()
    Unblinding.objects.create(plan=draft, reason="x", asked_by=statistician(), asked_role="statistician", asked_at=NOW)
    with pytest.raises(DatabaseError, match="a plan is locked first"), transaction.atomic():
        Unblinding.objects.update(
            state="recorded", decided_by=administrator(), decided_role="administrator", decided_at=NOW
        )
