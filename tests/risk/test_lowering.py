"""An officer may only raise; a level is lowered by a supervisor, with a reason."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.permissions import PermissionMissing
from audit.models import Event
from participants import sealing
from participants.models import AccessNotice, Conflict
from participants.reach import ActRefused
from participants.services import ParticipantLeft, ParticipantOutOfReach
from protocol.queries import current_protocol
from risk import services
from risk.models import Assessment, CurrentRisk, Lowering
from risk.services import PrintedLevel
from tests.factories import (
    NOW,
    CurrentRiskFactory,
    LoweringFactory,
    OfficerFactory,
    ParticipantFactory,
    ScaleFactory,
)
from tests.participants.test_views import signed_in
from tests.risk.scales import FVR, VIOGEN
from tests.risk.test_scoring import ALL_NO, ALL_SI
from tests.risk.test_services import LEVEL_14, assess

LATER = NOW + timedelta(days=3)


@pytest.fixture
def proposed(care, woman) -> Lowering:
    """Held at severo 1; a complete form three days later comes to leve."""
    assess(care.officer, woman, LEVEL_14)
    CurrentRisk.objects.update(replan_pending=False)
    assess(care.officer, woman, ALL_NO, now=LATER)
    return Lowering.objects.get()


def decide(service, by, lowering, **changes):
    words = {"reason": "protected", "note": "", "now": LATER + timedelta(hours=1)} | changes
    return service(by=by, lowering=lowering, **words)


@pytest.mark.requirement("N23")
def test_a_complete_form_that_comes_to_less_proposes_and_does_not_lower(woman, proposed):
    held, form = CurrentRisk.objects.get(), Assessment.objects.first()

    assert (form.computed_level, form.level, form.level_rank) == ("leve", "severo_1", 2)
    assert (held.level, held.since, held.replan_pending) == ("severo_1", NOW, False)
    # She was assessed: the next time is counted from this form, at the pace of the level held.
    assert (held.assessment, held.reassess_due_on) == (form, date(2026, 11, 28))
    assert (proposed.state, proposed.assessment, proposed.from_level, proposed.to_level) == (
        "waiting", form, "severo_1", "leve",
    )  # fmt: skip
    assert proposed.due_at == LATER + timedelta(days=current_protocol().risk.lowering_days)
    assert Event.objects.filter(action="risk.assess").last().details["proposes"] == "leve"


@pytest.mark.requirement("N23")
def test_whoever_is_tied_to_her_lowers_nothing_and_may_leave_it_high(care, woman, proposed):
    Conflict.objects.create(participant=woman, user=care.supervisor, declared_at=NOW)
    with pytest.raises(ActRefused):
        decide(services.confirm_lowering, care.supervisor, proposed)
    assert CurrentRisk.objects.get().level == "severo_1"
    assert AccessNotice.objects.get().participant == woman
    reason = Lowering.DeclinedReason.values[0]
    assert decide(services.decline_lowering, care.supervisor, proposed, reason=reason).state == "declined"


@pytest.mark.parametrize("answers", [LEVEL_14, ALL_SI, {"1": "no"}])
def test_no_other_form_proposes(care, woman, answers):
    assess(care.officer, woman, LEVEL_14)

    assess(care.officer, woman, answers, now=LATER)

    assert not Lowering.objects.exists()


def test_an_officers_raise_counts_against_the_level_held(care, woman):
    assess(care.officer, woman, ALL_SI)

    form = assess(care.officer, woman, ALL_NO, officer_level="moderado", reason="her_fear", now=LATER)

    assert (form.computed_level, form.officer_level, form.level) == ("leve", "moderado", "severo_2")
    assert Lowering.objects.get().to_level == "moderado"


@pytest.mark.parametrize(("answers", "held"), [(ALL_SI, "severo_2"), (LEVEL_14, "severo_1"), ({"1": "no"}, "severo_1")])
def test_a_newer_form_of_any_kind_sets_the_proposal_aside(care, woman, proposed, answers, held):
    assess(care.officer, woman, answers, now=LATER + timedelta(days=1))

    proposed.refresh_from_db()
    assert (proposed.state, proposed.decided_by) == ("superseded", None)
    assert CurrentRisk.objects.get().level == held
    with pytest.raises(services.LoweringDecided):
        decide(services.confirm_lowering, care.supervisor, proposed)


def test_a_newer_form_that_comes_to_less_too_proposes_anew(care, woman, proposed):
    assess(care.officer, woman, ALL_NO | {"2a": "si"}, now=LATER + timedelta(days=1))

    assert list(Lowering.objects.order_by("id").values_list("state", "to_level")) == [
        ("superseded", "leve"),
        ("waiting", "moderado"),
    ]


@pytest.mark.requirement("N23", "F12")
def test_a_supervisor_lowers_with_a_reason_and_the_planner_is_told(care, woman, proposed):
    decide(services.confirm_lowering, care.supervisor, proposed, note="Él fue detenido")

    proposed.refresh_from_db()
    held = CurrentRisk.objects.get()
    assert (proposed.state, proposed.reason, proposed.decided_by) == ("confirmed", "protected", care.supervisor)
    assert (held.level, held.level_rank, held.since, held.replan_pending) == (
        "leve", 0, LATER + timedelta(hours=1), True,
    )  # fmt: skip
    assert held.reassess_due_on == date(2027, 1, 20)
    assert b"detenido" not in bytes(proposed.sealed_note)
    assert sealing.unseal_text(woman, proposed.sealed_note, purpose=services.LOWERING_NOTE) == "Él fue detenido"
    event = Event.objects.get(action="risk.confirm_lowering")
    assert event.details == {"from": "severo_1", "to": "leve", "reason": "protected", "own_form": False}


def test_a_supervisor_may_leave_the_level_as_it_is(care, woman, proposed):
    decide(services.decline_lowering, care.supervisor, proposed, reason="her_fear")

    proposed.refresh_from_db()
    held = CurrentRisk.objects.get()
    assert (proposed.state, proposed.reason) == ("declined", "her_fear")
    assert (held.level, held.replan_pending) == ("severo_1", False)


def test_a_supervisors_own_form_is_told_apart(care, woman):
    assess(care.supervisor, woman, ALL_SI)
    assess(care.supervisor, woman, ALL_NO, now=LATER)

    decide(services.confirm_lowering, care.supervisor, Lowering.objects.get())

    assert Event.objects.get(action="risk.confirm_lowering").details["own_form"] is True


@pytest.mark.parametrize("service", [services.confirm_lowering, services.decline_lowering])
def test_deciding_is_for_a_supervisor_of_her_station(care, woman, proposed, service):
    stranger = OfficerFactory(user__role="supervisor").user

    with pytest.raises(PermissionMissing):
        decide(service, care.officer, proposed)
    with pytest.raises(ParticipantOutOfReach):
        decide(service, stranger, proposed)
    woman.status = "withdrawn"
    woman.save()
    with pytest.raises(ParticipantLeft):
        decide(service, care.supervisor, proposed)


@pytest.mark.parametrize(
    ("service", "words"),
    [
        (services.confirm_lowering, {"reason": ""}),
        (services.confirm_lowering, {"reason": "her_fear"}),
        (services.confirm_lowering, {"reason": "other", "note": " "}),
        (services.decline_lowering, {"reason": "protected"}),
        (services.decline_lowering, {"reason": "other"}),
    ],
)
def test_a_decision_without_its_reason_changes_nothing(care, woman, proposed, service, words):
    with pytest.raises(services.LoweringNeedsReason):
        decide(service, care.supervisor, proposed, **words)

    proposed.refresh_from_db()
    assert (proposed.state, CurrentRisk.objects.get().level) == ("waiting", "severo_1")


def test_only_one_decision_counts(care, woman, proposed):
    decide(services.decline_lowering, care.supervisor, proposed, reason="not_private")

    with pytest.raises(services.LoweringDecided):
        decide(services.confirm_lowering, care.supervisor, proposed)
    assert CurrentRisk.objects.get().level == "severo_1"


@pytest.mark.parametrize(
    "wrong",
    [
        {"to_rank": 2},
        {"reason": "protected"},
        {"state": "confirmed"},
        {"state": "confirmed", "decided_at": NOW, "reason": "protected"},
        {"state": "superseded"},
    ],
)
def test_the_database_refuses_a_lowering_that_cannot_be(db, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        LoweringFactory(**wrong)


def test_the_database_lets_one_lowering_wait_for_a_woman(db):
    first = LoweringFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        LoweringFactory(assessment__participant=first.participant)


@pytest.mark.parametrize("state", [services.confirm_lowering, services.decline_lowering])
def test_every_reason_is_known_to_the_database(care, woman, proposed, state):
    kinds = {
        services.confirm_lowering: Lowering.ConfirmedReason.values,
        services.decline_lowering: Lowering.DeclinedReason.values,
    }
    for reason in kinds[state]:
        Lowering.objects.update(state="waiting", reason="", decided_at=None, decided_by=None)
        decide(state, care.supervisor, proposed, reason=reason, note="sí")
        assert Lowering.objects.get().reason == reason


# --- The same form twice ---------------------------------------------------------------------------------------------


@pytest.mark.requirement("N7")
def test_the_same_form_sent_twice_is_one_assessment(care, woman):
    form_id = uuid4()

    first = assess(care.officer, woman, ALL_NO, form_id=form_id, note="Nota")
    again = assess(care.officer, woman, ALL_NO, form_id=form_id, note="Nota", now=LATER)

    assert (again, Assessment.objects.count()) == (first, 1)
    assert CurrentRisk.objects.get().since == NOW
    details = Event.objects.filter(action="risk.assess").order_by("id").values_list("details", flat=True)
    assert [event.get("repeated", False) for event in details] == [False, True]
    assert "Nota" not in first.content_hmac


@pytest.mark.parametrize("change", [{"answers": ALL_SI}, {"note": "otra"}, {"woman_rating": 3}, {"reason": "weapon"}])
def test_the_same_form_with_other_content_is_a_conflict(care, woman, change):
    form_id = uuid4()
    assess(care.officer, woman, ALL_NO, form_id=form_id)

    with pytest.raises(services.FormConflict):
        assess(care.officer, woman, **({"answers": ALL_NO, "form_id": form_id} | change))
    with pytest.raises(services.FormConflict):
        assess(care.officer, ParticipantFactory(station=care.station), ALL_NO, form_id=form_id)
    assert Assessment.objects.count() == 1


def test_a_form_that_arrived_is_confirmed_even_after_she_left(care, woman):
    form_id = uuid4()
    first = assess(care.officer, woman, ALL_NO, form_id=form_id)
    woman.status = "withdrawn"
    woman.save()

    assert assess(care.officer, woman, ALL_NO, form_id=form_id) == first
    with pytest.raises(ParticipantLeft):
        assess(care.officer, woman, ALL_NO, form_id=uuid4())


# --- A level by hand, and another scale ------------------------------------------------------------------------------


@pytest.fixture
def by_hand(care):
    """The study's scale is one whose level is copied from a printout."""
    rules = VIOGEN.model_copy(
        update={"code": "FVR_PAREJA", "version": "hand", "levels": FVR.levels, "alerts": FVR.alerts[:1]}
    )
    bands = tuple(band.model_copy(update={"min": None, "max": None}) for band in FVR.levels)
    return ScaleFactory(
        version="hand", sha256="e" * 64, content=rules.model_copy(update={"levels": bands}).model_dump(mode="json"),
        effective_on=NOW.date(), loaded_at=NOW,
    )  # fmt: skip


