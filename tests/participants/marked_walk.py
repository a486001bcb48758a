"""The walk that opens every page as somebody who may, and sends each of its forms with marks in it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import pytest
from django import forms
from django.http import HttpResponseBase
from django.test import Client
from django.urls import Resolver404, URLPattern, resolve, reverse
from rest_framework import serializers

from accounts.access import may_open
from accounts.models import User
from accounts.roles import Role
from ivp_study.settings import STUDY_APPS
from tests.architecture.test_access import patterns
from tests.architecture.test_concealment import addresses, people, signed_in
from tests.participants.marked_forms import (
    DIGITS,
    LETTERS,
    PUBLIC,
    PUBLIC_LETTERS,
    SENT,
    Markup,
    as_nonsense,
    filled_fittingly,
    forms_of,
)

# Others would take away what they need.
FIRST = ("lowering_decide", "message_outside", "transcript_text")
# They change what the others need: sent last.
LAST = (
    "report_screen", "participant_enrol", "conflict_declare", "erasure_confirm", "erasure_cancel",
    "participant_status", "participant_withdraw", "station_loss", "officer_transfer", "officer_unlink", "officer_end",
    "posting_withdraw",
)  # fmt: skip
# The rooms below know no woman.
ROOMS = STUDY_APPS[STUDY_APPS.index("participants") :]
# Read by programs, never sent by them.
# Interfaces that are read and never written to.
ONLY_READ = ("panel.api.",)
ANSWERS = {
    "ReceiptSerializer", "ReceivedSerializer", "RefusalSerializer", "ReportStateSerializer", "SyncResultSerializer",
    "ServerPartSerializer", "VisitSerializer", "SessionSerializer", "OpenedParcelSerializer",
}  # fmt: skip
# Fields that take a code which the page itself wrote.
OURS = {"step", "text_version", "form_id", "log_id", "show", "seen", "next", "strokes"}
TEXT = (forms.CharField, forms.FileField)
PLACES_TRIED, STALE_PAGES = 60, 6
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)


# --- Which forms a mark reached --------------------------------------------------------------------------------------


@dataclass
class Reached:
    """Text fields of forms and serializers by the name of their class: those there are, and those a mark came to."""

    known: set[tuple[str, str]] = field(default_factory=set)
    marked: set[tuple[str, str]] = field(default_factory=set)

    def note(self, kind: type, fields: dict[str, object], held: Callable[[str], object]) -> None:
        for name in fields:
            self.known.add((full_name(kind), name))
            if any(mark in str(held(name)) for mark in (LETTERS, DIGITS, PUBLIC_LETTERS)):
                self.marked.add((full_name(kind), name))

    def missed(self) -> set[tuple[str, str]]:
        """Return what no mark came to, in the rooms that know of women."""
        return {(kind, name) for kind, name in self.known - self.marked if name not in OURS}


def full_name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__name__}"


def heirs(kind: type) -> Iterator[type]:
    for heir in kind.__subclasses__():
        yield heir
        yield from heirs(heir)


def study_classes(kind: type) -> list[type]:
    return [heir for heir in heirs(kind) if heir.__module__.split(".")[0] in ROOMS]


def known_fields() -> set[tuple[str, str]]:
    """Return the text fields that stand in the code; those that a form gets when it is made are met by the walk."""
    list(patterns())  # every page is loaded now, and with it every form
    known = set()
    for form in study_classes(forms.BaseForm):
        # A form that others only inherit from is filled in as its heirs.
        if not study_classes(form):
            known |= {(full_name(form), name) for name, asked in form.base_fields.items() if isinstance(asked, TEXT)}
    for serializer in study_classes(serializers.Serializer):
        if serializer.__name__ not in ANSWERS and not serializer.__module__.startswith(ONLY_READ):
            asked_for = serializer().fields.items()
            texts = [name for name, asked in asked_for if isinstance(asked, serializers.CharField)]
            known |= {(full_name(serializer), name) for name in texts}
    return known


def watched_forms(monkeypatch: pytest.MonkeyPatch) -> Reached:
    """Watch every form and serializer that is filled in, beside the ones that stand in the code."""
    watched = Reached(known_fields())
    cleaned, validated = forms.BaseForm.full_clean, serializers.Serializer.run_validation

    def full_clean(self):
        texts = {name: asked for name, asked in self.fields.items() if isinstance(asked, TEXT)}
        if self.is_bound and type(self).__module__.split(".")[0] in ROOMS:
            data = {**self.data, **self.files}
            watched.note(type(self), texts, lambda name: f"{data.get(self.add_prefix(name))}")
        return cleaned(self)

    def run_validation(self, data=serializers.empty):
        texts = {name: asked for name, asked in self.fields.items() if isinstance(asked, serializers.CharField)}
        watched.note(type(self), texts, lambda name: data.get(name) if isinstance(data, dict) else "")
        return validated(self, data)

    monkeypatch.setattr(forms.BaseForm, "full_clean", full_clean)
    monkeypatch.setattr(serializers.Serializer, "run_validation", run_validation)
    return watched


# --- The walk --------------------------------------------------------------------------------------------------------


@dataclass
class Walk:
    """What the walk saw: addresses asked for or led to, titles, statuses of what failed, forms that go by address."""

    told: list[tuple[str, str]] = field(default_factory=list)
    failed: list[tuple[str, int]] = field(default_factory=list)
    by_address: set[str] = field(default_factory=set)
    sent: set[tuple[str, str, str]] = field(default_factory=set)
    clients: dict[int, Client] = field(default_factory=dict)

    def client_of(self, user: User) -> Client:
        """Return a person's browser, signed in again if a form has signed her out."""
        client = self.clients.setdefault(user.pk, Client(raise_request_exception=False))
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def look(self, request: str, response: HttpResponseBase) -> None:
        if response.status_code >= 500:
            self.failed.append((request, response.status_code))
        led = f"{request} {response.get('Location', '')} {response.get('Content-Disposition', '')}"
        title = TITLE.search(response.content.decode()) if is_page(response) else None
        cookies = response.cookies.output() + str(decoded_messages(response))
        self.told += [("address", led), ("title", title[1] if title else ""), ("cookie", cookies)]
        response.close()


