"""A sealed file also brings an interviewer's surveys: each once, held as hers, and nothing counts by itself."""

import json
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from phone.services import import_rescued_entries, open_rescued_entries
from safety.models import SafetyCase
from surveys.models import PhoneEntry, Submission
from tests.factories import UserFactory
from tests.phone.conftest import phone_of
from tests.phone.test_notebook import asked, send, signed_in, written  # noqa: F401 (a fixture)
from tests.phone.test_parcels import context, seal  # noqa: F401 (a fixture)
from tests.surveys.conftest import sent
from visits.services import sealing_key_in_use


def bring_in(user, parcels, page="entry_rescue"):
    file = SimpleUploadedFile("agenda.json", json.dumps({"parcels": parcels}).encode())
    return signed_in(user).post(reverse(page), {"file": file})


@pytest.fixture
def sealed(seal):  # noqa: F811 (the fixture)
    """Seal entries as a phone does."""

    def make(user, device, *entries):
        key = sealing_key_in_use(by=user, now=timezone.now())
        values = [({"device": str(device.pk), "entry": one}, context(user, device, "entry")) for one in entries]
        return seal(key, *values)

    return make


@pytest.mark.requirement("F20", "F28")
def test_a_file_brings_surveys_in_once_and_they_wait_for_a_decision(asked, sealed):  # noqa: F811 (the fixture)
    user, case = asked.interviewer, asked.survey_cases.get(wave_number=1)
    device, coordinator = phone_of(user), UserFactory(role=Role.ADMINISTRATOR)
    survey = written(case, xml=sent(case, child_danger="yes").decode())
    parcels = sealed(user, device, survey, {"id": str(uuid4()), "kind": "survey"})

    page, again = bring_in(coordinator, parcels), bring_in(coordinator, parcels)

    kept = PhoneEntry.objects.get()
    assert (str(kept.pk), kept.held_for, kept.sent_by, Submission.objects.count()) == (
        survey["id"], "from_file", user, 0,
    )  # fmt: skip
    assert SafetyCase.objects.filter(participant=asked).count() == 1
    assert [dict(one.context["shown"][0].rows)["No se aceptaron"] for one in (page, again)] == [1, 1]
    assert reverse("entry_list") in page.content.decode()
    event = Event.objects.filter(action="phone.import_entries").first()
    assert (event.actor, event.details) == (
        coordinator.audit_name,
        {"devices": [str(device.pk)], "officers": [user.pk], "statuses": [409]},
    )


def test_what_the_phone_sent_after_all_stays_as_it_was(asked, sealed):  # noqa: F811 (the fixture)
    user, case = asked.interviewer, asked.survey_cases.get(wave_number=1)
    device, survey = phone_of(user), written(case)
    send(user, survey)
    bring_in(UserFactory(role=Role.ADMINISTRATOR), sealed(user, device, survey))
    assert (PhoneEntry.objects.get().held_for, Submission.objects.count()) == ("", 1)


def test_police_open_nothing_of_it(asked, sealed):  # noqa: F811 (the fixture)
    user, case = asked.interviewer, asked.survey_cases.get(wave_number=1)
    page = bring_in(UserFactory(role=Role.SUPERVISOR), sealed(user, phone_of(user), written(case)), "log_rescue")
    assert "no se abre aquí" in page.content.decode()
    assert PhoneEntry.objects.count() == 0


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
def test_only_the_coordinator_brings_it_in(db, role):
    by = UserFactory(role=role)
    with pytest.raises(PermissionMissing):
        open_rescued_entries(by=by, found=[], now=timezone.now())
    with pytest.raises(PermissionMissing):
        import_rescued_entries(by=by, sent=[], now=timezone.now())


def test_a_file_that_is_none_says_so(db):
    page = bring_in(UserFactory(role=Role.ADMINISTRATOR), 3)
    assert "no se abre aquí" in page.content.decode()
