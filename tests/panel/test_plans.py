"""The plan: checked when it is brought, locked by two people, and kept as it is."""

import hashlib

import pytest
from django.db import DatabaseError, transaction
from django.utils import translation

from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from panel import queries, services
from panel.analysis_plan import PlanFileError, plan_sha256
from panel.models import PlanVersion, Unblinding
from panel.plan_states import PLAN_TRANSITIONS, UNBLINDING_TRANSITIONS, PlanStanding, PlanState, UnblindingState
from panel.queries.plan_content import read_confirmed_plan, read_plan
from tests.factories import NOW, ProtocolVersionFactory, UserFactory
from tests.panel.planning import (
    AMENDED,
    SHIPPED,
    administrator,
    asked,
    locked_plan,
    proposed,
    statistician,
    stored,
    unblinded,
)
from tests.panel.test_analysis_plan import plan

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def protocol(db):
    ProtocolVersionFactory()


def test_every_state_has_its_transitions():
    assert set(PLAN_TRANSITIONS) == set(PlanState)
    assert set(UNBLINDING_TRANSITIONS) == set(UnblindingState)


@pytest.mark.requirement("F46")
def test_plan_is_kept_whole_with_both_hashes():
    kept = stored()
    assert bytes(PlanVersion.objects.get().source) == SHIPPED
    assert kept.file_sha256 == hashlib.sha256(SHIPPED).hexdigest()
    assert (kept.version, kept.sha256, kept.state) == (1, plan_sha256(plan()), "draft")
    assert read_plan(kept) == plan()
    event = Event.objects.get(action="panel.store_plan")
    assert event.details == {"version": 1, "sha256": kept.sha256, "is_late": False}


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (b"alpha = 0.05", b"alpha = ", "plan.toml: line 6, column 9: expected TOML 1.0"),
        (b"alpha = 0.05", b"alpha = 0.7", "plan.toml: alpha: expected a number below 0.5, found 0.7"),
        (
            b'column = "level_first"',
            b'column = "mood"',
            "plan.toml: subgroups[1].column: expected a column of panel_wave, found mood",
        ),
        (
            b'unit = "woman"',
            b'unit = "person"',
            "plan.toml: columns.unit: expected a column of panel_wave, found person",
        ),
        (b'"risk_scale"]', b'"risk"]', "plan.toml: models[2].treatments: expected a column of panel_wave, found risk"),
        (b"title", b"\xff\xfe", "plan.toml: expected text in UTF-8"),
        (
            b'label = { es = "',
            b'label = { es = "=',
            "plan.toml: outcomes[1].label.es: expected words, found '=' first, which a spreadsheet takes for a formula",
        ),
        *(
            (
                b'label = { es = "',
                b'label = { es = "' + sign,
                "plan.toml: outcomes[1].label.es: expected one line, without line breaks or signs that nobody sees",
            )
            for sign in (b"\\n", b"\\u0000", b"\\u202E")
        ),
        (b"alpha = 0.05", b"alpha = " + b"[" * 9_000, "plan.toml: expected TOML 1.0, found brackets"),
        (b"alpha = 0.05", b"alpha = " + b"9" * 9_000, "plan.toml: expected TOML 1.0, found an end within"),
        (
            b'kind = "lee_bounds"',
            b'kind = "bounds"',
            "plan.toml: sensitivity[1].kind: expected one of 'lee_bounds', 'response_weights', found 'bounds'",
        ),
        (
            b'kind = "lee_bounds"',
            b'kind = "response_weights"',
            "plan.toml: sensitivity: expected each once, found twice response_weights",
        ),
        (b'base = "0"', b'base = "baseline"', "plan.toml: base: expected one of 0, 1, 2, 3, 4, found baseline"),
        (
            b'"risk_scale"]',
            b'"training"]',
            "plan.toml: models[2]: expected each column once, and no outcome or key among them; found training",
        ),
        (
            b'"risk_scale"]',
            b'"police_response"]',
            "plan.toml: models[2]: expected each column once, and no outcome or key among them; found police_response",
        ),
        (
            b'column = "level_first"',
            b'column = "wave"',
            "plan.toml: subgroups[1]: expected each column once, and no outcome or key among them; found wave",
        ),
        (b'"police_response"]\n\n[[sens', b'"sleep"]\n\n[[sens', "plan.toml: sensitivity: outcomes: expected one of "),
    ],
)
def test_plan_that_does_not_hold_is_refused_with_its_place(old, new, sentence):
    assert old in SHIPPED
    with translation.override("en"), pytest.raises(PlanFileError) as refused:
        services.store_plan(
            by=statistician(), source=SHIPPED.replace(old, new, 1), name="plan.toml", reason="", now=NOW
        )
    assert str(refused.value).startswith(sentence)
    assert not PlanVersion.objects.exists()


