"""Keys of programs: shown once, kept as a keyed hash, never more than their owner's role, ended from anywhere."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actors import SystemActor
from accounts.models import Token, User
from accounts.permissions import Permission, PermissionMissing
from accounts.queries import token_shown, tokens_listed
from accounts.roles import Role
from accounts.services import (
    MOST_TOKENS,
    SessionsEnded,
    TokenEnded,
    TokenUnclear,
    TooManyTokens,
    end_token,
    make_token,
    note_token_used,
    revoke_sessions,
)
from accounts.tokens import TokenScope, scopes_open_to
from audit.models import Event
from tests.factories import NOW, UserFactory

SYSTEM = SystemActor("test", frozenset({Permission.REPORT_LOST_PHONE}))
ANALYSTS = {Role.RESEARCHER, Role.STATISTICIAN}


@pytest.fixture
def researcher(db) -> User:
    return UserFactory(role=Role.RESEARCHER)


def made(by: User, *, scopes=(TokenScope.DATASETS,), days=30, now=NOW, purpose="Monthly report") -> tuple[Token, str]:
    return make_token(by=by, purpose=purpose, scopes=scopes, days=days, now=now)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["idioma"] = "en"
    return client


@pytest.mark.requirement("F47")
def test_a_key_is_kept_as_a_keyed_hash_and_found_by_its_text_alone(researcher):
    token, text = made(researcher)
    assert text.startswith("agenda_")
    assert text not in str(Token.objects.filter(pk=token.pk).values().get())
    assert token_shown(text, NOW) == token
    assert [token_shown(wrong, NOW) for wrong in (text[:-1], text + "x", "", token.token_hmac)] == [None] * 4


def test_a_key_goes_on_after_the_servers_secret_was_turned(researcher, settings):
    token, text = made(researcher)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another-secret-of-the-server-entirely"
    assert token_shown(text, NOW) == token
    settings.SECRET_KEY_FALLBACKS = []
    assert token_shown(text, NOW) is None


@pytest.mark.parametrize(("later", "opens"), [(timedelta(days=30, seconds=-1), True), (timedelta(days=30), False)])
def test_a_key_is_over_on_its_day(researcher, later, opens):
    _token, text = made(researcher, days=30)
    assert (token_shown(text, NOW + later) is not None) is opens


def test_a_key_ends_with_its_owners_sessions(researcher):
    token, text = made(researcher)
    revoke_sessions(by=SYSTEM, user=researcher, now=NOW)
    token.refresh_from_db()
    assert (token_shown(text, NOW), token.ended_at, token.ended_by) == (None, NOW, None)


def test_the_epoch_alone_closes_a_key(researcher):
    _token, text = made(researcher)
    User.objects.filter(pk=researcher.pk).update(session_epoch=1)
    assert token_shown(text, NOW) is None


def test_whoever_may_not_sign_in_has_no_key_either(researcher):
    _token, text = made(researcher)
    User.objects.filter(pk=researcher.pk).update(is_active=False)
    assert token_shown(text, NOW) is None


def test_no_key_is_made_by_somebody_whose_sessions_were_ended(researcher):
    revoke_sessions(by=SYSTEM, user=User.objects.get(pk=researcher.pk), now=NOW)
    with pytest.raises(SessionsEnded):
        made(researcher)
    assert not Token.objects.exists()


@pytest.mark.parametrize("role", sorted(set(Role) - ANALYSTS))
def test_a_key_never_reads_more_than_its_owners_role(db, role):
    user = UserFactory(role=role)
    assert scopes_open_to(user) == ()
    with pytest.raises(PermissionMissing):
        made(user)


@pytest.mark.parametrize("changes", [{"purpose": " "}, {"scopes": ()}, {"days": 365}, {"days": 0}])
def test_a_key_says_what_it_is_for_and_for_how_long(researcher, changes):
    with pytest.raises(TokenUnclear):
        made(researcher, **changes)


def test_nobody_has_more_than_ten(researcher):
    first, *_others = [made(researcher)[0] for _ in range(MOST_TOKENS)]
    with pytest.raises(TooManyTokens):
        made(researcher)
    end_token(by=researcher, token=first, now=NOW)
    made(researcher)


@pytest.mark.parametrize("role", [Role.RESEARCHER, Role.ADMINISTRATOR])
def test_its_owner_or_an_administrator_ends_a_key_once(researcher, role):
    token, text = made(researcher)
    by = researcher if role == Role.RESEARCHER else UserFactory(role=role)
    end_token(by=by, token=token, now=NOW)
    with pytest.raises(TokenEnded):
        end_token(by=by, token=token, now=NOW)
    token.refresh_from_db()
    assert (token_shown(text, NOW), token.ended_by) == (None, by)
    assert list(Event.objects.order_by("pk").values_list("action", flat=True)) == [
        "accounts.make_token",
        "accounts.end_token",
    ]


def test_another_researcher_neither_sees_nor_ends_it(researcher):
    token, _text = made(researcher, now=timezone.now())
    other = UserFactory(role=Role.RESEARCHER)
    assert signed_in(other).post(reverse("token_end", args=[token.pk])).status_code == 404
    assert list(tokens_listed(other, timezone.now())) == []
    with pytest.raises(PermissionMissing):
        end_token(by=other, token=token, now=NOW)


def test_use_is_noted_to_the_minute(researcher):
    token, _text = made(researcher)
    noted = []
    for seconds in (0, 59, 60):
        note_token_used(token_id=token.pk, now=NOW + timedelta(seconds=seconds))
        token.refresh_from_db()
        noted.append(token.last_used_at - NOW)
    assert noted == [timedelta(0), timedelta(0), timedelta(seconds=60)]


@pytest.mark.parametrize(
    "wrong", [{"expires_at": NOW + timedelta(days=181)}, {"expires_at": NOW}, {"scopes": []}, {"scopes": ["all"]}]
)
def test_the_database_refuses_a_key_without_end_or_scope(researcher, wrong):
    row = {"expires_at": NOW + timedelta(days=1), "scopes": ["datasets:read"], **wrong}
    with pytest.raises(IntegrityError), transaction.atomic():
        Token.objects.create(owner=researcher, purpose="x", token_hmac="a" * 64, session_epoch=0, made_at=NOW, **row)


def test_the_page_shows_a_key_once_and_then_never_again(researcher):
    client = signed_in(researcher)
    page = client.post(reverse("token_list"), {"purpose": "Monthly  report", "scopes": ["datasets:read"], "days": "30"})
    token, text = page.context["made"]
    assert text in page.content.decode()
    again = client.get(reverse("token_list")).content.decode()
    assert (text in again, "Monthly report" in again) == (False, True)
    assert (token.owner, token.scopes) == (researcher, ["datasets:read"])


def test_the_page_keeps_what_was_typed_and_says_what_is_missing(researcher):
    page = signed_in(researcher).post(reverse("token_list"), {"purpose": "Monthly report", "days": "30"})
    assert (page.status_code, page.context["made"]) == (200, None)
    assert 'value="Monthly report"' in page.content.decode()
    assert list(page.context["form"].errors) == ["scopes"]


def test_an_administrator_sees_everybodys_and_makes_none(researcher):
    made(researcher, now=timezone.now())
    client = signed_in(UserFactory(role=Role.ADMINISTRATOR))
    page = client.get(reverse("token_list"))
    assert (page.context["form"], researcher.display_name in page.content.decode()) == (None, True)
    (token,) = page.context["page"]
    assert client.post(reverse("token_end", args=[token.pk])).url == reverse("token_list")
    assert not tokens_listed(researcher, timezone.now()).exists()
    assert (
        client.post(reverse("token_list"), {"purpose": "x", "scopes": ["datasets:read"], "days": "30"}).status_code
        == 200
    )
    assert Token.objects.count() == 1


@pytest.mark.parametrize("keys", [1, 3])
def test_list_costs_the_same_queries_for_any_number(researcher, django_assert_num_queries, keys):
    for _ in range(keys):
        made(researcher, now=timezone.now())
    client = signed_in(UserFactory(role=Role.ADMINISTRATOR))
    client.get(reverse("token_list"))
    with django_assert_num_queries(4):
        client.get(reverse("token_list"))
