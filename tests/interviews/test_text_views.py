"""The pages where texts are masked, coded and compared, and the codebook's."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.roles import Role
from interviews.models import Code, Coding, TranscriptVersion
from tests.factories import UserFactory
from tests.interviews.conftest import make_held_talk
from tests.interviews.test_meeting_views import client_of
from tests.interviews.test_texts import code_of, finish, masked_of, original_of, put


@pytest.fixture
def coder(db):
    return UserFactory(role=Role.RESEARCHER)


def test_interviewer_masks_on_the_page(held, coder):
    original = original_of(held)
    client, address = client_of(held.interviewer), reverse("transcript_text", args=[original.pk])
    page = client.get(address).content.decode()
    assert 'value="1-14-19" checked' in page
    assert "3 places may tell" in page
    refused = client.post(address, {"accepted": "0-0-1", "own_words": "vecina", "own_mask": "nombre"})
    assert refused.status_code == 200
    assert "vecina</textarea>" in refused.content.decode()
    sent = {"accepted": ["1-14-19"], "own_words": "vecina", "own_mask": "nombre"}
    assert client.post(address, sent).status_code == 302
    masked = TranscriptVersion.objects.get(form="masked")
    assert masked.masks == 2
    assert client_of(coder).get(reverse("transcript_code", args=[original.pk])).status_code == 404
    said = client_of(coder).get(reverse("transcript_code", args=[masked.pk])).content.decode()
    assert "Con mi [nombre 1] [nombre 2], en Breña." in said


def test_masked_text_and_others_texts(held):
    text = masked_of(held)
    client, address = client_of(held.interviewer), reverse("transcript_text", args=[text.pk])
    page = client.get(address).content.decode()
    assert "[nombre 1]" in page
    assert "Keep a masked version" not in page
    assert client_of(UserFactory(role=Role.INTERVIEWER)).get(address).status_code == 404
    held.woman.consents.filter(scope="interview").delete()
    assert "has not given her consent" in client.get(address, follow=True).content.decode()


def test_coding_on_the_page(held, coder):
    text, code = masked_of(held), code_of(coder)
    client, address = client_of(coder), reverse("transcript_code", args=[text.pk])
    refused = client.post(address, {"code": code.pk, "paragraph": "9", "start": "", "end": ""}).content.decode()
    assert "Choose a passage of the text." in refused
    assert 'value="9"' in refused
    client.post(address, {"code": code.pk, "paragraph": "2", "start": "4", "end": "13"})
    client.post(address, {"code": code.pk, "paragraph": "3", "start": "", "end": ""})
    assert 'title="Apoyo">mi vecina</mark>' in client.get(address).content.decode()
    assert list(Coding.objects.order_by("pk").values_list("paragraph", "start", "end")) == [(1, 4, 13), (2, 0, 11)]
    client.post(address, {"remove": Coding.objects.latest("pk").pk})
    client.post(address, {"finish": "1"})
    assert "You finished this text" in client.get(address).content.decode()
    assert (
        "You finished this text: it changes no more."
        in client.post(address, {"remove": Coding.objects.earliest("pk").pk}, follow=True).content.decode()
    )


def test_marks_of_others_are_not_seen_before_both_are_done(held, coder):
    text, code, other = masked_of(held), code_of(coder), UserFactory(role=Role.RESEARCHER)
    put(other, text, code, 1)
    finish(other, text)
    client = client_of(coder)
    assert "<mark" not in client.get(reverse("transcript_code", args=[text.pk])).content.decode()
    early = client.get(reverse("transcript_compare", args=[text.pk]), follow=True).content.decode()
    assert "once two people have finished" in early
    assert (
        client.post(reverse("transcript_code", args=[text.pk]), {"remove": Coding.objects.get().pk}).status_code == 404
    )
    put(coder, text, code, 3)
    finish(coder, text)
    page = client.get(reverse("transcript_compare", args=[text.pk])).content.decode()
    assert "-0.33" in page
    assert "Only 1" in page


@pytest.mark.parametrize("texts", [1, 3])
def test_list_costs_the_same_with_one_and_three(coder, django_assert_num_queries, texts):
    for _text in range(texts):
        masked_of(make_held_talk())
    client = client_of(coder)
    with django_assert_num_queries(8):
        page = client.get(reverse("transcript_list")).content.decode()
    assert page.count("To code") == texts


def test_empty_pages_say_what_comes(coder):
    client, code = client_of(coder), None
    assert "No masked text is here yet" in client.get(reverse("transcript_list")).content.decode()
    assert "There are no codes yet" in client.get(reverse("code_list")).content.decode()
    assert "add one first" in client.get(reverse("codebook_file"), follow=True).content.decode()
    code = code_of(coder)
    assert "No passage yet" in client.get(reverse("excerpt_list", args=[code.pk])).content.decode()


def test_codebook_on_the_page(coder):
    client, address = client_of(coder), reverse("code_list")
    client.post(address, {"name": "Apoyo", "memo": "Quién ayuda", "colour": "1", "parent": ""})
    code = Code.objects.get()
    again = client.post(address, {"name": "apoyo", "memo": "Otra vez", "colour": "1", "parent": ""}).content.decode()
    assert "There is a code of this name already." in again
    assert "Otra vez" in again
    one = reverse("code_detail", args=[code.pk])
    client.post(one, {"name": "Ayuda", "memo": "", "colour": "2", "parent": ""})
    assert "Apoyo → Ayuda" in client.get(one).content.decode()
    other = code_of(coder, "Otra")
    client.post(one, {"into": str(other.pk)})
    assert "It was merged and counts as" in client.get(one).content.decode()
    file = client.get(reverse("codebook_file"))
    assert (file["Content-Type"], file["Content-Disposition"]) == (
        "application/xml", 'attachment; filename="categorias.qdc"'
    )  # fmt: skip
    back = client.post(address, {"import": "1", "file": SimpleUploadedFile("x.qdc", file.content)}, follow=True)
    assert "New codes: 0." in back.content.decode()
    broken = client.post(address, {"import": "1", "file": SimpleUploadedFile("x.qdc", b"<a/>")})
    assert "This is no REFI-QDA codebook" in broken.content.decode()


def test_passages_go_out_masked_and_never_as_formulas(held, coder):
    text, code = masked_of(held), code_of(coder, "=Apoyo")
    put(coder, text, code, 1)
    finish(coder, text)
    assert "Con mi vecina [nombre 1]" in client_of(coder).get(reverse("excerpt_list", args=[code.pk])).content.decode()
    content = client_of(coder).get(reverse("excerpt_file", args=[code.pk])).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content)))
    assert rows[1] == [text.interview.code, "2", "1", "'=Apoyo", "P", "Con mi vecina [nombre 1], en [lugar 1]."]
    assert held.woman.study_code not in content


def test_heading_is_told_apart_and_not_offered_for_marking(held, coder):
    text, heading, code = masked_of(held), code_of(coder, "Temas", is_heading=True), code_of(coder)
    client = client_of(coder)
    page = client.get(reverse("code_list")).content.decode()
    assert page.count("only a heading") == 1
    assert reverse("excerpt_list", args=[heading.pk]) not in page
    offered = client.get(reverse("transcript_code", args=[text.pk])).context["form"].fields["code"].choices
    assert [key for key, _label in offered] == [code.pk]
    merged = client.get(reverse("code_detail", args=[code.pk])).context["merge"].fields["into"].choices
    assert list(merged) == []
    client.post(reverse("code_detail", args=[heading.pk]), {"name": "Temas", "memo": "", "colour": "0", "parent": ""})
    heading.refresh_from_db()
    assert not heading.is_heading
