"""Forms as a page shows them, filled in with marks: fittingly, or as nonsense; and what programs send."""

import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from participants.models import Participant
from tests.participants.test_services import STROKES
from visits.models import Visit

# Of her: letters and digits that stand nowhere else. Of what is not about women: other letters.
LETTERS, DIGITS, PUBLIC_LETTERS = "Zqmarca", "973184620", "Zqpublica"
# Forms whose words are the study's own, written in clear on purpose, by the name of the address that takes them.
PUBLIC: dict[str, str] = {
    "own_address": "where the study writes to whoever works for it",
    "account_address": "where the study writes to whoever works for it",
    "sign_in": "a name to sign in with: attempts are counted by it",
    "set_language": "an address to go back to",
    "power": "numbers of a plan",
    "frame": "names of stations from a public census",
    "frame_import": "names of stations from a public census",
    "frame_confirm": "names of stations from a public census",
    "commitment_create": "the name of a public draw",
    "commitment_detail": "the numbers of a public draw",
    "commitment_abandon": "why a draw was given up",
    "allocation_discard": "why a draw was discarded",
    "station_loss": "why a station left",
    "allocation_list": "a seed",
    "officer_list": "an officer's code",
    "officer_register": "an officer's code",
    "officer_account": "an officer's account",
    "posting_withdraw": "why a posting was a mistake",
    "training_plan": "where and by whom a session is held",
    "training_change": "where and by whom a session is held",
    "training_withdraw": "why a session was withdrawn",
    "training_attendance": "why attendance was corrected",
    "training_import": "why attendance was corrected",
    "training_import_confirm": "why attendance was corrected",
    "training_check": "a certificate's code",
    "interview_selection": "a seed",
    "code_list": "a code of the codebook",
    "code_detail": "a code of the codebook",
    "service_add": "a public service",
    "service_change": "a public service",
    "release_ask": "what a release is for",
    "plan_upload": "a plan's file, and why it was amended",
    "unblinding_ask": "why the groups are named",
    "unblinding_approve": "how a hash begins",
    "release_decide": "why a release was decided so",
    "dataset_detail": "words to look for in a codebook",
    "token_list": "what a key for programs is for",
}


@dataclass
class Markup:
    """A form of a page: how and where it is sent, and its fields by name, with kind and possible values."""

    method: str = "get"
    action: str = ""
    fields: dict[str, tuple[str, list[str]]] = field(default_factory=dict)