def test_a_level_by_hand_keeps_the_printouts_reference(care, woman, by_hand):
    form = assess(care.officer, woman, {}, printed=PrintedLevel("severo_2", " ES-77/2026 "))

    assert (form.computed_level, form.level, form.is_complete, form.score) == ("severo_2", "severo_2", True, 0)
    assert (form.reference, form.scale) == ("ES-77/2026", by_hand)
    assert CurrentRisk.objects.get().level == "severo_2"


@pytest.mark.parametrize("printed", [PrintedLevel("", "X"), PrintedLevel("leve", " "), PrintedLevel("top", "X"), None])
def test_a_level_by_hand_needs_level_and_reference(care, woman, by_hand, printed):
    with pytest.raises(services.PrintoutMissing):
        assess(care.officer, woman, {}, printed=printed, note="sin constancia")


def test_the_page_of_a_level_by_hand_asks_for_the_printout(care, woman, by_hand):
    client, url = signed_in(care.officer), reverse("assess_risk", args=[woman.study_code])
    assert "Número de la constancia oficial" in client.get(url).content.decode()

    refused = client.post(url, {"printed_level": "moderado", "reference": ""}).content.decode()
    saved = client.post(url, {"printed_level": "moderado", "reference": "ES-77"}, follow=True).content.decode()

    assert "copie su referencia" in refused
    assert "ES-77" in saved
    assert Assessment.objects.get().computed_level == "moderado"


