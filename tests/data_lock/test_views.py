"""The pages of locks: what is open first, signing with the password again, what came late, lifting, the list."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from audit.checkpoints import public_pem, signing_key
from audit.models import Event
from data_lock import services
from data_lock.models import DataLock, LateArrival, LockCheck, LockSignature
from data_lock.services import checking
from data_lock.tasks import check
from tests.data_lock.locking import locked, person, proposed, signed
from tests.data_lock.test_locks import THEN, logged
from tests.factories import NOW, PASSWORD, ProtocolVersionFactory
from tests.visits.test_sync import sent as sent_log
from tests.visits.test_sync import sync

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("F33")]
CUT = "?kind=visits&until=2026-11-17&look=1"


@pytest.fixture(autouse=True)
def protocol(db):
    ProtocolVersionFactory()


def signed_in(user, language="en") -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["idioma"] = language
    return client


def text_of(response):
    return response.content.decode()


def test_an_empty_list_says_what_a_lock_is_and_only_coordination_proposes():
    url = reverse("data_lock_list")
    page = text_of(signed_in(person()).get(url))
    assert "Nothing is locked yet" in page
    assert reverse("data_lock_new") in page
    assert reverse("data_lock_new") not in text_of(signed_in(person(Role.ETHICS_BOARD)).get(url))
    assert "Todavía no hay nada cerrado" in text_of(signed_in(person(), "es").get(url))


@pytest.mark.parametrize("how_many", [1, 3])
def test_the_list_takes_as_many_queries_however_long(django_assert_num_queries, how_many):
    for day in range(how_many):
        proposed(until=NOW.date().replace(day=10 + day))
    client = signed_in(person())
    client.get(reverse("data_lock_list"))
    with django_assert_num_queries(5):
        page = client.get(reverse("data_lock_list"))
    assert [row.lock.pk for row in page.context["rows"]] == sorted(DataLock.objects.values_list("pk", flat=True))[::-1]


def test_what_is_open_is_shown_first_and_a_refused_proposal_keeps_what_was_typed(field):
    visit, _result = logged(field)
    sync(field.supervisor, sent_log(visit, at=THEN, outcome="nobody_home"))
    who = person()
    client, url = signed_in(who), reverse("data_lock_new") + CUT
    page = client.get(url)
    assert [(row.number, row.words) for row in page.context["open"]] == [(1, "visit has two logs, and nobody decided")]
    assert "Logs of visits until" in text_of(page)

    refused = client.post(url, {"reason": "  "})
    assert refused.status_code == 422
    assert "say why it is locked all the same" in text_of(refused)
    assert not DataLock.objects.exists()

    done = client.post(url, {"reason": "They differ in nothing"})
    lock = DataLock.objects.get()
    assert (done.url, lock.reason, lock.still_open) == (
        reverse("data_lock_detail", args=[lock.pk]), "They differ in nothing", {"conflicts": 1},
    )  # fmt: skip


@pytest.mark.parametrize("query", ["?kind=visits&until=", "?kind=surveys", "?kind=visits&until=2999-01-01", "?kind=x"])
def test_a_cut_that_is_none_says_so_and_proposes_nothing(query):
    answer = signed_in(person()).post(reverse("data_lock_new") + query, {"reason": "Over"})
    assert (answer.status_code, DataLock.objects.count()) == (422, 0)


def test_signing_asks_for_the_password_again_and_keeps_the_meaning_that_was_chosen():
    lock, who = proposed(), person(Role.RESEARCHER)
    client, url = signed_in(who), reverse("data_lock_sign", args=[lock.pk])
    wrong = client.post(url, {"meaning": "responsible", "password": "otra"})
    assert wrong.status_code == 422
    assert "This is not your password" in text_of(wrong)
    assert wrong.context["sign"]["meaning"].value() == "responsible"
    assert "otra" not in text_of(wrong)

    client.post(url, {"meaning": "responsible", "password": PASSWORD})
    one = LockSignature.objects.get()
    assert (one.signed_by, one.meaning, one.signed_role) == (who, "responsible", "researcher")
    page = text_of(client.get(reverse("data_lock_detail", args=[lock.pk])))
    assert "I answer for these data being what was observed" in page
    assert "Your password, again" not in page


def test_what_came_late_is_listed_and_left_out_with_a_reason(field):
    lock = locked()
    logged(field)
    arrival, client = LateArrival.objects.get(), signed_in(person())
    url = reverse("data_lock_leave_out", args=[lock.pk, arrival.pk])
    assert url in text_of(client.get(reverse("data_lock_detail", args=[lock.pk])))
    assert client.post(url, {"reason": ""}).status_code == 422
    client.post(url, {"reason": "too_late"})
    page = client.get(reverse("data_lock_detail", args=[lock.pk]))
    assert "It came too late for what these data are for" in text_of(page)
    assert field.officer.username not in text_of(page)
    other = locked(until=NOW.date().replace(day=1))
    assert client.get(reverse("data_lock_leave_out", args=[other.pk, arrival.pk])).status_code == 404


def test_two_people_lift_a_lock_on_its_page():
    lock, first, second = locked(), person(), person(Role.STATISTICIAN)
    url = reverse("data_lock_lift", args=[lock.pk])
    wrong = signed_in(first).post(url, {"reason": "A file came late", "password": "otra"})
    assert (wrong.status_code, "A file came late" in text_of(wrong)) == (422, True)
    signed_in(first).post(url, {"reason": "A file came late", "password": PASSWORD})
    assert "somebody else signs it" in text_of(signed_in(first).get(url))
    shown = signed_in(second).get(url).context["form"]["lifting"].value()
    signed_in(second).post(url, {"lifting": shown, "password": PASSWORD})
    page = text_of(signed_in(first).get(reverse("data_lock_detail", args=[lock.pk])))
    assert "Lifted on" in page
    assert page.count("· lifted") == 2


def test_two_who_ask_at_once_lift_nothing_and_nobody_signs_a_request_that_she_was_not_shown():
    lock, first, second = locked(), person(), person(Role.STATISTICIAN)
    url = reverse("data_lock_lift", args=[lock.pk])
    for asker in (first, second):  # both had the page on which one asks
        said = signed_in(asker).post(url, {"reason": "A file came late", "password": PASSWORD}, follow=True)
    assert "is not waiting any more" in text_of(said)
    assert "A file came late" in text_of(said)
    shown = said.context["form"]["lifting"].value()
    signed_in(first).post(reverse("data_lock_lift_call_off", args=[lock.pk]))
    signed_in(first).post(url, {"reason": "Quite another reason", "password": PASSWORD})
    said = signed_in(second).post(url, {"lifting": shown, "password": PASSWORD}, follow=True)
    assert "Quite another reason" in text_of(said)
    lock.refresh_from_db()
    assert lock.state == "locked"


def test_a_recount_is_on_the_page_and_says_what_is_wrong(monkeypatch):
    lock = locked()
    client = signed_in(person(Role.ETHICS_BOARD))
    client.post(reverse("data_lock_check", args=[lock.pk]))
    url = reverse("data_lock_detail", args=[lock.pk])
    assert "rows and signatures are as they were" in text_of(client.get(url))
    LockCheck.objects.create(
        lock=lock, checked_at=timezone.now(), sha256="0" * 64, in_use_sha256="0" * 64, rows=0, problem="rows"
    )
    assert "somebody changed them past the study" in text_of(client.get(url))
    assert "Not as signed" in text_of(client.get(reverse("data_lock_list")))


def test_calling_off_and_its_late_second_try():
    lock, client = proposed(), signed_in(person())
    for _again in range(2):
        client.post(reverse("data_lock_call_off", args=[lock.pk]))
    lock.refresh_from_db()
    assert lock.state == "called_off"
    assert Event.objects.filter(action="data_lock.call_off").count() == 1


def test_the_nightly_recount_and_the_command_look_at_every_lock(capsys):
    lock, _open = locked(), signed(proposed(until=NOW.date().replace(day=2)))
    check()
    assert list(LockCheck.objects.values_list("lock", "problem")) == [(lock.pk, "")]
    call_command("verify_locks")
    said = capsys.readouterr().out
    assert f"lock {lock.pk}: 0 rows, SHA-256 {lock.sha256}: as it was signed" in said
    assert "1 locks hold." in said


def test_the_command_ends_with_one_line_where_something_differs(settings):
    locked()
    settings.AUDIT_SIGNING_KEY = "A" * 43
    with pytest.raises(CommandError, match="Some locked data are not as they were signed"):
        call_command("verify_locks")
    assert LockCheck.objects.get().problem == checking.Problem.SIGNATURES
    assert services.check_locks(by=person(), now=NOW)[0].get_problem_display() == "A signature does not hold"


def test_signatures_hold_after_a_turn_of_the_key_while_the_old_public_key_is_known(settings):
    lock = locked()
    settings.AUDIT_KEYS_BEFORE = [public_pem(signing_key(settings.AUDIT_SIGNING_KEY).public_key())]
    settings.AUDIT_SIGNING_KEY = "A" * 43
    assert [(check.lock_id, check.problem) for check in services.check_locks(by=person(), now=NOW)] == [(lock.pk, "")]
