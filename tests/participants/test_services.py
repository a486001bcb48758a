from dataclasses import replace
from datetime import time, timedelta

import pytest

from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from participants import queries, sealing, services, vault
from participants.consent_scopes import Feature
from participants.identity import Identity
from participants.models import Consent, LookupHash, Participant, SafeContactPlan
from participants.safe_contact import CardPurpose, SafeContact
from participants.signature import Signature, SignatureMethod, SignedConsent
from stations.models import AllocatedStation, StationLoss
from tests.factories import NOW, TODAY, OfficerFactory, ParticipantFactory, PostingFactory, StationFactory, UserFactory
from tests.participants.screenings import eligible

ROSA = Identity(
    "Rosa Quispe Huamán",
    document="45678901",
    telephone="987 654 321",
    address="Jr. Los Jilgueros 123",
    code_word="canela",
    who_may_be_home="su madre",
    if_someone_else_answers="Encuesta de la municipalidad",
    do_not_approach_if="hay un auto gris",
)
MORNINGS = SafeContact((2, 4), time(9), time(12))
SCOPES = (Consent.Scope.VISITS, Consent.Scope.SURVEYS)


STROKES = (tuple((40 + 20 * n, 60 + 40 * (n % 2)) for n in range(12)),)


def consent_to(*scopes, version="1", language="es") -> SignedConsent:
    signature = Signature(SignatureMethod.DRAWN, strokes=STROKES)
    return SignedConsent(version, language, frozenset(map(str, scopes)), signature)


def enrol(by, identity=ROSA, **changes):
    consent = consent_to(*changes.pop("scopes", SCOPES))
    wanted = {"age": 34, "consent": consent, "safe_contact": MORNINGS, "now": NOW, **changes}
    if "screening" not in wanted:
        wanted["screening"] = eligible(wanted.get("identity", identity), by)
    return services.enrol_participant(by=by, identity=identity, **wanted)


def test_enrolment_keeps_her_plan_in_clear_and_her_identity_sealed(care):
    woman = enrol(care.supervisor)

    assert (woman.station, woman.status, woman.enrolled_on) == (care.station, Participant.Status.ENROLLED, TODAY)
    assert sorted(woman.consents.values_list("scope", flat=True)) == ["surveys", "visits"]
    plan = SafeContactPlan.objects.get(participant=woman)
    assert (plan.safe_weekdays, plan.safe_from, plan.safe_until) == ([2, 4], time(9), time(12))
    assert sealing.open_card(woman) == ROSA
    assert b"Quispe" not in bytes(woman.sealed_card.ciphertext)
    event = Event.objects.get(action="participants.enrol")
    assert (event.actor, event.object_id) == (care.supervisor.audit_name, woman.study_code)
    report = woman.screening.report
    assert event.details == {
        "report": report.code,
        "scopes": ["surveys", "visits"],
        "consent_version": "1",
        "copy_sha256": woman.signatures.get().copy_sha256,
    }


def test_enrolment_leaves_the_interviewer_to_those_who_know_where_they_live(care):
    assert enrol(care.supervisor).interviewer is None


def test_nobody_is_enrolled_at_a_station_that_left_the_study(care):
    drawn = AllocatedStation.objects.get(station=care.station)
    StationLoss.objects.create(allocated=drawn, lost_on=NOW.date(), reason="Closed", recorded_at=NOW)

    with pytest.raises(services.StationNotInStudy):
        enrol(care.supervisor)


def test_enrolment_needs_a_supervisor_posted_to_a_study_station(care):
    elsewhere = OfficerFactory(user__role=Role.SUPERVISOR, posted_at=StationFactory()).user

    with pytest.raises(PermissionMissing):
        enrol(care.officer)
    for supervisor in (elsewhere, UserFactory(role=Role.SUPERVISOR)):
        with pytest.raises(services.StationNotInStudy):
            enrol(supervisor)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"age": 17}, services.NotAnAdult),
        ({"scopes": [Consent.Scope.SURVEYS]}, services.ConsentMissing),
        ({"scopes": []}, services.ConsentMissing),
        ({"identity": replace(ROSA, full_name=" ")}, services.NameMissing),
    ],
)
def test_enrolment_that_breaks_a_rule_writes_nothing(care, changes, error):
    with pytest.raises(error):
        enrol(care.supervisor, **changes)

    assert Participant.objects.count() == 0
    assert Event.objects.count() == 0


