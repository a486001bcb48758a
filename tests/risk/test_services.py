from datetime import date, timedelta

import pytest

from accounts.actors import SystemActor
from accounts.permissions import Permission, PermissionMissing
from accounts.roles import Role
from audit.models import Event
from participants import sealing
from participants.services import ParticipantLeft, ParticipantOutOfReach
from risk import queries, services
from risk.models import Assessment, CurrentRisk, Scale
from risk.scoring import AnswerUnknown
from safety.models import SafetyAction, SafetyCase
from safety.queries import rules_raised_by
from safety.services import record_action
from tests.factories import NOW, AssessmentFactory, CurrentRiskFactory, UserFactory
from tests.risk.scales import FVR
from tests.risk.test_scoring import ALL_NO, ALL_SI, NOTHING
from tests.safety.factories import SafetyCaseFactory

LEVEL_14 = NOTHING | {"2": "si", "5": "si", "6": "si", "7": "si"}


def assess(by, participant, answers=ALL_NO, overrides=None, **changes):
    changes.setdefault("now", NOW)
    return services.assess_risk(by=by, participant=participant, answers=answers, overrides=overrides or {}, **changes)


def test_assessment_freezes_answers_score_level_and_version(care, woman):
    assessment = assess(care.officer, woman, LEVEL_14, {"pregnancy": "no"}, woman_rating=8)

    stored = Assessment.objects.get()
    assert stored == assessment
    assert stored.answers == LEVEL_14
    assert stored.overrides == {"pregnancy": "no"}
    assert (stored.score, stored.computed_level, stored.level, stored.level_rank) == (14, "severo_1", "severo_1", 2)
    assert (stored.is_complete, stored.own_rating, stored.raised_reason) == (True, 8, "")
    assert (stored.scale.version, stored.assessed_by, stored.assessed_at) == ("2019.1", care.officer, NOW)


@pytest.mark.parametrize(
    ("answers", "level", "due"),
    [
        (NOTHING, "leve", date(2027, 1, 17)),
        (ALL_NO | {"2a": "si"}, "moderado", date(2026, 12, 18)),
        (LEVEL_14, "severo_1", date(2026, 11, 25)),
        (ALL_SI, "severo_2", date(2026, 11, 21)),
    ],
)
def test_a_first_level_is_held_marked_for_the_planner_and_due_again_by_protocol(care, woman, answers, level, due):
    assess(care.officer, woman, answers)

    held = CurrentRisk.objects.get(participant=woman)
    assert (held.level, held.since, held.reassess_due_on, held.replan_pending) == (level, NOW, due, True)


def test_an_unchanged_level_keeps_its_date_and_asks_for_no_plan(care, woman):
    first = AssessmentFactory(participant=woman)
    CurrentRiskFactory(assessment=first)

    assess(care.officer, woman, ALL_NO)

    held = CurrentRisk.objects.get(participant=woman)
    assert (held.level, held.since, held.replan_pending) == ("leve", first.assessed_at, False)
    assert held.reassess_due_on == date(2027, 1, 17)


def test_a_plan_still_pending_stays_pending(care, woman):
    CurrentRiskFactory(assessment=AssessmentFactory(participant=woman), replan_pending=True)

    assess(care.officer, woman, ALL_NO)

    assert CurrentRisk.objects.get(participant=woman).replan_pending


def test_an_incomplete_form_never_lowers_the_level_nor_puts_off_the_next(care, woman):
    assess(care.officer, woman, LEVEL_14)
    CurrentRisk.objects.update(replan_pending=False)

    later = assess(care.officer, woman, {"1": "no"}, now=NOW + timedelta(days=5))

    held = CurrentRisk.objects.get(participant=woman)
    assert (later.is_complete, later.computed_level, later.level) == (False, "", "severo_1")
    assert (held.level, held.reassess_due_on, held.replan_pending) == ("severo_1", date(2026, 11, 25), False)
    assert held.assessment != later


def test_an_incomplete_form_raises_the_level_that_its_answers_reach(care, woman):
    assess(care.officer, woman, ALL_NO)

    assess(care.officer, woman, {"2": "si", "5": "si", "6": "si", "7": "si"})

    assert CurrentRisk.objects.get(participant=woman).level == "severo_1"