class FormReader(HTMLParser):
    """Reads the forms of a page as a browser would."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Markup] = []
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        name, value = held.get("name") or "", held.get("value") or ""
        if tag == "form":
            self.found.append(Markup((held.get("method") or "get").lower(), held.get("action") or ""))
        if not self.found:
            return
        fields = self.found[-1].fields
        if tag == "select" and name:
            self.select = name
            fields[name] = ("select", [])
        elif tag == "option" and self.select and value:
            fields[self.select][1].append(value)
        elif tag == "textarea" and name:
            fields[name] = ("text", [])
        elif tag in {"input", "button"} and name and name != "csrfmiddlewaretoken":
            kind = held.get("type") or ("submit" if tag == "button" else "text")
            fields.setdefault(name, (kind, []))[1].append(value)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.select = ""


def forms_of(page: str) -> list[Markup]:
    reader = FormReader()
    reader.feed(page)
    return reader.found


# --- Filling in ------------------------------------------------------------------------------------------------------

FITTING: dict[str, object] = {"strokes": json.dumps(STROKES), "text_version": "1", "kind": "name", "paper": ""}


def fitting(name: str, kind: str, values: list[str], letters: str, choice: int) -> object:
    """Return what somebody would send, with a mark wherever words or numbers can be typed."""
    if name in FITTING and not (name == "kind" and kind == "text"):
        return FITTING[name]
    if kind in {"hidden", "submit", "radio", "select"}:
        is_choice = kind in {"radio", "select"}
        return values[choice if is_choice else 0] if values else ""
    if kind == "checkbox":
        return values or "on"
    if kind == "file":
        return SimpleUploadedFile(f"{letters}.csv", f"numero;fecha;nombre\n{letters};ayer;{letters}\n".encode())
    return typed_into(name, kind, letters)


def typed_into(name: str, kind: str, letters: str) -> str:
    now = timezone.localtime()
    typed = {
        "datetime-local": f"{now:%Y-%m-%dT%H:%M}",
        "email": f"{letters.lower()}@example.org",
        "date": now.date().isoformat(),
        "time": "12:00" if "until" in name else "09:00",
        "number": "34",
    }
    is_number = any(part in name for part in ("telephone", "document"))
    return typed.get(kind) or (DIGITS if is_number and letters == LETTERS else f"{letters} {name} de la persona")


def nonsense(name: str, kind: str, values: list[str], letters: str) -> object:
    """Return a mark for whatever is asked."""
    if kind in {"hidden", "submit"}:
        return values[0] if values else ""
    return SimpleUploadedFile(f"{letters}.pdf", letters.encode()) if kind == "file" else f"{letters} <b>{name}</b>"


def as_nonsense(markup: Markup, letters: str) -> dict[str, object]:
    return {name: nonsense(name, kind, values, letters) for name, (kind, values) in markup.fields.items()}


def filled_fittingly(markup: Markup, letters: str) -> Iterator[dict[str, object]]:
    """Yield the form with the first and with the last of its choices."""
    for choice in (0, -1):
        yield {name: fitting(name, kind, values, letters, choice) for name, (kind, values) in markup.fields.items()}


def report_sent() -> dict[str, object]:
    today = timezone.localdate().isoformat()
    woman = dict.fromkeys(("name", "address", "aggressor_name"), LETTERS)
    numbers = dict.fromkeys(("document", "telephone", "aggressor_document"), DIGITS)
    return {"number": f"{LETTERS}-1", "reported_on": today, **woman, **numbers}


def report_call(_user: User) -> tuple[str, object]:
    return reverse("report_api"), report_sent()


def log_of(note: str) -> dict[str, object]:
    return {"id": str(uuid.uuid4()), "outcome": "met", "occurred_at": now_sent(), "in_private": "yes", "note": note}


def now_sent() -> str:
    return timezone.now().isoformat()


def visit_of(user: User) -> Visit:
    """Return a visit of today or before that a log may still be written for."""
    visits = Visit.objects.visible_to(user).filter(planned_on__lte=timezone.localdate(), log=None)
    return visits.exclude(status="superseded").latest("planned_on", "pk")


def log_call(user: User) -> tuple[str, object]:
    return reverse("visit_api_log", args=[visit_of(user).pk]), log_of(LETTERS)


def sync_call(user: User) -> tuple[str, object]:
    """Return two logs of one visit that differ, so that both are kept, and one that is none."""
    visit, log = str(visit_of(user).pk), log_of(LETTERS)
    other = {**log, "id": str(uuid.uuid4()), "note": f"{LETTERS} otra"}
    return reverse("visit_sync"), {
        "logs": [{**log, "visit": visit}, {**other, "visit": visit}, {"id": LETTERS, "note": DIGITS}]
    }


def sheets_call(user: User) -> tuple[str, object]:
    """Return a sheet with a mark in every word of it, and one that the study's scale can score."""
    woman = Participant.objects.visible_to(user).in_follow_up().earliest("pk")
    scale = {"code": "fvr_pareja", "version": "2018"}
    sheet = {"id": str(uuid.uuid4()), "participant": woman.study_code, "filled_at": now_sent(), "answers": {"1": "si"}}
    marked = dict.fromkeys(("participant", "officer_level", "note", "device_level"), LETTERS)
    words = {"printed": dict.fromkeys(("level", "reference"), LETTERS), "scale": dict.fromkeys(scale, LETTERS)}
    return reverse("sheet_sync"), {
        "sheets": [{**sheet, "scale": scale, "note": LETTERS}, {**sheet, "id": str(uuid.uuid4()), **marked, **words}]
    }


# What programs send: who, and where what goes to.
SENT: tuple[tuple[Role, Callable[[User], tuple[str, object]]], ...] = (
    (Role.SUPERVISOR, report_call),
    (Role.OFFICER, log_call),
    (Role.OFFICER, sync_call),
    (Role.OFFICER, sheets_call),
)
