"""Whoever is transferred loses sight of the old station at once: session open, on every page and in the API."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stations.services import post_officer, unlink_account, withdraw_posting
from tests.factories import (
    OfficerFactory,
    ParticipantFactory,
    ProtocolVersionFactory,
    ScaleFactory,
    StationFactory,
    VisitFactory,
)
from tests.fixtures.study import SYSTEM

pytestmark = pytest.mark.django_db

LIMA = ZoneInfo("America/Lima")


@pytest.fixture
def officer():
    ProtocolVersionFactory()
    ScaleFactory()
    return OfficerFactory(posted_at=StationFactory())


@pytest.fixture
def visit(officer):
    return VisitFactory(
        plan__participant=ParticipantFactory(station=officer.postings.get().station),
        planned_on=timezone.localdate(),
        grace_ends_at=timezone.now() + timedelta(days=2),
    )


@pytest.fixture
def session(officer):
    client = Client()
    client.force_login(officer.user)
    return client


def addresses(visit) -> dict[str, str]:
    code = visit.plan.participant.study_code
    return {
        "visit_detail": reverse("visit_detail", args=[visit.pk]),
        "visit_log": reverse("visit_log", args=[visit.pk]),
        "safe_contact_edit": reverse("safe_contact_edit", args=[code]),
        "assess_risk": reverse("assess_risk", args=[code]),
        "risk_history": reverse("risk_history", args=[code]),
    }


def seen(session, visit) -> set[str]:
    """The pages of a woman that open, and the lists that show her visit."""
    opened = {name for name, address in addresses(visit).items() if session.get(address).status_code == 200}
    if reverse("visit_detail", args=[visit.pk]) in session.get(reverse("visit_list")).content.decode():
        opened.add("visit_list")
    if str(visit.pk) in [str(row["id"]) for row in session.get(reverse("visit_api_list")).json()]:
        opened.add("api")
    return opened


@pytest.mark.requirement("F34")
def test_transfer_takes_every_page_and_the_api_from_an_open_session(session, officer, visit):
    everything = {*addresses(visit), "visit_list", "api"}
    assert seen(session, visit) == everything
    posting = post_officer(by=SYSTEM, officer=officer, station=StationFactory(), starts_on=timezone.localdate())
    assert seen(session, visit) == set()
    log = {"id": "5e6f9a52-8d3b-4a44-9d3e-2a9f4f1f0c11", "outcome": "met", "occurred_at": timezone.now().isoformat()}
    answer = session.post(reverse("visit_api_log", args=[visit.pk]), log, content_type="application/json")
    assert answer.status_code == 404
    withdraw_posting(by=SYSTEM, posting=posting, reason="Wrong officer", now=timezone.now())
    assert seen(session, visit) == everything


def test_account_that_is_parted_from_its_officer_sees_nothing(session, officer, visit):
    unlink_account(by=SYSTEM, officer=officer)
    assert seen(session, visit) == set()


def test_transfer_from_tomorrow_turns_at_midnight_in_lima(officer):
    """At 23:59 in Lima it is the next day in UTC already: the old station stays until the day turns there."""
    old, new = officer.postings.get().station, StationFactory()
    post_officer(by=SYSTEM, officer=officer, station=new, starts_on=date(2026, 12, 2))
    there, here = (VisitFactory(plan__participant=ParticipantFactory(station=station)) for station in (old, new))
    for moment, expected in (
        (datetime(2026, 12, 1, 23, 59, 59, tzinfo=LIMA), {there.pk}),
        (datetime(2026, 12, 2, 0, 0, 0, tzinfo=LIMA), {here.pk}),
    ):
        with time_machine.travel(moment, tick=False):
            client = Client()
            client.force_login(officer.user)
            details = (visit.pk for visit in (there, here)
                       if client.get(reverse("visit_detail", args=[visit.pk])).status_code == 200)  # fmt: skip
            assert set(details) == expected
