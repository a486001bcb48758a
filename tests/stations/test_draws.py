"""From the real frame to a locked allocation: promise, reveal, two approvals; and what is refused on the way."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from protocol.services import AmendmentReasonMissing, ArmsFixed, load_protocol
from stations import services
from stations.models import AllocatedStation, Allocation, Approval, Commitment, Frame, StationLoss
from stations.queries import AllocationAltered, balance_of, reach_of, risk_cadence_station_ids
from stations.services import abandon_commitment, allocate_stations, commit_draw, discard_allocation, import_frame
from tests.factories import NOW, PROTOCOL_FILE, TODAY, UserFactory
from tests.fixtures.study import SYSTEM, approved_by, locked_draw, revealed_draw
from tests.stations.test_frame import replaced

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(db):
    return UserFactory(role=Role.ADMINISTRATOR)


@pytest.fixture
def statistician(db):
    return UserFactory(role=Role.STATISTICIAN)


# --- Rehearsals ------------------------------------------------------------------------------------------------------


def test_rehearsal_is_a_whole_draw_that_cannot_count(frame, administrator):
    rehearsal = allocate_stations(by=administrator, seed="0007", now=NOW)
    assert (rehearsal.status, rehearsal.seed, rehearsal.method) == ("draft", "7", "constrained")
    assert rehearsal.allocated.count() == 16
    assert next(row.covariate for row in balance_of(rehearsal)) == "officers"
    with pytest.raises(services.RehearsalOnly):
        approved_by(administrator, rehearsal)


@pytest.mark.parametrize("seed", ["", "seven", "-1", "1.5", "٣", "1" * 41])
def test_seed_that_is_no_number_is_refused(frame, seed):
    with pytest.raises(services.SeedNotANumber):
        allocate_stations(by=SYSTEM, seed=seed, now=NOW)
    assert not Allocation.objects.exists()


def test_draw_without_a_frame_is_refused(protocol):
    with pytest.raises(services.TooFewEligible):
        allocate_stations(by=SYSTEM, seed="7", now=NOW)
    with pytest.raises(services.TooFewEligible):
        commit_draw(by=SYSTEM, public_draw_source="A public draw", now=NOW)


def test_discarded_rehearsal_stays_on_record(frame):
    rehearsal = discard_allocation(by=SYSTEM, allocation=allocate_stations(by=SYSTEM, seed="7", now=NOW))
    assert Allocation.objects.get() == rehearsal
    with pytest.raises(services.AllocationNotADraft):
        discard_allocation(by=SYSTEM, allocation=rehearsal)


def test_study_numbers_do_not_follow_from_the_certificate(frame):
    first, second = (allocate_stations(by=SYSTEM, seed="7", now=NOW, nonce=bytes([n]) * 32) for n in (1, 2))
    assert first.certificate == second.certificate
    numbers = [dict(draft.allocated.values_list("station__code", "study_number")) for draft in (first, second)]
    assert numbers[0] != numbers[1]
    assert sorted(numbers[0].values()) == list(range(1, 17))


# --- Promise and reveal ----------------------------------------------------------------------------------------------


@pytest.mark.requirement("F5", "F7", "N16")
def test_promise_reveal_and_two_approvals_lock_for_ever(frame, protocol, administrator, statistician):
    promised = commit_draw(by=administrator, public_draw_source=" Lottery X,  6 December ", now=NOW)
    assert promised.public_draw_source == "Lottery X, 6 December"
    draft = services.reveal_draw(by=administrator, commitment=promised, public_draw="03 11, 42", now=NOW)
    assert (draft.status, draft.public_draw, draft.certificate["commitment"]["sha256"]) == (
        "draft",
        "03-11-42",
        promised.sha256,
    )
    assert approved_by(administrator, draft).status == "draft"
    locked = approved_by(statistician, draft)
    assert (locked.status, locked.locked_by) == ("locked", statistician)
    assert len(risk_cadence_station_ids()) == 8
    protocol.refresh_from_db()
    assert protocol.frozen_at == NOW
    assert list(Event.objects.values_list("action", flat=True).order_by("id"))[-7:] == [
        "stations.freeze_frame",
        "stations.commit_draw",
        "stations.reveal_draw",
        "stations.approve_allocation",
        "stations.approve_allocation",
        "protocol.freeze",
        "stations.lock_allocation",
    ]


def test_audit_of_the_draw_never_carries_an_arm_nor_the_secret(frame):
    locked = locked_draw()
    written = " ".join(str(event.details) + event.reason for event in Event.objects.all())
    secrets = ("control", "training", "risk_scale", "both", locked.seed, bytes(locked.commitment.nonce).hex())
    assert [secret for secret in secrets if secret in written] == []


def test_one_promise_at_a_time(frame):
    promised = commit_draw(by=SYSTEM, public_draw_source="A public draw", now=NOW)
    with pytest.raises(services.CommitmentOpen):
        commit_draw(by=SYSTEM, public_draw_source="A better one", now=NOW)
    abandon_commitment(by=SYSTEM, commitment=promised, reason="The lottery was cancelled", now=NOW)
    assert commit_draw(by=SYSTEM, public_draw_source="A better one", now=NOW).pk != promised.pk


def test_revealed_promise_stays_open_until_it_is_locked_or_put_aside(frame):
    draft = revealed_draw()
    with pytest.raises(services.CommitmentOpen):
        commit_draw(by=SYSTEM, public_draw_source="A better one", now=NOW)
    with pytest.raises(services.DiscardReasonMissing):
        discard_allocation(by=SYSTEM, allocation=draft, reason=" ")
    discard_allocation(by=SYSTEM, allocation=draft, reason="A station closed between promise and draw")
    assert Event.objects.get(action="stations.discard_allocation").reason.startswith("A station closed")
    commit_draw(by=SYSTEM, public_draw_source="A better one", now=NOW)


@pytest.mark.parametrize("reason", ["", "  "])
def test_promise_is_not_abandoned_without_a_reason(frame, reason):
    promised = commit_draw(by=SYSTEM, public_draw_source="A public draw", now=NOW)
    with pytest.raises(services.AbandonReasonMissing):
        abandon_commitment(by=SYSTEM, commitment=promised, reason=reason, now=NOW)


def test_promise_is_revealed_once(frame):
    draft = revealed_draw()
    with pytest.raises(services.CommitmentClosed):
        services.reveal_draw(by=SYSTEM, commitment=draft.commitment, public_draw="0008", now=NOW)
    with pytest.raises(services.CommitmentClosed):
        abandon_commitment(by=SYSTEM, commitment=draft.commitment, reason="Not to my liking", now=NOW)


@pytest.mark.parametrize("numbers", ["", "123", "none", "1 2 3", "9" * 121])
def test_public_draw_that_is_no_number_is_refused(frame, numbers):
    promised = commit_draw(by=SYSTEM, public_draw_source="A public draw", now=NOW)
    with pytest.raises(services.PublicDrawNotNumbers):
        services.reveal_draw(by=SYSTEM, commitment=promised, public_draw=numbers, now=NOW)
    assert not Allocation.objects.exists()


@pytest.mark.parametrize("source", ["", " \n "])
def test_promise_names_its_public_draw(frame, source):
    with pytest.raises(services.SourceMissing):
        commit_draw(by=SYSTEM, public_draw_source=source, now=NOW)


def test_promise_of_an_older_frame_is_not_revealed(frame):
    promised = commit_draw(by=SYSTEM, public_draw_source="A public draw", now=NOW)
    import_frame(by=SYSTEM, stations=[*frame[0][:-1], replaced(frame[0][-1])], districts=frame[1])
    with pytest.raises(services.AllocationOutdated):
        services.reveal_draw(by=SYSTEM, commitment=promised, public_draw="0007", now=NOW)


# --- Approval --------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("N16")
def test_one_person_cannot_approve_for_two(frame, administrator):
    draft = revealed_draw()
    approved_by(administrator, draft)
    with pytest.raises(services.ApprovedAlready):
        approved_by(administrator, draft)
    draft.refresh_from_db()
    assert draft.status == "draft"


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR, Role.STATISTICIAN}))
def test_others_do_not_approve(frame, role):
    draft = revealed_draw()
    with pytest.raises(PermissionMissing):
        approved_by(UserFactory(role=role), draft)


def test_comparisons_out_of_reach_are_accepted_one_by_one(frame, administrator):
    draft = revealed_draw()
    out_of_reach = [reach.contrast.name for reach in reach_of(draft) if reach.is_out_of_reach]
    assert out_of_reach
    with pytest.raises(services.ContrastsOutOfReach):
        services.approve_allocation(by=administrator, allocation=draft, accepted_contrasts=out_of_reach[1:], now=NOW)
    services.approve_allocation(by=administrator, allocation=draft, accepted_contrasts=out_of_reach, now=NOW)
    assert Approval.objects.get().accepted_contrasts == sorted(out_of_reach)


def test_draw_of_an_older_frame_is_not_approved(frame, administrator):
    draft = revealed_draw()
    import_frame(by=SYSTEM, stations=[*frame[0][:-1], replaced(frame[0][-1])], districts=frame[1])
    with pytest.raises(services.AllocationOutdated):
        approved_by(administrator, draft)


@pytest.mark.parametrize(
    "tamper",
    [
        lambda draft: draft.allocated.filter(arm="control").update(arm="both"),
        lambda draft: draft.allocated.first().delete(),
    ],
)
def test_draw_whose_rows_were_altered_is_not_approved(frame, administrator, tamper):
    draft = revealed_draw()
    tamper(draft)
    with pytest.raises(AllocationAltered):
        approved_by(administrator, draft)


@pytest.mark.requirement("F6")
def test_locked_allocation_is_the_only_one_for_ever(frame, administrator):
    locked = locked_draw()
    with pytest.raises(services.AllocationLocked):
        commit_draw(by=SYSTEM, public_draw_source="A better one", now=NOW)
    with pytest.raises(services.AllocationLocked):
        approved_by(administrator, locked)
    with pytest.raises(services.AllocationNotADraft):
        discard_allocation(by=SYSTEM, allocation=locked, reason="Not to my liking")


# --- What the database refuses ---------------------------------------------------------------------------------------


@pytest.mark.requirement("F6")
@pytest.mark.parametrize(
    "change",
    [
        lambda: Allocation.objects.update(seed="9"),
        lambda: Allocation.objects.all().delete(),
        lambda: AllocatedStation.objects.update(arm="control"),
        lambda: AllocatedStation.objects.filter(study_number=1).delete(),
        lambda: Frame.objects.update(sha256="0"),
        lambda: Commitment.objects.update(nonce=b"0"),
        lambda: Commitment.objects.update(abandoned_at=NOW, abandoned_reason="x", sha256="0"),
        lambda: Commitment.objects.all().delete(),
        lambda: Approval.objects.update(accepted_contrasts=["x"]),
        lambda: Approval.objects.all().delete(),
        lambda: Approval.objects.create(
            allocation=Allocation.objects.get(), approved_by=UserFactory(role=Role.ADMINISTRATOR), approved_at=NOW
        ),
    ],
)
def test_database_refuses_to_change_what_is_locked(frame, change):
    locked_draw()
    with pytest.raises(DatabaseError), transaction.atomic():
        change()


@pytest.mark.parametrize("approvals", [0, 1])
def test_database_refuses_a_lock_without_two_approvals(frame, administrator, approvals):
    draft = revealed_draw()
    if approvals:
        approved_by(administrator, draft)
    with pytest.raises(DatabaseError, match="two different people must approve"), transaction.atomic():
        Allocation.objects.update(status="locked", locked_at=NOW)


@pytest.mark.parametrize(
    "change",
    [{"seed": "9"}, {"certificate": {}}, {"public_draw": "1"}, {"drawn_by": None, "drawn_at": NOW + timedelta(1)}],
)
def test_database_keeps_a_draft_as_it_was_drawn(frame, change):
    revealed_draw()
    with pytest.raises(DatabaseError), transaction.atomic():
        Allocation.objects.update(**change)


# --- Lost stations ---------------------------------------------------------------------------------------------------


@pytest.mark.requirement("F7")
def test_lost_station_is_an_event_and_changes_nothing_of_the_draw(frame, administrator):
    locked = locked_draw()
    drawn = locked.allocated.get(study_number=3)
    services.record_station_loss(by=administrator, allocated=drawn, lost_on=TODAY, reason="Closed", now=NOW)
    assert StationLoss.objects.get().allocated == drawn
    assert dict(locked.allocated.values_list("station__code", "arm")) == locked.certificate["assignment"]
    with pytest.raises(services.LostAlready):
        services.record_station_loss(by=administrator, allocated=drawn, lost_on=TODAY, reason="Again", now=NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        StationLoss.objects.all().delete()


def test_loss_is_refused_without_reason_in_the_future_and_of_another_draw(frame, administrator):
    rehearsed = allocate_stations(by=administrator, seed="1", now=NOW).allocated.first()
    drawn = locked_draw().allocated.first()
    day = TODAY.replace(year=TODAY.year + 1)
    for allocated, lost_on, reason, error in (
        (drawn, TODAY, " ", services.LossReasonMissing),
        (drawn, day, "Closed", services.LossInFuture),
        (rehearsed, TODAY, "Closed", services.NotInTheStudy),
    ):
        with pytest.raises(error):
            services.record_station_loss(by=administrator, allocated=allocated, lost_on=lost_on, reason=reason, now=NOW)


# --- The protocol under a locked allocation --------------------------------------------------------------------------


def test_protocol_in_use_is_amended_only_with_a_reason(frame):
    locked_draw()
    text = PROTOCOL_FILE.read_text().replace('version = "1"', 'version = "2"', 1)
    with pytest.raises(AmendmentReasonMissing):
        load_protocol(by=SYSTEM, text=text, name="p.toml", now=NOW)
    version, _new = load_protocol(by=SYSTEM, text=text, name="p.toml", now=NOW, amendment_reason="Board, 12 May")
    assert (version.version, version.is_active) == ("2", True)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('code = "both"', 'code = "all"'),
        ("training = true", "training = false"),
        ('method = "simple"\nstations = 16', 'method = "simple"\nstations = 12'),
    ],
)
def test_amendment_cannot_make_other_arms_of_allocated_stations(frame, old, new):
    locked_draw()
    source = PROTOCOL_FILE.read_text().replace('version = "1"', 'version = "2"', 1)
    assert old in source
    with pytest.raises(ArmsFixed):
        load_protocol(
            by=SYSTEM, text=source.replace(old, new, 1), name="p.toml", now=NOW, amendment_reason="Board, 12 May"
        )


def test_amendment_is_frozen_itself_and_the_next_needs_a_reason_too(frame):
    locked_draw()
    second, third = (PROTOCOL_FILE.read_text().replace('version = "1"', f'version = "{n}"', 1) for n in (2, 3))
    version, _new = load_protocol(by=SYSTEM, text=second, name="p.toml", now=NOW, amendment_reason="Board, 12 May")
    assert version.frozen_at == NOW
    with pytest.raises(AmendmentReasonMissing):
        load_protocol(by=SYSTEM, text=third, name="p.toml", now=NOW)
