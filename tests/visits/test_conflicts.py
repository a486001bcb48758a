"""Two logs of one visit: shown side by side, decided once, both kept."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.permissions import ROLE_PERMISSIONS, Permission, PermissionMissing
from accounts.roles import Role
from audit.models import Event
from participants.models import AccessNotice, Conflict, Participant
from participants.reach import ActRefused
from participants.services import ParticipantOutOfReach
from tests.factories import NOW
from tests.visits.test_sync import AT, sent, status_of, statuses, sync, visit_at
from tests.visits.test_views import page_of, signed_in
from visits import queries, services
from visits.models import LogConflict, Visit, VisitLog

Decision = LogConflict.Decision


@pytest.fixture
def logs(field):
    visit = visit_at(field.by_risk)
    first = sent(visit, note="primera nota")
    second = sent(visit, at=AT + timedelta(minutes=30), outcome="refused", reason="afraid", note="segunda nota")
    sync(field.officer, first)
    sync(field.supervisor, second)
    return first, second


def decide(by, decision, now=NOW):
    return services.decide_conflict(by=by, conflict=LogConflict.objects.get(), decision=decision, now=now)


def test_only_supervisors_decide():
    assert [role for role in Role if Permission.DECIDE_LOG_CONFLICTS in ROLE_PERMISSIONS[role]] == [Role.SUPERVISOR]


@pytest.mark.requirement("F22", "N7")
def test_the_first_stands(field, logs):
    decide(field.supervisor, Decision.FIRST)

    log = VisitLog.objects.get()
    assert (log.pk, log.outcome, status_of(log.visit)) == (logs[0].id, "met", "done")
    conflict = LogConflict.objects.get()
    assert (conflict.decision, conflict.decided_at, conflict.decided_by) == ("first", NOW, field.supervisor)
    assert conflict.second["outcome"] == "refused"
    event = Event.objects.get(action="visits.decide_conflict")
    said = {"decision": "first", "first": str(logs[0].id), "second": str(logs[1].id), "own_log": True}
    assert event.details == said


@pytest.mark.requirement("F22", "N7")
def test_the_second_stands_and_the_first_stays_kept(field, logs):
    decide(field.supervisor, Decision.SECOND)

    log = VisitLog.objects.get()
    assert (log.outcome, log.reason, log.logged_by, status_of(log.visit)) == (
        "refused", "afraid", field.supervisor, "attempted",
    )  # fmt: skip
    conflict = LogConflict.objects.get()
    assert conflict.first["outcome"] == "met"
    assert services.open_conflict(by=field.supervisor, conflict=conflict, now=NOW) == ("primera nota", "segunda nota")


@pytest.mark.requirement("F22", "N7")
@pytest.mark.parametrize("same_id", [True, False])
def test_both_took_place_and_the_second_counts_beside_the_plan(field, same_id):
    visit = visit_at(field.by_risk)
    first = sent(visit)
    second = sent(visit, log_id=first.id if same_id else uuid4(), outcome="nobody_home")
    sync(field.officer, first, second)

    decide(field.supervisor, Decision.BOTH)

    beside = Visit.objects.get(is_unplanned=True)
    assert (beside.participant, beside.planned_on, beside.status) == (visit.participant, visit.planned_on, "attempted")
    assert (beside.log.outcome, beside.log.pk == second.id) == ("nobody_home", not same_id)
    assert (visit.log.outcome, status_of(visit)) == ("met", "done")


@pytest.mark.requirement("F20", "F21")
@pytest.mark.parametrize("decision", Decision.values)
@pytest.mark.parametrize("same_id", [True, False])
def test_whatever_was_decided_a_phone_that_sends_again_changes_nothing(field, decision, same_id):
    visit = visit_at(field.by_risk)
    first = sent(visit)
    second = sent(visit, log_id=first.id if same_id else uuid4(), outcome="nobody_home")
    sync(field.officer, first, second)
    decide(field.supervisor, decision)
    before = list(VisitLog.objects.order_by("pk").values())

    again = sync(field.officer, first, second, now=NOW + timedelta(hours=1))

    assert {result.received_at for result in again} == {NOW}
    assert set(statuses(again)) <= {200, 409}
    assert list(VisitLog.objects.order_by("pk").values()) == before
    assert LogConflict.objects.count() == 1


def test_a_decision_is_taken_once_by_a_supervisor_of_the_station(field, logs):
    with pytest.raises(PermissionMissing):
        decide(field.officer, Decision.FIRST)
    with pytest.raises(PermissionMissing):
        services.open_conflict(by=field.officer, conflict=LogConflict.objects.get(), now=NOW)
    stranger = field.stranger
    stranger.role = "supervisor"
    with pytest.raises(ParticipantOutOfReach):
        decide(stranger, Decision.FIRST)
    decide(field.supervisor, Decision.FIRST)
    with pytest.raises(services.ConflictDecided):
        decide(field.supervisor, Decision.SECOND)


def test_whoever_is_tied_to_her_reads_no_note_and_decides_nothing(field, logs):
    conflict = LogConflict.objects.get()
    woman = conflict.visit.participant
    Conflict.objects.create(participant=woman, user=field.supervisor, declared_at=NOW)
    acts = (
        lambda: services.open_conflict(by=field.supervisor, conflict=conflict, now=NOW),
        lambda: decide(field.supervisor, Decision.SECOND),
    )
    for act in acts:
        with pytest.raises(ActRefused):
            act()
    page = signed_in(field.supervisor).get(reverse("conflict_decide", args=[conflict.pk])).content.decode()
    assert "primera nota" not in page
    assert "decision" not in page
    conflict.refresh_from_db()
    assert conflict.decided_at is None
    assert AccessNotice.objects.get().participant == woman
    assert not Event.objects.filter(action__in=("visits.open_conflict", "visits.decide_conflict")).exists()


@pytest.mark.requirement("F22", "N7")
def test_the_page_shows_both_side_by_side_and_takes_the_decision(field, logs):
    client, conflict = signed_in(field.supervisor), LogConflict.objects.get()
    address = reverse("conflict_decide", args=[conflict.pk])

    assert address in page_of(client.get(reverse("conflict_list")))
    page = page_of(client.get(address))
    for words in ("Hablé con ella", "No quiso la visita", "primera nota", "segunda nota", "No coinciden"):
        assert words in page
    assert Event.objects.filter(action="visits.open_conflict").count() == 1
    assert "Elija" not in page
    answer = client.post(address, {"decision": "second"}, follow=True)
    assert "Decisión guardada" in page_of(answer)
    assert address not in page_of(answer)
    decided = page_of(client.get(address))
    assert "Decidido:" in decided
    assert decided.count(field.supervisor.display_name) > page.count(field.supervisor.display_name)


def test_nobody_elsewhere_finds_it(field, logs):
    field.stranger.role = "supervisor"
    field.stranger.save()
    address = reverse("conflict_decide", args=[LogConflict.objects.get().pk])
    assert signed_in(field.stranger).get(address).status_code == 404
    assert signed_in(field.officer).get(address).status_code == 403


def test_who_cares_for_her_now_decides_also_about_a_visit_of_the_station_before(field, logs):
    field.stranger.role = Role.SUPERVISOR
    field.stranger.save()
    Participant.objects.update(station=field.as_usual)

    assert not queries.conflicts_to_decide(field.supervisor).exists()
    assert queries.conflicts_to_decide(field.stranger).get() == LogConflict.objects.get()
    decide(field.stranger, Decision.SECOND)
    assert VisitLog.objects.get().outcome == "refused"


def test_soft_breaches_are_listed(field):
    visit = visit_at(field.by_risk, planned_on=NOW.date() + timedelta(days=1))
    client = signed_in(field.supervisor)
    assert "No hay nada que revisar" in page_of(client.get(reverse("breach_list")))
    sync(field.officer, sent(visit), skew=900)
    page = page_of(client.get(reverse("breach_list")))
    assert visit.participant.study_code in page
    assert page.index("Antes de su día") < page.index("El reloj del teléfono estaba mal")


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("name", ["conflict_list", "breach_list"])
def test_a_list_takes_a_constant_number_of_queries(field, name, rows, django_assert_num_queries):
    for _n in range(rows):
        visit = visit_at(field.by_risk)
        sync(field.officer, sent(visit), sent(visit, outcome="nobody_home"), skew=900)
    client = signed_in(field.supervisor)
    with django_assert_num_queries(4):
        client.get(reverse(name))