def test_a_version_rules_from_its_day_on(care, woman):
    ScaleFactory(version="2027", sha256="d" * 64, effective_on=date(2027, 1, 1), loaded_at=NOW - timedelta(days=1))

    before = assess(care.officer, woman, ALL_NO, now=NOW)
    after = assess(care.officer, woman, ALL_NO, now=NOW + timedelta(days=60))

    assert (before.scale.version, after.scale.version) == ("2019.1", "2027")


# --- The pages -------------------------------------------------------------------------------------------------------


def test_the_supervisor_decides_on_a_page(care, woman, proposed):
    client, url = signed_in(care.supervisor), reverse("lowering_decide", args=[proposed.pk])
    listed = client.get(reverse("lowering_list")).content.decode()
    assert woman.study_code in listed
    assert "Severo 1" in listed

    assert client.post(url, {"decision": "", "note": "Escrito"}).content.decode().count("Escrito") == 1
    response = client.post(url, {"decision": "confirmed:he_is_away", "note": ""})

    assert response.headers["Location"] == reverse("risk_history", args=[woman.study_code])
    assert CurrentRisk.objects.get().level == "leve"
    again = client.post(url, {"decision": "declined:her_fear"}).content.decode()
    assert "ya se decidió" in again
    assert woman.study_code not in client.get(reverse("lowering_list")).content.decode()


