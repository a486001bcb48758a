"""Who may open a card, when, and who hears of it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from participants import due_visits, queries, sealing, services
from participants.identity import Identity, StaffIdentity
from participants.models import AccessNotice, Conflict, EmergencyOpening, SealedCard, StaffCard, VaultKey
from participants.safe_contact import CardPurpose
from participants.services.openings import EMERGENCY_REASON
from tests.factories import NOW, TODAY, OfficerFactory, ParticipantFactory, StationFactory, UserFactory, VisitFactory
from tests.participants.conftest import make_care
from tests.participants.test_keys import command, new_key
from tests.participants.test_services import enrol

WHY = "Su vecina llamó: oye gritos en la casa."
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
Kind, Cause = AccessNotice.Kind, EmergencyOpening.Cause


def opened(by, woman, now=NOW) -> Identity:
    purpose = CardPurpose.SURVEY if by.role == Role.INTERVIEWER else CardPurpose.VISIT
    return services.open_safe_contact_card(by=by, participant=woman, purpose=purpose, now=now)


def emergency(by, woman, now=NOW, reason=WHY) -> EmergencyOpening:
    return services.open_in_emergency(by=by, participant=woman, cause=Cause.DANGER, reason=reason, now=now)


@pytest.fixture
def quiet(care):
    """A woman of the station without a visit near."""
    return ParticipantFactory(station=care.station, interviewer=care.interviewer)


@pytest.fixture
def safety_officer(db):
    return UserFactory(role=Role.SAFETY_OFFICER)


@pytest.mark.parametrize(
    ("days", "status", "opens"),
    [
        (4, "planned", False),
        (3, "planned", True),
        (0, "planned", True),
        (-7, "done", True),
        (-7, "missed", True),
        (-8, "done", False),
        (0, "superseded", False),
    ],
)
def test_the_card_opens_for_police_around_a_visit(care, quiet, days, status, opens):
    VisitFactory(plan__participant=quiet, planned_on=TODAY + timedelta(days=days), status=status)

    for user in (care.officer, care.supervisor):
        if opens:
            assert opened(user, quiet).full_name == "Rosa Quispe Huamán"
        else:
            with pytest.raises(services.CardNotDue):
                opened(user, quiet)


@pytest.mark.parametrize(("days", "opens"), [(7, True), (8, False)])
def test_the_card_stays_open_some_days_after_enrolment(care, days, opens):
    woman = ParticipantFactory(station=care.station, enrolled_on=TODAY - timedelta(days=days))

    assert queries.is_due(woman, TODAY) is opens


def test_the_day_of_a_visit_is_limas(care, quiet):
    VisitFactory(plan__participant=quiet, planned_on=TODAY + timedelta(days=4))
    # 00:30 of the nineteenth in UTC is still the eighteenth in Lima; 05:00 is Lima's midnight.
    evening, midnight = datetime(2026, 11, 19, 0, 30, tzinfo=UTC), datetime(2026, 11, 19, 5, tzinfo=UTC)

    with pytest.raises(services.CardNotDue):
        opened(care.officer, quiet, evening)
    assert opened(care.officer, quiet, midnight).full_name == "Rosa Quispe Huamán"


def test_without_anybody_who_knows_of_visits_nothing_is_due(quiet, monkeypatch):
    monkeypatch.setattr(due_visits, "_answers", [])

    assert not queries.is_due(quiet, TODAY)


def test_her_interviewer_needs_no_visit(care, quiet):
    assert opened(care.interviewer, quiet).full_name == "Rosa Quispe Huamán"


def test_a_refusal_is_recorded_and_no_review_slips_through(care, quiet):
    for act in (
        lambda: opened(care.officer, quiet),
        lambda: services.update_safe_contact(
            by=care.officer, participant=quiet, safe_contact=None, changes={}, now=NOW
        ),
    ):
        with pytest.raises(services.CardNotDue):
            act()

    events = Event.objects.filter(object_id=quiet.study_code)
    assert (
        list(events.values_list("action", "details")) == [("participants.refuse_card", {"refusal": "card_not_due"})] * 2
    )


@pytest.mark.requirement("F35")
def test_an_emergency_opens_the_card_for_an_hour_and_the_safety_officer_hears_of_it(care, quiet):
    opening = emergency(care.officer, quiet)

    assert opening.expires_at == NOW + HOUR
    assert opened(care.officer, quiet, NOW).full_name == "Rosa Quispe Huamán"
    assert opened(care.officer, quiet, NOW + HOUR - MINUTE).full_name == "Rosa Quispe Huamán"
    for too_late in (NOW + HOUR, NOW + HOUR + MINUTE):
        with pytest.raises(services.CardNotDue):
            opened(care.officer, quiet, too_late)
    with pytest.raises(services.CardNotDue):
        opened(care.supervisor, quiet, NOW)  # it was not hers
    notice = AccessNotice.objects.get()
    assert (notice.kind, notice.participant, notice.user, notice.emergency) == (
        Kind.EMERGENCY,
        quiet,
        care.officer,
        opening,
    )
    assert b"vecina" not in bytes(opening.sealed_reason)
    assert sealing.unseal_text(quiet, opening.sealed_reason, purpose=EMERGENCY_REASON) == WHY
    first, *openings = Event.objects.filter(actor=care.officer.audit_name).exclude(action="participants.refuse_card")
    assert (first.action, first.reason, first.details) == (
        "participants.open_in_emergency",
        "danger",
        {"emergency": opening.pk},
    )
    assert [event.details for event in openings] == [{"purpose": "emergency", "emergency": opening.pk}] * 2


@pytest.mark.requirement("F35")
def test_the_safety_officer_opens_any_card_but_only_as_an_emergency(care, quiet, safety_officer):
    with pytest.raises(services.OnlyInEmergency):
        opened(safety_officer, quiet)

    emergency(safety_officer, quiet)

    assert opened(safety_officer, quiet).full_name == "Rosa Quispe Huamán"


def test_nobody_else_has_emergencies(care, quiet):
    for role in (Role.ADMINISTRATOR, Role.RESEARCHER, Role.STATISTICIAN, Role.ETHICS_BOARD):
        with pytest.raises(PermissionMissing):
            emergency(UserFactory(role=role), quiet)
    with pytest.raises(PermissionMissing):
        emergency(care.other_interviewer, quiet)
    with pytest.raises(services.ParticipantOutOfReach):
        emergency(care.stranger, quiet)  # an officer of another station

    assert not EmergencyOpening.objects.exists()
    assert not AccessNotice.objects.exists()


@pytest.mark.parametrize("reason", ["", "   ", "urgente", " urgente       \n "])
def test_an_emergency_needs_a_sentence(care, quiet, reason):
    with pytest.raises(services.ReasonTooShort):
        emergency(care.officer, quiet, reason=reason)


@pytest.mark.parametrize("status", ["withdrawn", "deceased", "completed"])
def test_who_has_left_is_left_alone_even_in_an_emergency(care, safety_officer, status):
    woman = ParticipantFactory(station=care.station, status=status)

    for by in (care.officer, safety_officer):
        with pytest.raises(services.ParticipantLeft):
            emergency(by, woman)


def test_leaving_ends_an_emergency(care, quiet):
    emergency(care.officer, quiet)
    services.withdraw_participant(by=care.supervisor, participant=quiet, reason="her_wish", now=NOW)
    quiet.refresh_from_db()

    with pytest.raises(services.ParticipantLeft):
        opened(care.officer, quiet)


def test_an_emergency_ends_where_the_officer_is_posted_elsewhere(care, quiet):
    emergency(care.officer, quiet)
    care.officer.officer.postings.update(station=StationFactory())

    with pytest.raises(services.ParticipantOutOfReach):
        opened(care.officer, quiet)


def test_a_card_whose_key_is_missing_opens_in_no_emergency(care, quiet):
    VaultKey.objects.filter(participant=quiet).update(master_key_id="lost")
    quiet.refresh_from_db()

    with pytest.raises(sealing.SealedDataUnreadable):
        emergency(care.officer, quiet)
    assert not AccessNotice.objects.exists()


def test_an_altered_card_opens_in_no_emergency(care, quiet):
    emergency(care.officer, quiet)
    SealedCard.objects.filter(participant=quiet).update(ciphertext=b"altered" * 10)
    quiet.refresh_from_db()

    with pytest.raises(sealing.SealedDataUnreadable):
        opened(care.officer, quiet)


def test_two_emergencies_at_once_are_two_notices(committed_study):
    care = make_care()
    woman, together = ParticipantFactory(station=care.station), Barrier(2)

    def attempt(by):
        together.wait()
        try:
            return emergency(by, woman).opened_by_id
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert set(pool.map(attempt, [care.officer, care.supervisor])) == {care.officer.pk, care.supervisor.pk}
    assert AccessNotice.objects.count() == 2


def test_what_the_safety_officer_found_is_kept_once_and_not_by_whoever_it_concerns(care, quiet, safety_officer):
    emergency(safety_officer, quiet)
    notice = AccessNotice.objects.get()
    with pytest.raises(services.NoticeConcernsYou):
        services.review_notice(by=safety_officer, notice=notice, verdict=AccessNotice.Verdict.IN_ORDER, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        AccessNotice.objects.update(reviewed_by=safety_officer, reviewed_at=NOW, verdict="in_order")
    another = UserFactory(role=Role.SAFETY_OFFICER)

    reviewed = services.review_notice(by=another, notice=notice, verdict=AccessNotice.Verdict.MISUSE, now=NOW)

    assert (reviewed.reviewed_by, reviewed.verdict) == (another, "misuse")
    with pytest.raises(services.NoticeReviewedAlready):
        services.review_notice(by=another, notice=notice, verdict=AccessNotice.Verdict.IN_ORDER, now=NOW)
    with pytest.raises(PermissionMissing):
        services.review_notice(by=care.officer, notice=notice, verdict=AccessNotice.Verdict.IN_ORDER, now=NOW)


def test_a_declared_conflict_closes_the_card_to_that_officer_alone(care, woman):
    services.declare_conflict(by=care.officer, participant=woman, now=NOW)

    with pytest.raises(services.ConflictOfInterest):
        opened(care.officer, woman)
    with pytest.raises(services.ConflictOfInterest):
        emergency(care.officer, woman)
    assert opened(care.supervisor, woman).full_name == "Rosa Quispe Huamán"
    kinds = AccessNotice.objects.order_by("id").values_list("kind", "participant", "user", "times")
    assert list(kinds) == [
        (Kind.CONFLICT_DECLARED, woman.pk, care.officer.pk, 1),
        (Kind.CONFLICT_REFUSED, woman.pk, care.officer.pk, 2),
    ]
    with pytest.raises(services.ConflictDeclaredAlready):
        services.declare_conflict(by=care.officer, participant=woman, now=NOW)


def test_a_conflict_declared_by_mistake_is_lifted_by_the_safety_officer(care, woman, safety_officer):
    conflict = services.declare_conflict(by=care.officer, participant=woman, now=NOW)
    with pytest.raises(PermissionMissing):
        services.lift_conflict(by=care.officer, conflict=conflict, now=NOW)

    services.lift_conflict(by=safety_officer, conflict=conflict, now=NOW)

    assert opened(care.officer, woman).full_name == "Rosa Quispe Huamán"
    with pytest.raises(services.ConflictNotInForce):
        services.lift_conflict(by=safety_officer, conflict=conflict, now=NOW)
    assert services.declare_conflict(by=care.officer, participant=woman, now=NOW) != conflict


def test_a_conflict_is_declared_for_women_in_ones_care(care, woman):
    with pytest.raises(services.ParticipantOutOfReach):
        services.declare_conflict(by=care.stranger, participant=woman, now=NOW)
    assert not Conflict.objects.exists()


CASE = {
    "full_name": "Rosa Quispe", "address": "Jr. Los Jilgueros 123", "aggressor_name": "Juan Carlos",
    "aggressor_surnames": "Pérez Rojas", "aggressor_document": "40404040",
}  # fmt: skip


@pytest.mark.parametrize(
    ("staff", "is_tied"),
    [
        (StaffIdentity("Rojas Pérez", "1", "x"), True),
        (StaffIdentity("PEREZ ROJAS"), True),
        (StaffIdentity("Pérez Soto", "4040-4040"), True),
        (StaffIdentity("Soto Luna", "1", "jirón Los Jilgueros N° 123"), True),
        (StaffIdentity("Pérez Soto", "1", "Jr. Los Jilgueros 124"), False),
        (StaffIdentity("Pérez"), False),
    ],
)
def test_an_officer_of_his_family_or_her_home_is_refused_without_being_told_why(care, staff, is_tied):
    woman = enrol(care.supervisor, Identity(**CASE))
    services.seal_staff_card(by=care.supervisor, user=care.officer, identity=staff, now=NOW)

    assert queries.has_conflict(care.officer, woman) is is_tied
    if is_tied:
        with pytest.raises(services.ConflictOfInterest) as caught:
            opened(care.officer, woman)
        assert not any(word in str(caught.value).lower() for word in ("conflict", "family", "pérez", "home"))


def test_a_turned_master_key_finds_the_same_conflicts(care, settings):
    woman = enrol(care.supervisor, Identity(**CASE))
    services.seal_staff_card(by=care.supervisor, user=care.officer, identity=StaffIdentity("Pérez Rojas"), now=NOW)
    settings.VAULT_KEYS = f"{new_key('2027')},{settings.VAULT_KEYS}"
    assert queries.has_conflict(care.officer, woman)

    assert "1 women and 1 staff cards moved" in command("rotate_vault")
    settings.VAULT_KEYS = settings.VAULT_KEYS.partition(",")[0]

    assert queries.has_conflict(care.officer, woman)
    assert "The vault is whole" in command("verify_vault")


def test_an_officer_whose_own_data_do_not_open_opens_nothing(care, woman):
    services.seal_staff_card(by=care.supervisor, user=care.officer, identity=StaffIdentity("Pérez Rojas"), now=NOW)
    StaffCard.objects.update(ciphertext=b"altered" * 10)

    with pytest.raises(sealing.SealedDataUnreadable):
        opened(care.officer, woman)
    assert queries.unreadable_staff_cards() == [f"staff {care.officer.pk}"]


def test_a_staff_card_moved_to_another_officer_does_not_open(care):
    for user, surnames in ((care.officer, "Pérez Rojas"), (care.supervisor, "Soto Luna")):
        services.seal_staff_card(by=care.supervisor, user=user, identity=StaffIdentity(surnames), now=NOW)
    card = StaffCard.objects.get(user=care.supervisor)
    StaffCard.objects.filter(user=care.officer).update(ciphertext=card.ciphertext, wrapped=card.wrapped)

    assert queries.unreadable_staff_cards() == [f"staff {care.officer.pk}"]


def test_a_supervisor_keeps_the_cards_of_her_own_station(care):
    identity = StaffIdentity("Pérez Rojas", "40404040", "Av. Lima 1")
    for user in (care.stranger, care.interviewer):
        with pytest.raises(services.OfficerElsewhere):
            services.seal_staff_card(by=care.supervisor, user=user, identity=identity, now=NOW)
    with pytest.raises(PermissionMissing):
        services.seal_staff_card(by=care.officer, user=care.officer, identity=identity, now=NOW)

    services.seal_staff_card(by=care.supervisor, user=care.officer, identity=identity, now=NOW)

    card = StaffCard.objects.get()
    assert sealing.open_staff_card(card) == identity
    assert repr(identity) == "StaffIdentity(sealed)"
    assert [user.pk for user in queries.colleagues(care.supervisor, TODAY)] == [care.supervisor.pk, care.officer.pk]


def test_officers_who_are_posted_nowhere_have_no_colleagues(db):
    assert list(queries.colleagues(OfficerFactory(user__role=Role.SUPERVISOR).user, TODAY)) == []