@pytest.mark.parametrize(
    "again",
    [
        pytest.param(Identity("Otra Persona", document="4567-8901"), id="same document"),
        pytest.param(Identity("QUISPE HUAMAN, Rosa", telephone="+51987654321"), id="same name and telephone"),
    ],
)
def test_a_woman_is_enrolled_once(care, again):
    enrol(care.supervisor)

    with pytest.raises(services.AlreadyEnrolled) as caught:
        enrol(care.supervisor, again)

    assert "Quispe" not in str(caught.value)
    assert Participant.objects.count() == 1


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(Identity("Rosa Quispe Huamán"), id="same name only"),
        pytest.param(Identity("Otra Persona", telephone="987654321"), id="same telephone only"),
        pytest.param(replace(ROSA, document="45678902", telephone=""), id="another document"),
    ],
)
def test_women_who_share_a_name_or_a_telephone_are_different_women(care, other):
    enrol(care.supervisor)

    enrol(care.supervisor, other)

    assert Participant.objects.count() == 2


@pytest.mark.requirement("F31")
def test_each_opening_of_a_card_is_recorded_and_the_record_names_nobody(care, woman):
    for user, purpose in (
        (care.officer, CardPurpose.VISIT),
        (care.supervisor, CardPurpose.VISIT),
        (care.interviewer, CardPurpose.SURVEY),
    ):
        identity = services.open_safe_contact_card(by=user, participant=woman, purpose=purpose, now=NOW)
        assert identity.full_name == "Rosa Quispe Huamán"

    events = Event.objects.filter(action="participants.open_card")
    assert list(events.values_list("actor", "object_id", "details")) == [
        (care.officer.audit_name, woman.study_code, {"purpose": "visit"}),
        (care.supervisor.audit_name, woman.study_code, {"purpose": "visit"}),
        (care.interviewer.audit_name, woman.study_code, {"purpose": "survey"}),
    ]


@pytest.mark.requirement("F34")
def test_a_card_opens_for_nobody_else(care, woman):
    for user in (care.stranger, care.other_interviewer):
        with pytest.raises(services.ParticipantOutOfReach):
            services.open_safe_contact_card(by=user, participant=woman, purpose=CardPurpose.VISIT, now=NOW)
    for role in (Role.RESEARCHER, Role.STATISTICIAN, Role.ADMINISTRATOR, Role.SAFETY_OFFICER, Role.ETHICS_BOARD):
        with pytest.raises(PermissionMissing):
            services.open_safe_contact_card(
                by=UserFactory(role=role), participant=woman, purpose=CardPurpose.VISIT, now=NOW
            )

    assert Event.objects.count() == 0


def test_a_card_follows_the_posting_of_the_day(care, woman):
    officer = OfficerFactory()
    PostingFactory(officer=officer, station=care.station, starts_on=TODAY, ends_on=TODAY)

    def opened(now):
        return queries.is_within_reach(officer.user, woman, now)

    assert [opened(NOW + timedelta(days=days)) for days in (-1, 0, 1)] == [False, True, False]
    # 23:30 in Lima is already tomorrow in UTC.
    assert opened(NOW.replace(hour=4, minute=30) + timedelta(days=1))


@pytest.mark.requirement("F2")
def test_a_card_needs_the_consent_of_its_purpose(care):
    visited = ParticipantFactory(station=care.station, interviewer=care.interviewer, scopes=["visits"])
    surveyed = ParticipantFactory(station=care.station, interviewer=care.interviewer, scopes=["surveys"])

    for user, woman in ((care.interviewer, visited), (care.officer, surveyed)):
        with pytest.raises(services.ConsentMissing):
            services.open_safe_contact_card(by=user, participant=woman, purpose=CardPurpose.VISIT, now=NOW)


@pytest.mark.requirement("F36")
def test_a_card_moved_to_another_woman_does_not_open_and_the_log_says_whose(care, woman, caplog):
    other = ParticipantFactory(station=care.station)
    woman.sealed_card.ciphertext = other.sealed_card.ciphertext

    with pytest.raises(sealing.SealedDataUnreadable):
        services.open_safe_contact_card(by=care.officer, participant=woman, purpose=CardPurpose.VISIT, now=NOW)

    assert queries.masked_names([woman, other]) == {woman.pk: "?", other.pk: "R. Q."}
    told = f"the sealed data of {woman.study_code} do not open"
    assert caplog.messages == [told, told]
    assert not Event.objects.exists()


def test_a_card_under_a_master_key_that_is_gone_does_not_open(care, woman):
    woman.vault_key.master_key_id = "lost"

    with pytest.raises(sealing.SealedDataUnreadable):
        sealing.open_card(woman)


