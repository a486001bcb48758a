"""The register of incidents: its steps, its clock, the women told or why not, and that nothing leaves it."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from data_protection import queries, services, tasks
from data_protection.models import Category, DataIncident, DeskNotice, IncidentMeasure, IncidentWoman
from participants.models import Conflict
from participants.reach import ConflictOfInterest, ParticipantOutOfReach
from tests.factories import NOW, ParticipantFactory, UserFactory

Outcome, Way, NotTold = DataIncident.Outcome, IncidentWoman.Way, IncidentWoman.NotTold


def written_down(desk, *, women=(), discovered_at=NOW) -> DataIncident:
    facts = services.IncidentFacts(
        kind=DataIncident.Kind.PAPER_LOST,
        severity=DataIncident.Severity.MEDIUM,
        categories=[Category.VISITS, Category.IDENTITY],
        discovered_at=discovered_at,
    )
    incident = services.open_incident(by=desk.administrator, facts=facts, now=NOW)
    codes = [woman.study_code for woman in women]
    if codes:
        services.add_women(
            by=desk.administrator, incident=incident, study_codes=codes, how=IncidentWoman.How.PAPER, now=NOW
        )
    return incident


def told_to_authority(desk, incident, **changes) -> DataIncident:
    words = {"reference": "2026-00123", "notified_at": NOW, "now": NOW, **changes}
    return services.record_notification(by=desk.administrator, incident=incident, **words)


def test_the_story_from_paper_lost_to_closed(desk, woman):
    incident = written_down(desk, women=[woman])
    services.record_measure(
        by=desk.administrator, incident=incident, measure=IncidentMeasure.Measure.PLANS_CHANGED, now=NOW
    )
    told_to_authority(desk, incident)
    with pytest.raises(services.WomenNotSettled):
        services.close_incident(by=desk.administrator, incident=incident, outcome=Outcome.NOT_FOUND, now=NOW)

    entry = queries.women_of(incident).get()
    services.record_told(by=desk.care.supervisor, entry=entry, way=Way.IN_PERSON, now=NOW)
    closed = services.close_incident(by=desk.administrator, incident=incident, outcome=Outcome.NOT_FOUND, now=NOW)

    assert (closed.status, closed.outcome, closed.authority_reference) == ("closed", "not_found", "2026-00123")
    told = Event.objects.get(action="data_protection.tell_woman")
    assert (told.object_id, told.reason, told.details) == (woman.study_code, "in_person", {"incident": incident.pk})


def test_a_closed_incident_takes_nothing_more(desk, woman):
    incident = written_down(desk, women=[woman])
    entry = queries.women_of(incident).get()
    services.close_incident(
        by=desk.administrator,
        incident=incident,
        outcome=Outcome.FALSE_ALARM,
        not_notified_reason="false_alarm",
        now=NOW,
    )

    for attempt in (
        lambda: told_to_authority(desk, incident),
        lambda: services.record_told(by=desk.administrator, entry=entry, way=Way.IN_PERSON, now=NOW),
        lambda: services.record_measure(
            by=desk.administrator, incident=incident, measure=IncidentMeasure.Measure.HOLE_CLOSED, now=NOW
        ),
        lambda: services.close_incident(by=desk.administrator, incident=incident, outcome=Outcome.FOUND, now=NOW),
    ):
        with pytest.raises(services.IncidentMovedOn):
            attempt()


def test_the_authority_is_told_or_it_stands_why_not(desk):
    incident = written_down(desk)
    with pytest.raises(services.WhyNotNotifiedMissing):
        services.close_incident(by=desk.administrator, incident=incident, outcome=Outcome.CONTAINED, now=NOW)


def test_found_again_untouched_nobody_need_be_told(desk, woman):
    incident = written_down(desk, women=[woman])
    told_to_authority(desk, incident)

    services.close_incident(by=desk.administrator, incident=incident, outcome=Outcome.FOUND_UNTOUCHED, now=NOW)

    assert queries.women_of(incident).get().not_told_reason == "no_harm"


@pytest.mark.parametrize("reference", ["45678901", "987654321", "Rosa Quispe", "", "a b", "1-" + "9" * 60])
def test_the_reference_is_a_file_number_and_no_document_name_or_telephone(desk, reference):
    with pytest.raises(services.ReferenceInvalid):
        told_to_authority(desk, written_down(desk), reference=reference)


@pytest.mark.parametrize("notified_at", [NOW - timedelta(hours=1), NOW + timedelta(minutes=1)])
def test_the_authority_is_told_after_it_was_noticed_and_not_in_the_future(desk, notified_at):
    with pytest.raises(services.MomentsOutOfOrder):
        told_to_authority(desk, written_down(desk), notified_at=notified_at)


def test_a_late_notification_is_kept_as_late(desk):
    incident = written_down(desk, discovered_at=NOW - timedelta(hours=49))
    told_to_authority(desk, incident)
    assert Event.objects.get(action="data_protection.notify_authority").details == {"late": True}


def test_an_unknown_code_adds_nobody(desk, woman):
    incident = written_down(desk)
    with pytest.raises(services.CodeUnknown, match="P0NONE"):
        services.add_women(
            by=desk.administrator,
            incident=incident,
            study_codes=[woman.study_code, "p0none"],
            how=IncidentWoman.How.FILE,
            now=NOW,
        )
    assert not IncidentWoman.objects.exists()


def test_she_is_never_told_by_a_way_that_her_plan_does_not_allow(desk, woman):
    entry = queries.women_of(written_down(desk, women=[woman])).get()
    for way in (Way.CALL, Way.MESSAGE):
        with pytest.raises(services.WayNotSafe):
            services.record_told(by=desk.care.supervisor, entry=entry, way=way, now=NOW)


def test_who_was_not_told_can_still_be_told_and_then_it_stands(desk, woman):
    entry = queries.women_of(written_down(desk, women=[woman])).get()
    services.record_not_told(by=desk.care.supervisor, entry=entry, reason=NotTold.NOT_SAFE, now=NOW)
    services.record_told(by=desk.care.supervisor, entry=entry, way=Way.IN_PERSON, now=NOW)

    with pytest.raises(services.ToldAlready):
        services.record_not_told(by=desk.care.supervisor, entry=entry, reason=NotTold.NOT_SAFE, now=NOW)

    entry.refresh_from_db()
    assert (entry.told_how, entry.not_told_reason) == ("in_person", "")


def test_another_stations_supervisor_tells_nobody_here(desk):
    entry = queries.women_of(written_down(desk, women=[ParticipantFactory()])).get()
    with pytest.raises(ParticipantOutOfReach):
        services.record_told(by=desk.care.supervisor, entry=entry, way=Way.IN_PERSON, now=NOW)
    assert list(queries.women_to_tell(desk.care.supervisor, NOW)) == []
    assert list(queries.women_to_tell(desk.administrator, NOW)) == [entry]


def test_who_has_to_do_with_her_case_is_not_the_one_to_tell_her(desk, woman):
    entry = queries.women_of(written_down(desk, women=[woman])).get()
    Conflict.objects.create(participant=woman, user=desk.care.supervisor, declared_at=NOW)
    with pytest.raises(ConflictOfInterest):
        services.record_told(by=desk.care.supervisor, entry=entry, way=Way.IN_PERSON, now=NOW)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_only_an_administrator_keeps_the_register(desk, role):
    incident = written_down(desk)
    with pytest.raises(PermissionMissing):
        services.record_measure(
            by=UserFactory(role=role), incident=incident, measure=IncidentMeasure.Measure.HOLE_CLOSED, now=NOW
        )


@pytest.mark.parametrize(
    ("hours", "kinds"),
    [
        (23.99, ["incident_opened"]),
        (24, ["incident_opened", "incident_reminder"]),
        (48.01, ["incident_opened", "incident_overdue"]),
    ],
)
def test_the_sweep_tells_of_the_clock_once(desk, hours, kinds):
    written_down(desk)
    now = NOW + timedelta(hours=hours)

    services.sweep_desk(by=tasks.SWEEPER, now=now)
    services.sweep_desk(by=tasks.SWEEPER, now=now)

    assert sorted(DeskNotice.objects.values_list("kind", flat=True)) == kinds


def test_nobody_is_reminded_of_what_the_authority_knows(desk):
    told_to_authority(desk, written_down(desk))
    assert services.sweep_desk(by=tasks.SWEEPER, now=NOW + timedelta(days=9)) == 0


def test_notices_leave_as_a_text_that_says_nothing(desk, settings, capsys):
    settings.DATA_NOTICES_TO, settings.SAFETY_NOTICES_TO = ["desk@example.org"], ["+51987654321"]
    written_down(desk)

    tasks.send_notices()
    tasks.send_notices()

    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(": ")[2] for line in lines] == ["Tiene un aviso nuevo en la agenda. Ingrese para verlo."] * 2
    assert DeskNotice.objects.get().sent_at is not None


@pytest.mark.parametrize("model", [DataIncident, IncidentWoman, IncidentMeasure])
def test_the_database_deletes_nothing_of_the_register(desk, woman, model):
    incident = written_down(desk, women=[woman])
    services.record_measure(
        by=desk.administrator, incident=incident, measure=IncidentMeasure.Measure.HOLE_CLOSED, now=NOW
    )
    table = model._meta.db_table
    with pytest.raises(DatabaseError, match="the register of incidents is kept"), transaction.atomic():
        model.objects.raw(f"DELETE FROM {table} RETURNING *")[0]
