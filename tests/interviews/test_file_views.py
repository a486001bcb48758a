"""Files by HTTP: pieces in, ranges out."""

import hashlib
import json

import pytest
from django.urls import reverse

from accounts.roles import Role
from interviews.models import InterviewFile
from tests.factories import UserFactory
from tests.interviews.bringing import begun, brought, offer_of, piece_of, sent, wav
from tests.interviews.test_meeting_views import client_of

SOUND = wav()


def said(content: bytes, kind: str = "audio") -> dict[str, str]:
    offer = offer_of(content, kind)
    return {"kind": kind, "size": str(offer.size_bytes), "fingerprint": offer.fingerprint}


@pytest.mark.requirement("F53")
def test_pieces_in_and_ranges_out(held):
    client = client_of(held.interviewer)
    answer = client.post(reverse("upload_begin", args=[held.interview.pk]), said(SOUND))
    assert (answer.status_code, answer.json()["received"], answer.json()["pieces"]) == (201, 0, 4)
    file = answer.json()["id"]
    for position in range(4):
        piece = piece_of(SOUND, position)
        answer = client.put(
            reverse("upload_piece", args=[file, position]), piece, content_type="application/octet-stream",
            headers={"X-Content-SHA256": hashlib.sha256(piece).hexdigest()},
        )  # fmt: skip
        assert answer.json()["received"] == position + 1
    assert client.get(reverse("upload_state", args=[file])).json()["received"] == 4
    finished = client.post(reverse("upload_finish", args=[file])).json()
    assert finished["sha256"] == hashlib.sha256(SOUND).hexdigest()

    address = reverse("file_download", args=[file])
    whole = client.get(address, headers={"accept-encoding": "gzip"})
    assert b"".join(whole.streaming_content) == SOUND
    assert (whole.status_code, whole["Content-Length"], whole["Content-Type"]) == (200, str(len(SOUND)), "audio/wav")
    assert (whole["Cache-Control"], whole["Accept-Ranges"]) == ("no-store", "bytes")
    assert whole["Content-Disposition"] == f'inline; filename="{held.interview.code}.wav"'
    part = client.get(address, headers={"range": "bytes=10-19", "accept-encoding": "gzip"})
    assert (part.status_code, b"".join(part.streaming_content)) == (206, SOUND[10:20])
    assert part["Content-Range"] == f"bytes 10-19/{len(SOUND)}"
    assert client.get(address, headers={"range": f"bytes={len(SOUND)}-"}).status_code == 416


@pytest.mark.parametrize(
    "change", [{"size": "0"}, {"size": "-1"}, {"size": "1e9"}, {"kind": "video"}, {"fingerprint": "x"}, {"size": ""}]
)
def test_an_offer_that_makes_no_sense_is_refused_in_words(held, change):
    answer = client_of(held.interviewer).post(reverse("upload_begin", args=[held.interview.pk]), said(SOUND) | change)
    assert (answer.status_code, answer.json()["code"]) == (400, "offer_unclear")


def test_refusals_have_code_and_words(held):
    client, file = client_of(held.interviewer), begun(held, SOUND)
    answer = client.put(reverse("upload_piece", args=[file.pk, 2]), b"x", content_type="application/octet-stream")
    assert (answer.status_code, json.loads(answer.content)["code"]) == (409, "piece_out_of_order")
    assert client.post(reverse("upload_finish", args=[file.pk])).status_code == 409
    assert client.get(reverse("file_download", args=[file.pk])).status_code == 409


@pytest.mark.parametrize("role", [Role.INTERVIEWER, Role.RESEARCHER, Role.SUPERVISOR, Role.ADMINISTRATOR])
def test_files_of_others_are_not_there(held, role):
    file, client = brought(held, SOUND), client_of(UserFactory(role=role))
    expected = 404 if role == Role.INTERVIEWER else 403
    assert client.get(reverse("file_download", args=[file.pk])).status_code == expected
    assert client.post(reverse("upload_begin", args=[held.interview.pk]), said(SOUND)).status_code == expected
    assert client.post(reverse("file_remove", args=[file.pk])).status_code == expected


def test_page_shows_what_is_here_and_what_came_by_half(held):
    client, address = client_of(held.interviewer), reverse("interview_detail", args=[held.interview.pk])
    file = brought(held, SOUND)
    sent(held, begun(held, SOUND[:-1]), SOUND[:-1], 0, 1)
    page = client.get(address).content.decode()
    assert file.sha256 in page
    assert "50 % is here" in page
    client.post(reverse("file_remove", args=[file.pk]))
    assert file.sha256 not in client.get(address).content.decode()


@pytest.mark.parametrize("files", [1, 3])
def test_page_costs_the_same_with_one_and_three_files(held, django_assert_num_queries, files):
    for size in range(files):
        brought(held, wav(100 + size))
    client = client_of(held.interviewer)
    with django_assert_num_queries(5):
        client.get(reverse("interview_detail", args=[held.interview.pk]))
    assert InterviewFile.objects.count() == files