def test_file_that_is_too_large_is_refused():
    with (
        translation.override("en"),
        pytest.raises(PlanFileError, match=r"^x: expected at most 262144 bytes, found 262145$"),
    ):
        services.store_plan(
            by=statistician(), source=b" " * (services.MOST_PLAN_BYTES + 1), name="x", reason="", now=NOW
        )


def test_draft_takes_the_place_of_the_draft_before_it():
    first, second = stored(), stored(source=AMENDED)
    first.refresh_from_db()
    assert (first.state, second.state, second.version) == ("replaced", "draft", 2)
    assert queries.last_plan() == second


def test_two_people_lock_a_plan():
    draft = stored()
    assert queries.plan_standing(draft.sha256) is PlanStanding.NOT_LOCKED
    waiting = services.propose_plan(by=statistician(), plan=draft, now=NOW)
    kept = services.lock_plan(by=administrator(), plan=waiting, now=NOW)
    assert (kept.state, kept.is_late) == ("locked", False)
    assert queries.confirmed_plan() == kept
    assert queries.plan_standing(kept.sha256) is PlanStanding.LOCKED
    assert read_confirmed_plan() == plan()
    assert list(Event.objects.filter(object_type="plan").order_by("pk").values_list("action", flat=True)) == [
        "panel.store_plan", "panel.propose_plan", "panel.lock_plan",
    ]  # fmt: skip


def test_who_proposed_does_not_lock():
    who = statistician()
    with pytest.raises(services.PlanSecondPersonNeeded):
        services.lock_plan(by=who, plan=proposed(who), now=NOW)


def test_a_second_statistician_may_lock():
    assert services.lock_plan(by=statistician(), plan=proposed(), now=NOW).state == "locked"


def test_while_a_plan_waits_no_other_is_brought_and_either_calls_it_off():
    who, second = statistician(), administrator()
    waiting = proposed(who)
    with pytest.raises(services.PlanWaits):
        stored()
    for either in (who, second):
        back = services.call_off_proposal(by=either, plan=waiting)
        assert (back.state, back.proposed_by) == ("draft", None)
        services.propose_plan(by=who, plan=back, now=NOW)
    services.call_off_proposal(by=second, plan=waiting)
    assert stored().version == 2


def test_what_is_not_where_it_was_is_refused():
    draft = stored()
    with pytest.raises(services.PlanMovedOn):
        services.lock_plan(by=administrator(), plan=draft, now=NOW)
    with pytest.raises(services.PlanMovedOn):
        services.call_off_proposal(by=administrator(), plan=draft)
    kept = services.lock_plan(
        by=administrator(), plan=services.propose_plan(by=statistician(), plan=draft, now=NOW), now=NOW
    )
    for act in (
        lambda: services.lock_plan(by=administrator(), plan=kept, now=NOW),
        lambda: services.propose_plan(by=statistician(), plan=kept, now=NOW),
        lambda: services.call_off_proposal(by=administrator(), plan=kept),
    ):
        with pytest.raises(services.PlanMovedOn):
            act()