@pytest.mark.parametrize("blank", [{}, dict.fromkeys(ALL_NO)])
def test_a_wholly_blank_form_is_refused_and_leaves_no_trace(care, woman, blank):
    with pytest.raises(services.FormIsBlank):
        assess(care.officer, woman, blank, {"pregnancy": None}, note="  ")

    assert not Assessment.objects.exists()
    assert not Event.objects.filter(action="risk.assess").exists()


@pytest.mark.parametrize(
    "word",
    [
        {"answers": {"1": "no"}},
        {"overrides": {"pregnancy": "no"}},
        {"woman_rating": 0},
        {"note": "No quiso responder"},
        {"officer_level": "severo_1", "reason": "her_fear"},
    ],
)
def test_a_form_that_says_anything_is_kept(care, woman, word):
    assess(care.officer, woman, **({"answers": {}} | word))

    assert Assessment.objects.count() == 1


def test_a_form_with_one_answer_gives_no_level(care, woman):
    assessment = assess(care.officer, woman, {"1": "no"})

    assert (assessment.level, assessment.is_complete) == ("", False)
    assert not CurrentRisk.objects.exists()


def test_an_officer_raises_the_level_with_a_reason(care, woman):
    assessment = assess(
        care.officer, woman, ALL_NO, officer_level="severo_1", reason="her_fear", note="Tiembla al hablar"
    )

    assert (assessment.computed_level, assessment.level, assessment.raised_reason) == ("leve", "severo_1", "her_fear")
    assert CurrentRisk.objects.get(participant=woman).level == "severo_1"
    assert b"Tiembla" not in bytes(assessment.sealed_note)
    note = sealing.unseal_text(woman, assessment.sealed_note, purpose=services.ASSESSMENT_NOTE)
    assert note == "Tiembla al hablar"


@pytest.mark.parametrize(
    ("judgement", "error"),
    [
        ({"officer_level": "moderado", "reason": "her_fear"}, services.OfficerMayOnlyRaise),
        ({"officer_level": "leve"}, services.OfficerMayOnlyRaise),
        ({"officer_level": "severo_2"}, services.RaiseNeedsReason),
        ({"officer_level": "severo_2", "reason": "other", "note": " "}, services.RaiseNeedsReason),
    ],
)
def test_a_judgement_that_breaks_the_rule_writes_nothing(care, woman, judgement, error):
    with pytest.raises(error):
        assess(care.officer, woman, LEVEL_14, **judgement)

    assert not Assessment.objects.exists()
    assert not Event.objects.exists()


def test_a_reason_without_a_raise_is_not_kept(care, woman):
    assert assess(care.officer, woman, LEVEL_14, officer_level="severo_1", reason="weapon").raised_reason == ""


def raised_by(assessment: Assessment) -> list[str]:
    found = rules_raised_by(SafetyCase.Origin.ASSESSMENT, [str(assessment.pk)])
    return found.get(str(assessment.pk), [])


@pytest.mark.requirement("N22")
def test_alerts_wait_for_the_safety_officer_with_the_fewest(care, woman):
    busy, free = UserFactory(role=Role.SAFETY_OFFICER), UserFactory(role=Role.SAFETY_OFFICER)
    SafetyCaseFactory(duty_person=busy)

    assess(care.officer, woman, NOTHING | {"9": "si", "19": "si"})

    cases = SafetyCase.objects.filter(participant=woman).order_by("rule")
    assert [(c.rule, c.duty_person, c.raised_at, c.first_response_due_at) for c in cases] == [
        ("own_life", free, NOW, NOW + timedelta(hours=24)),
        ("strangulation", free, NOW, NOW + timedelta(hours=24)),
    ]


def test_an_alert_is_raised_even_when_nobody_is_in_charge(care, woman):
    assess(care.officer, woman, NOTHING | {"16": "si"})

    assert SafetyCase.objects.get().duty_person is None


def test_an_alert_that_waits_is_not_raised_twice_and_one_that_was_answered_is(care, woman, safety_officer):
    assess(care.officer, woman, NOTHING | {"9": "si"})
    assess(care.officer, woman, NOTHING | {"9": "si"})
    case = SafetyCase.objects.get()
    assert case.times == 2
    record_action(by=safety_officer, case=case, kind=SafetyAction.Kind.SPOKE_TO_HER, note="", now=NOW)

    assess(care.officer, woman, NOTHING | {"9": "si"})

    assert list(SafetyCase.objects.order_by("pk").values_list("times", "follows")) == [(2, None), (1, case.pk)]


