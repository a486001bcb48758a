"""Releases, reports and unblinding say under which locks the data stand."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from audit.models import Event
from data_lock.states import LockKind
from panel import queries, services
from panel.data_locks import NOT_LOCKED, locks_text
from panel.models import Release
from panel.presenters.releases import locks_of
from panel.reports.writing import Cover
from tests.architecture.reading import pdf_text
from tests.data_lock.locking import lifted, locked, person
from tests.data_lock.test_views import signed_in, text_of
from tests.factories import NOW, ProtocolVersionFactory
from tests.panel.planning import asked, locked_plan

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("F33")]
LOCKS = [
    {"lock": 3, "kind": "everything", "wave": "", "until": "2026-11-17", "sha256": "ab" * 32,
     "locked_on": "2026-11-18"},
    {"lock": 4, "kind": "surveys", "wave": "month_3", "until": None, "sha256": "cd" * 32, "locked_on": "2026-11-19"},
]  # fmt: skip


@pytest.fixture(autouse=True)
def protocol(db):
    ProtocolVersionFactory()


def test_locks_are_named_with_their_day_and_hash_and_what_is_not_named_is_not_locked():
    assert locks_text([], "en") == NOT_LOCKED.en
    said = locks_text(LOCKS, "en")
    assert said == (
        f"Lock 3: everything until 2026-11-17; locked on 2026-11-18, signed by two (SHA-256 {'ab' * 32}). "
        f"Lock 4: surveys of the wave month_3; locked on 2026-11-19, signed by two (SHA-256 {'cd' * 32}). "
        "What no lock names was not locked."
    )
    assert "Cierre 4: encuestas de la ola month_3; cerrado con dos firmas el 2026-11-19" in locks_text(LOCKS, "es")


def test_a_report_on_a_file_of_unknown_origin_says_nothing_of_locks():
    assert Cover(data="x", language="es", made_at=NOW).locks is None


def test_unblinding_warns_until_all_that_was_answered_is_locked():
    locked_plan()
    client, url = signed_in(person()), reverse("unblinding_page")
    assert not queries.are_outcomes_locked()
    assert "The data are not locked" in text_of(client.get(url))
    lock = locked(kind=LockKind.EVERYTHING)
    assert queries.are_outcomes_locked()
    assert "The data are not locked" not in text_of(client.get(url))

    request = asked()
    services.approve_unblinding(
        by=person(), request=request, typed_hash=request.plan.sha256[:8], now=NOW + timedelta(hours=1)
    )
    acts = Event.objects.filter(object_type="unblinding").order_by("pk").values_list("details__data_locks", flat=True)
    assert list(acts) == [[lock.pk], [lock.pk]]
    lifted(lock)
    assert not queries.are_outcomes_locked()


def test_the_paper_holds_what_was_signed_and_where_it_is_checked():
    lock = locked()
    answer = signed_in(person()).get(reverse("data_lock_paper", args=[lock.pk]))
    said = pdf_text(answer.content)
    assert answer["Content-Type"] == "application/pdf"
    assert f"Lock {lock.pk}" in said
    for one in lock.signatures.all():
        assert str(one.get_meaning_display()) in said
        assert json.loads(one.text)["person"] == one.signed_by.audit_name
    assert "/cierres/" in said


def test_a_releases_page_writes_days_and_waves_as_people_do():
    said = locks_of(Release(revision=1, locks=LOCKS), "es")

    assert said.startswith("Cierre 3: todo hasta el 17 nov 2026; cerrado con dos firmas el 18 nov 2026 (SHA-256 abab")
    assert "Cierre 4: encuestas de la ola 3 meses; cerrado con dos firmas el 19 nov 2026" in said
    assert locks_of(Release(revision=0, locks=[]), "es") == ""
