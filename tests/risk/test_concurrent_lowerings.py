"""Two at once: one decision, and one assessment of one form."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from risk import services
from risk.models import Assessment, CurrentRisk, Lowering
from tests.factories import NOW, OfficerFactory, ParticipantFactory, ProtocolVersionFactory, ScaleFactory
from tests.participants.conftest import make_care
from tests.risk.test_scoring import ALL_NO, ALL_SI
from tests.risk.test_services import assess

LATER = NOW + timedelta(days=3)


@pytest.fixture
def ground(committed_study):
    ProtocolVersionFactory()
    ScaleFactory()
    care = make_care()
    return care, ParticipantFactory(station=care.station)


def both_at_once(*attempts):
    together = Barrier(len(attempts))

    def run(attempt):
        together.wait()
        try:
            return attempt()
        except services.LoweringDecided as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(attempts)) as pool:
        return list(pool.map(run, attempts))


def test_two_supervisors_decide_at_once_and_one_counts(ground):
    care, woman = ground
    assess(care.officer, woman, ALL_SI)
    assess(care.officer, woman, ALL_NO, now=LATER)
    lowering = Lowering.objects.get()
    second = OfficerFactory(posted_at=care.station, user__role="supervisor").user
    words = {"lowering": lowering, "note": "", "now": LATER}

    done = both_at_once(
        lambda: services.confirm_lowering(by=care.supervisor, reason="protected", **words),
        lambda: services.decline_lowering(by=second, reason="her_fear", **words),
    )

    refused = [isinstance(outcome, services.LoweringDecided) for outcome in done]
    assert sorted(refused) == [False, True]
    lowering.refresh_from_db()
    assert lowering.state == ("declined" if refused[0] else "confirmed")
    assert CurrentRisk.objects.get().level == ("severo_2" if refused[0] else "leve")


def test_a_decision_and_a_graver_form_at_once_leave_the_graver_level(ground):
    care, woman = ground
    assess(care.officer, woman, ALL_SI)
    assess(care.officer, woman, ALL_NO, now=LATER)
    lowering = Lowering.objects.get()

    both_at_once(
        lambda: services.confirm_lowering(
            by=care.supervisor, lowering=lowering, reason="protected", note="", now=LATER
        ),
        lambda: assess(care.officer, woman, ALL_SI, now=LATER + timedelta(minutes=1)),
    )

    assert CurrentRisk.objects.get().level == "severo_2"


def test_one_form_sent_twice_at_once_is_one_assessment(ground):
    care, woman = ground
    form_id = uuid4()

    first, second = both_at_once(*[lambda: assess(care.officer, woman, ALL_NO, form_id=form_id)] * 2)

    assert first == second
    assert Assessment.objects.count() == 1