def test_a_level_that_only_stands_on_from_before_raises_no_alert(care, woman, safety_officer):
    first = assess(care.officer, woman, ALL_NO, officer_level="severo_2", reason="her_fear")
    assert raised_by(first) == ["extreme_level"]
    for case in SafetyCase.objects.all():
        record_action(by=safety_officer, case=case, kind=SafetyAction.Kind.SPOKE_TO_HER, note="", now=NOW)

    blank = assess(care.officer, woman, {"1": "no"}, now=NOW + timedelta(hours=1))

    assert (blank.level, raised_by(blank)) == ("severo_2", [])


def test_weapon_use_known_before_is_no_new_alert(care, woman, safety_officer):
    for _time in range(2):
        assess(care.officer, woman, NOTHING | {"5": "si"})
        for case in SafetyCase.objects.waiting():
            record_action(by=safety_officer, case=case, kind=SafetyAction.Kind.SPOKE_TO_HER, note="", now=NOW)

    assert SafetyCase.objects.count() == 1


def test_an_officers_raise_to_the_highest_level_raises_the_alert_too(care, woman):
    assess(care.officer, woman, ALL_NO, officer_level="severo_2", reason="threats")

    assert list(SafetyCase.objects.values_list("rule", flat=True)) == ["extreme_level"]


def test_the_audit_of_an_assessment_holds_no_answer_and_no_note(care, woman):
    assess(care.officer, woman, ALL_SI, note="Nota privada", officer_level="severo_2")

    event = Event.objects.get(action="risk.assess")
    assert (event.actor, event.object_id, event.reason) == (care.officer.audit_name, woman.study_code, "")
    assert event.details == {
        "scale": "FVR_PAREJA 2019.1",
        "complete": True,
        "level": "severo_2",
        "raised": False,
        "proposes": "",
        "alerts": ["extreme_level", "own_life", "children", "strangulation", "new_weapon_use"],
    }


def test_assessing_is_for_the_police_of_her_station(care, woman, safety_officer):
    for user in (care.interviewer, safety_officer, UserFactory(role=Role.RESEARCHER)):
        with pytest.raises(PermissionMissing):
            assess(user, woman)
    with pytest.raises(ParticipantOutOfReach):
        assess(care.stranger, woman)


def test_nothing_is_assessed_after_she_left(care, woman):
    woman.status = "withdrawn"
    woman.save()

    with pytest.raises(ParticipantLeft):
        assess(care.officer, woman)


def test_answers_that_the_scale_does_not_ask_are_refused(care, woman):
    with pytest.raises(AnswerUnknown):
        assess(care.officer, woman, {"99": "si"})


def test_nothing_is_assessed_before_the_scale_is_loaded(care, woman):
    Scale.objects.all().delete()

    with pytest.raises(services.ScaleNotLoaded):
        assess(care.officer, woman)


def test_a_scale_whose_levels_the_protocol_does_not_name_assesses_nobody(care, woman):
    scale = Scale.objects.get()
    scale.content["levels"][0]["code"] = "bajo"
    scale.save()

    with pytest.raises(services.ScaleNotInProtocol):
        assess(care.officer, woman)


LOADER = SystemActor("test", frozenset({Permission.MANAGE_SCALES}))


def test_a_scale_is_loaded_once_and_a_changed_one_needs_a_new_version(db):
    first = services.load_scale(by=LOADER, scale=FVR, now=NOW)
    again = services.load_scale(by=LOADER, scale=FVR, now=NOW + timedelta(days=1))
    changed = FVR.model_copy(update={"alerts": ()})

    assert (again, again.loaded_at) == (first, NOW)
    assert queries.scale_rules(first) == FVR
    with pytest.raises(services.ScaleVersionTaken):
        services.load_scale(by=LOADER, scale=changed, now=NOW)
    newer = services.load_scale(by=LOADER, scale=changed.model_copy(update={"version": "2"}), now=NOW)
    assert queries.version_in_force("FVR_PAREJA", NOW.date()) == newer
    assert list(Event.objects.order_by("id").values_list("action", "object_id")) == [
        ("risk.load_scale", "FVR_PAREJA 2019.1"),
        ("risk.load_scale", "FVR_PAREJA 2019.1"),
        ("risk.load_scale", "FVR_PAREJA 2"),
    ]


def test_loading_a_scale_needs_the_permission(db):
    with pytest.raises(PermissionMissing):
        services.load_scale(by=UserFactory(role=Role.OFFICER), scale=FVR, now=NOW)