def test_amendment_needs_a_reason_and_counts_if_it_is_locked_before_unblinding():
    locked_plan()
    with pytest.raises(services.PlanNeedsReason):
        stored(source=AMENDED, reason=" ")
    amended = locked_plan(source=AMENDED, reason="Another name for a model")
    assert (amended.version, amended.is_late) == (2, False)
    assert queries.confirmed_plan() == amended


def test_amendment_after_unblinding_is_late_and_the_plan_before_it_still_counts():
    first = locked_plan()
    unblinded()
    late = locked_plan(source=AMENDED, reason="A referee asked")
    assert late.is_late
    assert queries.confirmed_plan() == first
    assert queries.plan_standing(late.sha256) is PlanStanding.LATE
    assert queries.plan_standing(first.sha256) is PlanStanding.LOCKED


WRITERS = {Role.STATISTICIAN, Role.RESEARCHER}
LOCKERS = {Role.STATISTICIAN, Role.ADMINISTRATOR}


@pytest.mark.parametrize("role", Role)
def test_roles(role):
    who, waiting = UserFactory(role=role), proposed()
    acts = {
        "propose": (lambda: services.propose_plan(by=who, plan=waiting, now=NOW), {Role.STATISTICIAN}),
        "lock": (lambda: services.lock_plan(by=who, plan=waiting, now=NOW), LOCKERS),
        "call off": (lambda: services.call_off_proposal(by=who, plan=waiting), LOCKERS),
        "store": (lambda: stored(who), WRITERS),
    }
    for name, (act, allowed) in acts.items():
        if role not in allowed:
            with pytest.raises(PermissionMissing):
                act()
        elif name == "store":
            with pytest.raises(services.PlanWaits):
                act()


@pytest.mark.parametrize(
    "change",
    [
        lambda: PlanVersion.objects.update(sha256="0" * 64),
        lambda: PlanVersion.objects.update(source=b"x"),
        lambda: PlanVersion.objects.update(state="draft", locked_by=None, locked_at=None),
        lambda: PlanVersion.objects.update(is_late=True),
        lambda: PlanVersion.objects.all().delete(),
        lambda: PlanVersion.objects.create(
            version=9, source=b"x", file_sha256="0" * 64, sha256="0" * 64, state="locked", stored_by=statistician(),
            stored_at=NOW, proposed_by=statistician(), proposed_at=NOW, locked_by=administrator(), locked_at=NOW,
        ),
    ],
)  # fmt: skip
def test_database_keeps_a_locked_plan(change):
    locked_plan()
    with pytest.raises(DatabaseError), transaction.atomic():
        change()


@pytest.mark.parametrize(
    "change",
    [
        {"source": b"x"},
        {"state": "locked", "locked_at": NOW},
        {"state": "locked", "locked_at": NOW, "locked_by": "proposer"},
        {"state": "locked", "locked_at": NOW, "locked_by": "second", "is_late": True},
        {"state": "locked", "locked_at": NOW, "locked_by": "second", "proposed_by": "second"},
    ],
)
def test_database_refuses_a_lock_by_one_or_of_another_text(change):
    waiting = proposed()
    people = {"proposer": waiting.proposed_by, "second": administrator()}
    fields = {name: people.get(value, value) if isinstance(value, str) else value for name, value in change.items()}
    with pytest.raises(DatabaseError), transaction.atomic():
        PlanVersion.objects.update(**fields)


def test_database_refuses_a_plan_of_after_unblinding_that_does_not_say_so():
    locked_plan()
    unblinded()
    waiting = proposed(source=AMENDED, reason="A referee asked")
    with pytest.raises(DatabaseError, match="what is locked after unblinding says so"), transaction.atomic():
        PlanVersion.objects.filter(pk=waiting.pk).update(state="locked", locked_at=NOW, locked_by=administrator())


def test_unblinding_keeps_the_plan_it_was_done_under():
    done = unblinded()
    assert Unblinding.objects.get().plan == queries.confirmed_plan() == done.plan
    with pytest.raises(services.UnblindedAlready):
        asked()
