import json
import logging

import pytest
import redis
from celery import Celery, current_app
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from participants import replanning
from risk.models import CurrentRisk
from tests.factories import ParticipantFactory, ProtocolVersionFactory, ScaleFactory
from tests.participants.conftest import make_care
from tests.participants.test_views import FILLED, signed_in
from tests.risk.test_scoring import ALL_SI
from tests.risk.test_views import posted


def queued(study) -> list[tuple[str, dict]]:
    client = redis.from_url(study.urls.redis)
    key = settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"] + "celery"
    messages = [json.loads(message) for message in client.lrange(key, 0, -1)]
    client.close()
    return [
        (message["headers"]["task"], json.loads(message["headers"]["kwargsrepr"].replace("'", '"')))
        for message in messages
    ]


@pytest.mark.requirement("F12")
def test_a_sheet_asks_the_planner_at_once_by_an_id_alone(committed_study):
    ProtocolVersionFactory()
    ScaleFactory()
    care = make_care()
    woman = ParticipantFactory(station=care.station)

    signed_in(care.officer).post(reverse("assess_risk", args=[woman.study_code]), posted(ALL_SI))

    # The sheet's warnings are told of, too: as cases for the safety officer, in messages that say nothing.
    sent = queued(committed_study)
    assert [message for message in sent if message[0] != "safety.send_notices"] == [
        ("visits.replan_participant", {"participant_id": woman.pk})
    ]
    assert all(words == {} for task, words in sent if task == "safety.send_notices")
    assert CurrentRisk.objects.get().replan_pending


def test_a_change_of_safe_times_asks_the_planner(committed_study):
    care = make_care()
    woman = ParticipantFactory(station=care.station, enrolled_on=timezone.localdate())

    signed_in(care.officer).post(reverse("safe_contact_edit", args=[woman.study_code]), FILLED)

    assert queued(committed_study) == [("visits.replan_participant", {"participant_id": woman.pk})]


def test_a_refused_sheet_asks_for_nothing(committed_study):
    ProtocolVersionFactory()
    ScaleFactory()
    care = make_care()
    woman = ParticipantFactory(station=care.station)

    signed_in(care.officer).post(reverse("assess_risk", args=[woman.study_code]), posted(ALL_SI, officer_level="leve"))

    assert queued(committed_study) == []


def test_with_the_queue_away_the_sheet_is_kept_for_the_planners_sweep(committed_study, caplog):
    ProtocolVersionFactory()
    ScaleFactory()
    care = make_care()
    woman = ParticipantFactory(station=care.station)
    study_app = current_app._get_current_object()
    away = Celery("away", broker="redis://127.0.0.1:1/0", set_as_current=False)
    away.set_current()
    try:
        with caplog.at_level(logging.WARNING, logger=replanning.__name__):
            response = signed_in(care.officer).post(reverse("assess_risk", args=[woman.study_code]), posted(ALL_SI))
    finally:
        study_app.set_current()

    assert response.status_code == 302
    assert CurrentRisk.objects.get().replan_pending
    assert {record.getMessage() for record in caplog.records if record.name == replanning.__name__} == {
        f"the queue is away: the sweep of {task} will find what waits"
        for task in ("visits.replan_participant", "safety.send_notices")
    }
