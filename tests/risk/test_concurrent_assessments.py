from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from risk.models import Assessment, CurrentRisk
from safety.models import SafetyCase
from tests.factories import OfficerFactory, ParticipantFactory, ProtocolVersionFactory, ScaleFactory
from tests.participants.conftest import make_care
from tests.risk.test_scoring import ALL_SI
from tests.risk.test_services import assess


def test_two_officers_assess_the_same_woman_at_once(committed_study):
    ProtocolVersionFactory()
    ScaleFactory()
    care = make_care()
    woman = ParticipantFactory(station=care.station)
    colleague = OfficerFactory(posted_at=care.station).user
    together = Barrier(2)

    def attempt(work):
        officer, answers = work
        together.wait()
        try:
            return assess(officer, woman, answers).level
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        levels = list(pool.map(attempt, [(care.officer, ALL_SI), (colleague, {"19": "si"})]))

    # Whichever came second, the blanks of one form did not lower the level that the other reached.
    assert levels[0] == "severo_2"
    assert CurrentRisk.objects.get().level == "severo_2"
    assert Assessment.objects.count() == 2
    assert sorted(SafetyCase.objects.values_list("rule", flat=True)) == [
        "children", "extreme_level", "new_weapon_use", "own_life", "strangulation",
    ]  # fmt: skip
