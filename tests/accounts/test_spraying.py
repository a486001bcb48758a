"""One password tried on many names: the address is held up as a whole, and nobody else is."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import spraying
from accounts.actors import SystemActor
from accounts.models import AddressHold, FailedName, User
from accounts.queries import hold_on
from accounts.roles import Role
from accounts.services import note_failed_name
from accounts.spraying import HOLD, KEPT, LONGEST, MOST_NAMES, is_spraying, knows, network_of, with_known
from accounts.views import KNOWN_BROWSER_COOKIE
from audit.models import Event
from tests.factories import NOW, PASSWORD, UserFactory
from tests.locks import at_once

DOOR = SystemActor("door", frozenset())
HERE, ELSEWHERE = "198.51.100.7", "203.0.113.9"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOST = MOST_NAMES[HOUR]
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


@pytest.fixture(autouse=True)
def behind_one_proxy(settings):
    settings.PROXIES = 1


@pytest.fixture
def rosa(db) -> User:
    return signing_in("rosa")


def signing_in(name: str) -> User:
    user = UserFactory(username=name, role=Role.OFFICER)
    user.set_password(PASSWORD)
    user.save()
    return user


def failed(number: int, *, start: int = 0, network: str = HERE, now=None) -> AddressHold | None:
    hold = None
    for name in range(start, start + number):
        hold = note_failed_name(by=DOOR, network=network, name=f"nadie{name}", now=now or timezone.now())
    return hold


def sign_in(client: Client, name: str, password: str = PASSWORD, address: str = HERE):
    said = {"username": name, "password": password}
    return client.post(reverse("sign_in"), said, headers={"x-forwarded-for": address})


# --- The rule ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("", ""),
        ("unknown", ""),
    ],
)
def test_what_is_counted_together_with_an_address(address, network):
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("hour", "day", "sprays"), [(29, 29, False), (30, 30, True), (0, 99, False), (0, 100, True), (29, 99, False)]
)
def test_so_many_names_in_an_hour_or_a_day_are_too_many(hour, day, sprays):
    assert is_spraying({HOUR: hour, DAY: day}) is sprays


def test_a_browser_is_known_by_what_names_nobody_and_only_until_her_sessions_are_ended():
    browser = with_known(with_known("", 7, 0), 8, 2)
    assert knows(browser, 7, 0)
    assert knows(browser, 8, 2)
    assert not knows(browser, 7, 1)
    assert not knows(browser, 9, 0)
    assert with_known(browser, 7, 0).split(".") == browser.split(".")[::-1]


@pytest.mark.parametrize("said", ["", ".", "7", "x" * 5000, "é" * 32, ".".join(["0" * 32] * 500)])
def test_whatever_a_cookie_says_that_is_not_ours_knows_nobody_and_stays_short(said):
    assert not knows(said, 7, 0)
    assert len(with_known(said, 7, 0)) < 2000


def test_a_shared_computer_remembers_the_last_people():
    browser = ""
    for user_id in range(spraying.MOST_KNOWN + 1):
        browser = with_known(browser, user_id, 0)
    assert not knows(browser, 0, 0)
    assert all(knows(browser, user_id, 0) for user_id in range(1, spraying.MOST_KNOWN + 1))


# --- Counting ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_one_name_that_fails_often_is_one():
    for _attempt in range(MOST + 5):
        assert note_failed_name(by=DOOR, network=HERE, name="rosa", now=NOW) is None
    assert FailedName.objects.get().name_hmac == spraying.name_hmac("rosa")


@pytest.mark.django_db
def test_a_hold_begins_with_the_last_name_that_was_too_many_goes_on_with_more_and_is_recorded_once_without_names():
    assert failed(MOST - 1, now=NOW) is None
    hold = failed(1, start=MOST, now=NOW)
    assert (hold.network, hold.began_at, hold.until, hold.names) == (HERE, NOW, NOW + HOLD, MOST)

    later = failed(2, start=MOST + 1, now=NOW + HOUR / 2)

    assert (later.pk, later.until, later.names) == (hold.pk, NOW + HOUR / 2 + HOLD, MOST + 2)
    event = Event.objects.get(action="accounts.hold_address")
    assert (event.actor, event.object_id) == ("system:door", str(hold.pk))
    assert event.details == {"names": MOST, "until": hold.until.isoformat()}
    assert hold_on(HERE, later.until - timedelta(seconds=1)).pk == hold.pk
    assert hold_on(HERE, later.until) is None
    assert hold_on(ELSEWHERE, NOW) is None


@pytest.mark.django_db
def test_who_goes_slowly_is_held_up_by_the_day():
    hours = [NOW + HOUR * number for number in range(5)]
    holds = [failed(20, start=20 * number, now=hour) for number, hour in enumerate(hours)]
    assert [hold is not None for hold in holds] == [False, False, False, False, True]


@pytest.mark.django_db
def test_names_of_other_addresses_and_of_yesterday_do_not_count_and_are_forgotten():
    failed(MOST - 1, network=ELSEWHERE, now=NOW)
    failed(MOST - 1, now=NOW)
    assert failed(1, start=MOST, now=NOW + LONGEST) is None
    assert FailedName.objects.count() == 1


@pytest.mark.django_db
def test_holds_long_over_are_forgotten():
    failed(MOST, now=NOW)
    failed(1, network=ELSEWHERE, now=NOW + HOLD + KEPT - timedelta(seconds=1))
    assert AddressHold.objects.exists()
    failed(1, network=ELSEWHERE, now=NOW + HOLD + KEPT)
    assert not AddressHold.objects.exists()


def test_names_that_fail_at_the_same_moment_are_all_counted_and_held_up_once(committed_study):
    failed(MOST - 4)
    attempts = [lambda name=name: failed(1, start=name) for name in range(100, 108)]

    holds = at_once(*attempts)

    assert sum(hold is not None for hold in holds) == 5
    assert AddressHold.objects.get().names == MOST + 4
    assert Event.objects.filter(action="accounts.hold_address").count() == 1


# --- The door ---------------------------------------------------------------------------------------------------------


def test_one_password_on_many_names_is_held_up_and_a_right_one_opens_nothing_any_more(client: Client, rosa: User):
    failed(MOST - 3)
    answers = [sign_in(client, name, "Verano2026!").status_code for name in ("ana", "eva", "ida", "uma")]
    assert answers == [200, 200, 429, 429]

    wrong, right = sign_in(client, "rosa", "otra-clave-larga"), sign_in(client, "rosa")

    assert (right.status_code, right.headers["Retry-After"]) == (429, "3600")
    assert TOKEN.sub("", right.content.decode()) == TOKEN.sub("", wrong.content.decode())
    assert "probó los nombres de muchas personas" in right.content.decode()
    assert "_auth_user_id" not in client.session
    event = Event.objects.get(action="accounts.hold_back")
    assert (event.actor, event.details) == (f"user:{rosa.pk}", {"address_hold": AddressHold.objects.get().pk})
    assert AddressHold.objects.get().held_back == 1
    assert not Event.objects.filter(action="accounts.sign_in").exists()


def test_whoever_signed_in_on_this_browser_before_comes_in_at_an_address_that_is_held_up(client: Client, rosa: User):
    assert sign_in(client, "rosa").status_code == 302
    client.post(reverse("sign_out"))
    cookie = client.cookies[KNOWN_BROWSER_COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (reverse("sign_in"), True, "Lax")
    failed(MOST)

    assert sign_in(client, "rosa", "otra-clave-larga").status_code == 429
    assert sign_in(client, "rosa").status_code == 302
    assert sign_in(Client(), "rosa").status_code == 429


def test_a_known_browser_does_not_let_other_people_in(client: Client, rosa: User):
    signing_in("lucia")
    sign_in(client, "rosa")
    client.post(reverse("sign_out"))
    failed(MOST)
    assert sign_in(client, "lucia").status_code == 429


def test_elsewhere_the_same_people_sign_in(client: Client, rosa: User):
    failed(MOST)
    assert sign_in(client, "rosa", address=ELSEWHERE).status_code == 302
    assert sign_in(Client(), "rosa", address=f"{HERE}, {ELSEWHERE}").status_code == 302


def test_a_whole_station_that_mistypes_and_then_comes_in_is_not_held_up(rosa: User):
    failed(MOST - 2)
    for name in ("rosa", signing_in("lucia").username):
        assert sign_in(Client(), name, "mala").status_code == 200
        assert sign_in(Client(), name).status_code == 302
    assert FailedName.objects.count() == MOST - 2


def test_without_a_proxy_that_says_who_asks_nobody_is_held_up_for_another(client: Client, rosa: User, settings):
    settings.PROXIES = 0
    assert sign_in(client, "nadie", "mala").status_code == 200
    assert not FailedName.objects.exists()
    assert sign_in(client, "rosa").status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize(
    "said", [{"username": "rosa"}, {"password": "mala"}, {"username": " ", "password": "mala"}, {}]
)
def test_a_form_that_is_not_filled_in_tried_no_name(client: Client, said):
    client.post(reverse("sign_in"), said, headers={"x-forwarded-for": HERE})
    assert not FailedName.objects.exists()


# --- Who reads of it --------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_administrator_reads_which_address_and_whose_right_password_and_no_name_that_was_tried(rosa: User):
    hold = failed(MOST)
    sign_in(Client(), "rosa")
    client = Client()
    client.force_login(UserFactory(role=Role.ADMINISTRATOR), backend="django.contrib.auth.backends.ModelBackend")

    page = client.get(reverse("address_hold_list"))

    assert page.context["rows"] == [(hold, True, [rosa.display_name])]
    shown = page.content.decode()
    assert HERE in shown
    assert "nadie" not in shown


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_the_same_queries_for_any_number(client: Client, rows, django_assert_num_queries):
    client.force_login(UserFactory(role=Role.ADMINISTRATOR), backend="django.contrib.auth.backends.ModelBackend")
    for number in range(rows):
        failed(MOST, network=f"198.51.100.{number}")
        sign_in(Client(), signing_in(f"rosa{number}").username, address=f"198.51.100.{number}")
    client.get(reverse("address_hold_list"))
    with django_assert_num_queries(6):
        client.get(reverse("address_hold_list"))
