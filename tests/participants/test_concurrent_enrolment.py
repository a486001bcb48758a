from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from participants import services
from participants.identity import Identity
from participants.models import LookupHash, Participant
from tests.participants.conftest import make_care
from tests.participants.test_services import ROSA, enrol

SAME_DOCUMENT = Identity("Rosa Quispe", document=ROSA.document)
SAME_NAME_AND_TELEPHONE = Identity(ROSA.full_name, telephone=ROSA.telephone)


@pytest.mark.parametrize("other", [ROSA, SAME_DOCUMENT, SAME_NAME_AND_TELEPHONE], ids=["all", "document", "name"])
def test_two_people_enrol_the_same_woman_at_once(committed_study, other):
    care = make_care()
    together = Barrier(2)

    def attempt(identity):
        together.wait()
        try:
            return enrol(care.supervisor, identity).study_code
        except services.AlreadyEnrolled as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(attempt, [ROSA, other]))

    enrolled = Participant.objects.get()
    assert sorted(answers) == sorted([enrolled.study_code, services.AlreadyEnrolled.code])
    assert set(LookupHash.objects.values_list("participant", flat=True)) == {enrolled.pk}