def test_withdrawal_ends_every_consent_and_is_final(care, woman):
    services.withdraw_participant(by=care.supervisor, participant=woman, reason="her_wish", now=NOW)

    woman.refresh_from_db()
    assert (woman.status, woman.status_changed_at) == (Participant.Status.WITHDRAWN, NOW)
    assert set(woman.consents.values_list("ended_at", flat=True)) == {NOW}
    assert not queries.has_consent(woman, Feature.PLAN_VISITS, TODAY)
    event = Event.objects.get(action="participants.withdraw")
    assert (event.reason, event.details) == (
        "her_wish",
        {"ended": ["surveys", "visits"], "whole": True, "erasure_wanted": False},
    )
    with pytest.raises(services.ParticipantLeft):
        services.open_safe_contact_card(by=care.officer, participant=woman, purpose=CardPurpose.VISIT, now=NOW)
    with pytest.raises(services.StatusChangeRefused):
        services.change_status(
            by=care.supervisor, participant=woman, to=Participant.Status.ENROLLED, reason="returned", now=NOW
        )


def test_withdrawal_is_for_her_own_stations_supervisor(care, woman):
    elsewhere = OfficerFactory(user__role=Role.SUPERVISOR, posted_at=StationFactory()).user

    with pytest.raises(PermissionMissing):
        services.withdraw_participant(by=care.officer, participant=woman, reason="her_wish", now=NOW)
    with pytest.raises(services.ParticipantOutOfReach):
        services.withdraw_participant(by=elsewhere, participant=woman, reason="her_wish", now=NOW)


def test_pause_and_return_are_recorded_with_their_reasons(care, woman):
    for to, reason in ((Participant.Status.PAUSED, "travel"), (Participant.Status.ENROLLED, "returned")):
        woman = services.change_status(by=care.supervisor, participant=woman, to=to, reason=reason, now=NOW)

    changes = Event.objects.filter(action="participants.change_status").order_by("id")
    assert list(changes.values_list("action", "reason", "details")) == [
        ("participants.change_status", "travel", {"from": "enrolled", "to": "paused"}),
        ("participants.change_status", "returned", {"from": "paused", "to": "enrolled"}),
    ]


def test_withdrawal_has_no_side_door(care, woman):
    with pytest.raises(services.StatusChangeRefused):
        services.change_status(
            by=care.supervisor, participant=woman, to=Participant.Status.WITHDRAWN, reason="end", now=NOW
        )


def test_review_changes_plan_and_card_and_records_only_which_fields(care):
    woman = enrol(care.supervisor)

    services.update_safe_contact(
        by=care.officer,
        participant=woman,
        safe_contact=replace(MORNINGS, weekdays=(6, 5, 5)),
        changes={"telephone": "912345678", "code_word": "canela", "do_not_approach_if": ""},
        now=NOW + timedelta(days=1),
    )

    woman = Participant.objects.get(pk=woman.pk)
    assert woman.safe_contact.safe_weekdays == [5, 6]
    assert woman.safe_contact.reviewed_at == NOW + timedelta(days=1)
    assert sealing.open_card(woman) == replace(ROSA, telephone="912345678", do_not_approach_if="")
    new_telephone = vault.lookup_hash(sealing.configured_keyring(), vault.Lookup.TELEPHONE, "912345678")
    assert bytes(LookupHash.objects.get(participant=woman, kind="telephone").digest) == new_telephone
    event = Event.objects.get(action="participants.update_safe_contact")
    assert event.details == {"card": ["do_not_approach_if", "telephone"], "plan": ["safe_weekdays"]}


def test_review_cannot_change_who_she_is(care, woman):
    with pytest.raises(TypeError):
        services.update_safe_contact(
            by=care.officer, participant=woman, safe_contact=MORNINGS, changes={"full_name": "Otra"}, now=NOW
        )


def test_erased_identity_cannot_be_opened_and_has_no_initials(care, woman):
    woman.vault_key.wrapped, woman.vault_key.destroyed_at = None, NOW

    with pytest.raises(sealing.IdentityErased):
        sealing.open_card(woman)
    assert queries.masked_names([woman]) == {woman.pk: ""}


def test_sealed_text_opens_only_for_its_woman_and_field(care, woman):
    sealed = sealing.seal_text(woman, " Llamó a su hermana ", purpose="visit note")

    assert sealing.unseal_text(woman, sealed, purpose="visit note") == "Llamó a su hermana"
    assert sealing.seal_text(woman, "  ", purpose="visit note") is None
    assert sealing.unseal_text(woman, None, purpose="visit note") == ""
    with pytest.raises(sealing.SealedDataUnreadable):
        sealing.unseal_text(woman, sealed, purpose="alert note")
