"""Bad input of every kind, on every form about women: a sentence, what was typed, and never a broken page."""

import html
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from participants.models import AccessNotice
from tests.factories import NOW, ParticipantFactory, ProtocolVersionFactory, UserFactory, VisitFactory
from tests.participants.conftest import Care
from tests.participants.test_access_views import WHY
from tests.participants.test_intake_views import SCREENED, TYPED
from tests.participants.test_views import FILLED, signed_in, to_enrol

HOSTILE = {
    "blank": "",
    "spaces": " \t ",
    "too long": "x" * 6000,
    "a day that is none": "31/02/2026",
    "markup": "<script>alert('1')</script><img src=x onerror=alert(1)>",
    "a statement": "'); DROP TABLE participants_participant; --",
    "a formula": "=cmd|' /C calc'!A0",
    "a template": "{{ settings.SECRET_KEY }} {% debug %} %s %(x)s",
    "turned round": "\u202eoterces\u200b\u2060\ufeff",
    "piled up": "Z̷̧̛̮̤͈͆a̵l̴g̵o 👩🏽‍🦱 ﷽ \U0010ffff",
    "nothing at its end": "Rosa\x00Quispe",
    "line breaks": "uno\r\ndos\u2028tres\x0b\x1b[31m",
    "a number of its own": "९८७६५४३२१",
    "a huge number": "9" * 400,
}


@dataclass(frozen=True)
class Page:
    """A form that somebody fills in: where, who, and what she would rightly send."""

    address: str
    client: Client
    rightly: dict[str, object]


def report(care: Care) -> Page:
    return Page(reverse("report_new"), signed_in(care.supervisor), TYPED)


def screening(care: Care) -> Page:
    address = to_enrol(care).removesuffix("alta/")
    return Page(address, signed_in(care.supervisor), SCREENED)


def enrolment(care: Care) -> Page:
    return Page(to_enrol(care), signed_in(care.supervisor), FILLED)


def visited(care: Care):
    woman = ParticipantFactory(station=care.station, interviewer=care.interviewer)
    VisitFactory(plan__participant=woman)
    return woman


def contact(care: Care) -> Page:
    address = reverse("safe_contact_edit", args=[visited(care).study_code])
    shown = {name: value for name, value in FILLED.items() if name not in {"scopes", "text_version", "strokes"}}
    return Page(address, signed_in(care.interviewer), shown)


def emergency(care: Care) -> Page:
    woman = ParticipantFactory(station=care.station)
    return Page(reverse("card_emergency", args=[woman.study_code]), signed_in(care.officer), WHY)


def conflict(care: Care) -> Page:
    address = reverse("conflict_declare", args=[ParticipantFactory(station=care.station).study_code])
    return Page(address, signed_in(care.officer), {"confirmed": "on"})


def staff_card(care: Care) -> Page:
    typed = {"surnames": "Pérez Rojas", "document": "40404040", "address": "Av. Lima 1"}
    return Page(reverse("staff_card_edit", args=[care.officer.pk]), signed_in(care.supervisor), typed)


def search(care: Care) -> Page:
    return Page(reverse("person_search"), signed_in(care.supervisor), {"kind": "name", "words": "Rosa Quispe"})


def code(care: Care) -> Page:
    return Page(reverse("who_looked_find"), signed_in(UserFactory(role=Role.SAFETY_OFFICER)), {"code": "P00000"})


def notice(care: Care) -> Page:
    woman = ParticipantFactory(station=care.station)
    raised = AccessNotice.objects.create(kind="same_man", participant=woman, raised_at=NOW)
    client = signed_in(UserFactory(role=Role.SAFETY_OFFICER))
    return Page(reverse("access_notice", args=[raised.pk]), client, {"verdict": "in_order"})


def erasure(care: Care) -> Page:
    client = signed_in(UserFactory(role=Role.ADMINISTRATOR))
    return Page(reverse("erasure_list"), client, {"study_code": "P00000", "reason": "she_asked"})


def renewal(care: Care) -> Page:
    woman = ParticipantFactory(station=care.station)
    signed = {name: FILLED[name] for name in ("scopes", "text_version", "strokes")}
    return Page(reverse("consent_renew", args=[woman.study_code]), signed_in(care.supervisor), signed)


def pause(care: Care) -> Page:
    woman = ParticipantFactory(station=care.station)
    back = (timezone.localdate() + timedelta(days=3)).isoformat()
    typed = {"to": "paused", "reason": "travel", "return_on": back}
    return Page(reverse("participant_status", args=[woman.study_code]), signed_in(care.supervisor), typed)


def withdrawal(care: Care) -> Page:
    woman = ParticipantFactory(station=care.station)
    typed = {"what": ["whole"], "past": "keep", "reason": "not_said", "confirmed": "on"}
    return Page(reverse("participant_withdraw", args=[woman.study_code]), signed_in(care.supervisor), typed)


def transfer(care: Care) -> Page:
    woman = ParticipantFactory(station=care.station)
    typed = {
        "to_station": "0", "reason": "new_home", "asked_by": str(care.officer.pk),
        "agreed_on": timezone.localdate().isoformat(), "confirmed": "on",
    }  # fmt: skip
    return Page(reverse("transfer_propose", args=[woman.study_code]), signed_in(care.supervisor), typed)


PAGES: dict[str, Callable[[Care], Page]] = {
    page.__name__: page
    for page in (
        report,
        screening,
        enrolment,
        contact,
        emergency,
        conflict,
        staff_card,
        search,
        code,
        notice,
        erasure,
        renewal,
        pause,
        withdrawal,
        transfer,
    )
}


# What was last seen, and the text in force: the page says them anew.
OWN = {"seen", "text_version"}


def as_shown(sent: object, shown: object) -> object:
    """Return what was sent as a field of many choices, or a tick, holds it."""
    if isinstance(shown, bool):
        return bool(sent)
    return [sent] if isinstance(shown, list) and not isinstance(sent, list) else sent


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("page", PAGES)
def test_bad_input_is_answered_in_a_sentence_and_kept(care, page, kind):
    ProtocolVersionFactory()
    made, typed = PAGES[page](care), HOSTILE[kind]
    for field in made.rightly:
        sent = made.rightly | {field: typed}

        response = made.client.post(made.address, sent)

        assert response.status_code in {200, 302}, f"{field}: {response.status_code}"
        if response.status_code == 302:
            continue  # it was good enough to be kept
        shown = response.content.decode()
        form = response.context["form"]
        assert form.errors or form.data == {} or page == "search", f"{field}: refused without a word"
        assert "<script>alert" not in shown
        assert "onerror=alert(1)>" not in shown.replace(html.escape(HOSTILE["markup"]), "")
        if form.errors:
            shown_again = {name: form[name].value() for name in sent if name in form.fields and name not in OWN}
            assert shown_again == {name: as_shown(sent[name], shown_again[name]) for name in shown_again}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_file_of_reports_with_bad_rows_is_looked_through_or_refused_in_a_sentence(care, kind):
    ProtocolVersionFactory()
    row = HOSTILE[kind].replace('"', "")
    content = f'numero,fecha,nombre,documento\n"{row}",2026-11-16,"{row}","{row}"\nB-2,{row},Ana Luz,\n'.encode()
    client = signed_in(care.supervisor)

    for sent in (content, content[:40], b"\xff\xfe\x00" + content, b"", HOSTILE[kind].encode()):
        file = SimpleUploadedFile(f"{kind}<b>.csv", sent)
        response = client.post(reverse("report_import"), {"file": file}, follow=True)

        assert response.status_code == 200
        assert "<script>alert" not in response.content.decode()
