"""A visit logged wrongly: the correction is kept beside the log, and a supervisor decides which stands."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from audit.models import Event
from participants.models import Consent
from participants.services import ConsentMissing, ParticipantOutOfReach
from safety.models import SafetyCase
from tests.factories import NOW
from tests.visits.test_sync import AT, sent, status_of, sync, visit_at
from tests.visits.test_views import page_of, signed_in
from visits import services
from visits.log_content import VisitAnswers, content_of
from visits.models import LogConflict, VisitLog
from visits.services import CorrectionWaits, LogFieldWrong, LogInFuture, NothingCorrected, correct_log

Correction, Decision, Outcome = LogConflict.Correction, LogConflict.Decision, VisitLog.Outcome


@pytest.fixture
def log(field) -> VisitLog:
    visit = visit_at(field.by_risk)
    sync(field.officer, sent(visit, note="primera nota"))
    return VisitLog.objects.select_related("visit").get()


def corrected(by, log, **changes):
    said = {"outcome": Outcome.NOBODY_HOME, "occurred_at": AT, "answers": VisitAnswers(), "note": ""}
    same = changes.pop("correction_id", None) or uuid4()
    content = content_of(**(said | changes))
    return correct_log(by=by, log=log, correction_id=same, content=content, reason=Correction.SLIP, now=NOW)


@pytest.mark.requirement("F29", "F30")
def test_correction_waits_beside_the_log_with_old_and_new_who_when_and_why(field, log):
    came_at = log.received_at
    conflict = corrected(field.officer, log)

    log.refresh_from_db()
    assert (log.outcome, status_of(log.visit)) == ("met", "done")
    assert conflict.first_received_at == came_at
    assert (conflict.first["outcome"], conflict.second["outcome"]) == ("met", "nobody_home")
    assert (conflict.correction, conflict.second_by, conflict.received_at) == ("slip", field.officer, NOW)
    event = Event.objects.get(action="visits.correct_log")
    assert (event.object_id, event.reason, event.details) == (str(log.visit_id), "slip", {})


@pytest.mark.parametrize(
    ("broken", "moves_to", "then"),
    [
        (["rescued", "early", "clock_skew"], None, ["rescued", "early", "clock_skew"]),
        (["rescued", "early", "clock_skew"], timedelta(), ["rescued", "clock_skew"]),
        (["replanned", "late"], timedelta(days=-1), ["replanned", "early"]),
        (["ahead"], timedelta(days=-1), ["early"]),
        ([], timedelta(days=9), ["late"]),
    ],
)
def test_corrected_log_keeps_how_it_came_and_is_judged_by_its_new_moment(field, broken, moves_to, then):
    planned = AT
    first = planned if moves_to is None else planned + timedelta(minutes=7)
    visit = visit_at(field.by_risk)
    log = VisitLog.objects.create(
        visit=visit, outcome="met", occurred_at=first, received_at=NOW, breaches=broken, clock_skew_s=900
    )
    now = NOW + timedelta(days=20)
    content = content_of(
        outcome=Outcome.NOBODY_HOME, occurred_at=planned + (moves_to or timedelta()), answers=VisitAnswers(), note=""
    )
    conflict = correct_log(
        by=field.officer, log=log, correction_id=uuid4(), content=content, reason=Correction.SLIP, now=now
    )
    services.decide_conflict(by=field.supervisor, conflict=conflict, decision=Decision.SECOND, now=now)
    log.refresh_from_db()
    assert (log.breaches, log.clock_skew_s) == (then, 900)


@pytest.mark.requirement("F29", "F30")
def test_supervisor_lets_it_stand_and_a_blank_note_keeps_what_the_note_said(field, log):
    conflict = corrected(field.officer, log)

    services.decide_conflict(by=field.supervisor, conflict=conflict, decision=Decision.SECOND, now=NOW)

    log.refresh_from_db()
    assert (log.outcome, status_of(log.visit), log.logged_by) == ("nobody_home", "attempted", field.officer)
    notes = services.open_conflict(by=field.supervisor, conflict=conflict, now=NOW)
    assert notes == ("primera nota", "primera nota")


def test_the_same_correction_again_is_one_and_another_waits_its_turn(field, log):
    same = uuid4()
    first, again = (corrected(field.officer, log, correction_id=same) for _ in range(2))
    assert first == again == LogConflict.objects.get()

    with pytest.raises(CorrectionWaits):
        corrected(field.officer, log, outcome=Outcome.REFUSED, answers=VisitAnswers(reason="afraid"))

    services.decide_conflict(by=field.supervisor, conflict=first, decision=Decision.FIRST, now=NOW)
    corrected(field.officer, log, outcome=Outcome.REFUSED, answers=VisitAnswers(reason="afraid"))
    assert LogConflict.objects.count() == 2


def test_danger_that_the_correction_tells_of_is_acted_on_before_anybody_decides(field, log):
    corrected(field.officer, log, outcome=Outcome.MET, answers=VisitAnswers(safety_concern=True))
    assert SafetyCase.objects.get().participant == log.visit.participant


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"outcome": Outcome.REFUSED}, LogFieldWrong),
        ({"occurred_at": NOW + timedelta(hours=1)}, LogInFuture),
        ({"occurred_at": NOW - timedelta(days=4000)}, services.LogBeforeEnrolment),
    ],
)
def test_what_no_log_may_say_no_correction_may(field, log, changes, error):
    with pytest.raises(error):
        corrected(field.officer, log, **changes)
    assert not LogConflict.objects.exists()


def test_what_says_the_same_is_no_correction(field):
    visit = visit_at(field.by_risk)
    sync(field.officer, sent(visit))
    log = VisitLog.objects.get()
    with pytest.raises(NothingCorrected):
        corrected(
            field.officer, log, outcome=Outcome(log.outcome), occurred_at=log.occurred_at,
            answers=replace(VisitAnswers(), **{name: getattr(log, name) for name in ("safety_concern", "in_private")}),
        )  # fmt: skip


def test_another_station_and_an_ended_consent_close_it(field, log):
    with pytest.raises(ParticipantOutOfReach):
        corrected(field.stranger, log)
    Consent.objects.filter(participant=log.visit.participant).update(ended_at=AT - timedelta(days=1))
    with pytest.raises(ConsentMissing):
        corrected(field.officer, log)


# --- Pages -------------------------------------------------------------------------------------------------------


def filled(form, **changes):
    """What a browser sends of a page as it stands, with changes."""
    values = {name: form[name].value() for name in form.fields}
    kept = {name: value for name, value in (values | changes).items() if value not in (None, "", False, [])}
    at = kept["occurred_at"]
    return kept | {"occurred_at": at if isinstance(at, str) else at.strftime("%Y-%m-%dT%H:%M")}


def test_page_begins_from_what_was_logged_and_leads_to_the_supervisor(field, log):
    address = reverse("visit_correct", args=[log.visit_id])
    detail = page_of(signed_in(field.officer).get(reverse("visit_detail", args=[log.visit_id])))
    assert address in detail

    form = signed_in(field.officer).get(address).context["form"]
    assert (form["outcome"].value(), form["note"].value()) == ("met", None)
    response = signed_in(field.officer).post(address, filled(form, outcome="nobody_home", correction="slip"))

    assert (response.status_code, response.url) == (302, reverse("visit_detail", args=[log.visit_id]))
    conflict = LogConflict.objects.get()
    detail = page_of(signed_in(field.officer).get(response.url))
    assert "Hay un segundo registro de esta visita" in detail
    assert address not in detail
    decide = page_of(signed_in(field.supervisor).get(reverse("conflict_decide", args=[conflict.pk])))
    assert "El segundo corrige al primero: Un error al anotar" in " ".join(decide.split())
    listed = page_of(signed_in(field.supervisor).get(reverse("conflict_list")))
    assert "Corrección: Un error al anotar" in listed


def test_page_keeps_what_was_typed_and_says_what_is_missing(field, log):
    address = reverse("visit_correct", args=[log.visit_id])
    form = signed_in(field.officer).get(address).context["form"]
    response = signed_in(field.officer).post(address, filled(form, outcome="refused", note="otra cosa"))
    form = response.context["form"]
    assert set(form.errors) == {"correction", "reason_refused"}
    assert (form["outcome"].value(), form["note"].value()) == ("refused", "otra cosa")
    assert not LogConflict.objects.exists()


def test_without_a_log_there_is_nothing_to_correct(field):
    visit = visit_at(field.by_risk)
    assert signed_in(field.officer).get(reverse("visit_correct", args=[visit.pk])).status_code == 404