def is_page(response: HttpResponseBase) -> bool:
    """Say whether it is a page of ours; one that is streamed is a file to take away."""
    return not response.streaming and response.get("Content-Type", "").startswith("text/html")


def decoded_messages(response: HttpResponseBase) -> list[str]:
    context = getattr(response, "context", None)
    return [str(message) for message in (context or {}).get("messages", [])] if context else []


def walked() -> Walk:
    """Open every page as somebody who may, and send each of its forms."""
    walk = Walk()
    for typed in ({"username": PUBLIC_LETTERS, "password": LETTERS}, {"username": "oficial", "password": DIGITS}):
        walk.look(f"POST {reverse('sign_in')}", Client().post(reverse("sign_in"), typed))
    for role, call in SENT:
        user = people(role)[0]
        address, sent = call(user)
        walk.look(f"POST {address}", signed_in(user, "es").post(address, sent, content_type="application/json"))
    ordered = sorted(patterns(), key=lambda pattern: LAST.index(pattern.name) if pattern.name in LAST else -1)
    ordered.sort(key=lambda pattern: pattern.name not in FIRST)
    for pattern in ordered:
        for role in (role for role in Role if may_open(role, pattern.name)):
            _visit(walk, pattern, role)
    return walk


def _visit(walk: Walk, pattern: URLPattern, role: Role) -> None:
    """Open a pattern's pages as people of a role until one has shown a form to fill in."""
    places, stale = addresses(pattern), 0
    for user in people(role):
        client = walk.client_of(user)
        for address in places[:PLACES_TRIED]:
            if stale == STALE_PAGES:
                return
            is_new = _open(walk, client, user, address)
            stale = 0 if is_new else stale + (is_new is False)


def _open(walk: Walk, client: Client, user: User, address: str) -> bool | None:
    """Fetch a page and send its forms; say whether one was new, None where there is no page for this person."""
    response = client.get(address)
    walk.look(f"GET {address}", response)
    if response.status_code != 200 or not is_page(response):
        return None
    new = [
        (target, name, markup)
        for markup in forms_of(response.content.decode())
        if (found_form := _new_form(walk, user, urljoin(address, markup.action), markup))
        for target, name in [found_form]
    ]
    # First all as nonsense, which changes nothing: some of them close the others.
    for target, name, markup in new:
        walk.look(f"POST {target}", client.post(target, as_nonsense(markup, letters_for(name))))
    for target, name, markup in new:
        for typed in filled_fittingly(markup, letters_for(name)):
            walk.look(f"POST {target}", client.post(target, typed))
        # What was sent may lead to another form on the same page.
        _open(walk, client, user, address)
    return bool(new)


def letters_for(name: str) -> str:
    return PUBLIC_LETTERS if name in PUBLIC else LETTERS


def _new_form(walk: Walk, user: User, target: str, markup: Markup) -> tuple[str, str] | None:
    """Return where a form is sent and that address's name, unless this role sent it before or it goes by address."""
    try:
        name = resolve(urlsplit(target).path).url_name or ""
    except Resolver404:
        return None
    seen = (name, str(user.role), f"{sorted(markup.fields)} {markup.fields.get('step')}")
    if name in {"sign_out", "set_language"} or seen in walk.sent:
        return None
    walk.sent.add(seen)
    if markup.method == "get":
        if {kind for kind, _values in markup.fields.values()} & {"text", "search", "tel"}:
            walk.by_address.add(name)
        return None
    return target, name
