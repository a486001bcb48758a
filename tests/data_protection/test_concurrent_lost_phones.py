from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection, transaction

from data_protection.models import DataIncident, DeskNotice, IncidentWoman
from data_protection.services import close_incident, report_lost_phone, sweep_desk
from data_protection.tasks import SWEEPER
from tests.data_protection.conftest import make_desk
from tests.factories import NOW, ParticipantFactory, VisitFactory, WeekPlanFactory
from tests.locks import somebody_waits_for_a_row, wait_until


def at_once(*acts):
    together = Barrier(len(acts))

    def attempt(act):
        together.wait()
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(attempt, acts))


def test_two_report_the_same_phone_at_once_and_it_is_one_incident(committed_study):
    desk = make_desk()
    officer = desk.care.officer
    woman = ParticipantFactory(station=desk.care.station)
    VisitFactory(plan=WeekPlanFactory(participant=woman))

    first, second = at_once(
        lambda: report_lost_phone(by=officer, user=officer, now=NOW),
        lambda: report_lost_phone(by=desk.care.supervisor, user=officer, now=NOW),
    )

    assert first == second == DataIncident.objects.get()
    assert IncidentWoman.objects.get().participant == woman


def test_two_who_report_each_others_phones_do_not_wait_for_ever(committed_study):
    desk = make_desk()

    at_once(
        lambda: report_lost_phone(by=desk.administrator, user=desk.care.supervisor, now=NOW),
        lambda: report_lost_phone(by=desk.care.supervisor, user=desk.care.supervisor, now=NOW),
        lambda: report_lost_phone(by=desk.care.supervisor, user=desk.care.officer, now=NOW),
        lambda: report_lost_phone(by=desk.care.officer, user=desk.care.officer, now=NOW),
    )

    assert DataIncident.objects.count() == 2


def test_two_sweeps_at_once_tell_of_a_thing_once(committed_study):
    desk = make_desk()
    incident = report_lost_phone(by=desk.care.officer, user=desk.care.officer, now=NOW)

    at_once(*[lambda: sweep_desk(by=SWEEPER, now=incident.due_at)] * 2)

    assert sorted(DeskNotice.objects.values_list("kind", flat=True)) == ["incident_opened", "incident_reminder"]


def test_a_phone_reported_again_while_its_incident_is_closed_is_a_new_one_whose_women_can_be_told(committed_study):
    desk = make_desk()
    officer = desk.care.officer
    first = report_lost_phone(by=officer, user=officer, now=NOW)
    woman = ParticipantFactory(station=desk.care.station)
    VisitFactory(plan=WeekPlanFactory(participant=woman))

    def reported_again():
        try:
            return report_lost_phone(by=desk.administrator, user=officer, now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            close_incident(
                by=desk.administrator,
                incident=first,
                outcome=DataIncident.Outcome.NOT_FOUND,
                not_notified_reason="no_exposure",
                now=NOW,
            )
            reporting = pool.submit(reported_again)
            assert wait_until(lambda: somebody_waits_for_a_row() or reporting.done())
        again = reporting.result()

    assert again != first
    assert IncidentWoman.objects.get().incident.status == "open"