def test_the_officer_reads_that_a_supervisor_decides(care, woman, proposed):
    url = reverse("risk_history", args=[woman.study_code])

    officers, supervisors = (signed_in(user).get(url).content.decode() for user in (care.officer, care.supervisor))

    assert "hasta que decida" in officers
    assert reverse("lowering_decide", args=[proposed.pk]) not in officers
    assert reverse("lowering_decide", args=[proposed.pk]) in supervisors


def test_the_pages_of_a_decision_are_for_the_supervisor_of_her_station(care, woman, proposed):
    stranger = OfficerFactory(user__role="supervisor").user
    url = reverse("lowering_decide", args=[proposed.pk])

    assert signed_in(stranger).get(url).status_code == 404
    assert signed_in(care.officer).get(url).status_code == 403
    assert signed_in(stranger).get(reverse("lowering_list")).context["rows"] == []


@pytest.mark.parametrize("women", [1, 3])
def test_the_list_of_decisions_asks_the_database_the_same(care, women, django_assert_num_queries):
    for _ in range(women):
        LoweringFactory(assessment__participant=ParticipantFactory(station=care.station))
    client = signed_in(care.supervisor)

    with django_assert_num_queries(4):
        client.get(reverse("lowering_list"))


@pytest.mark.parametrize("women", [1, 3])
def test_the_sheets_due_ask_the_database_the_same(care, women, django_assert_num_queries):
    for _ in range(women):
        CurrentRiskFactory(
            assessment__participant=ParticipantFactory(station=care.station), reassess_due_on=date(2026, 1, 1)
        )
    client = signed_in(care.officer)

    with django_assert_num_queries(6):
        client.get(reverse("reassessment_list"))


@pytest.mark.requirement("N23")
def test_what_happened_since_the_form_keeps_its_earlier_assessment_when_the_level_falls(care, proposed):
    services.ask_for_reassessment(by=care.officer, participant=proposed.participant, now=LATER)

    decide(services.confirm_lowering, care.supervisor, proposed)

    held = CurrentRisk.objects.get()
    assert (held.level, held.reassess_due_on) == ("leve", timezone.localdate(LATER))
