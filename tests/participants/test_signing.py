"""She signs what she agrees to: the copy is frozen and sealed, and a newer text is signed anew."""

import io
import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.actors import SystemActor
from accounts.permissions import Permission
from audit.models import Event
from documents.pictures import PictureUnreadable, plain_picture
from participants import queries, sealing, services
from participants.forms.signing import ConsentForm
from participants.models import Consent, ConsentSignature, ConsentText, Participant
from participants.signature import Signature, SignatureMethod, StrokesInvalid, parse_strokes
from tests.documents.test_pdf import pages
from tests.factories import NOW, TODAY, ParticipantFactory, ProtocolVersionFactory, VisitFactory
from tests.participants.conftest import FIRST_TEXT, consent_text
from tests.participants.test_services import ROSA, STROKES, consent_to, enrol
from tests.participants.test_views import signed_in

STUDY = SystemActor("test", frozenset(Permission))
NEW_TEXT_DAY = TODAY - timedelta(days=1)


def newer_text(renews=("visits",), grace_days=10) -> ConsentText:
    source = FIRST_TEXT.read_text(encoding="utf-8")
    source = source.replace('version = "1"', 'version = "2"').replace("2020-01-01", NEW_TEXT_DAY.isoformat())
    source = source.replace("renews = []", f"renews = {json.dumps(list(renews))}")
    source = source.replace("grace_days = 0", f"grace_days = {grace_days}")
    return services.load_consent_text(by=STUDY, text=source, name="text.toml", now=NOW)[0]


def picture(kind="JPEG", size=(900, 400), exif=b"") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, format=kind, **({"exif": exif} if exif else {}))
    return out.getvalue()


@pytest.mark.requirement("F3")
@pytest.mark.parametrize("method", list(SignatureMethod))
@pytest.mark.parametrize(
    ("language", "words"), [("es", "Consentimiento para participar"), ("en", "Consent to take part")]
)
def test_what_she_signs_is_frozen_sealed_and_hashed(care, method, language, words):
    consent = consent_to("visits", "audio", language=language)
    if method == SignatureMethod.PAPER:
        paper = Signature(method, picture=plain_picture(picture()))
        consent = type(consent)(consent.text_version, language, consent.scopes, paper)
    woman = enrol(care.supervisor, consent=consent)

    kept = ConsentSignature.objects.get()
    assert (kept.method, kept.scopes, kept.witnessed_by, kept.signed_at) == (
        method, ["audio", "visits"], care.supervisor, NOW,
    )  # fmt: skip
    assert ROSA.full_name.encode() not in bytes(kept.sealed_copy)
    content = services.open_signed_copy(by=care.supervisor, signature=kept, now=NOW)
    text = " ".join("".join(pages(content)).split())
    assert all(part in text for part in (words, ROSA.full_name, woman.study_code, kept.text_sha256[:20]))
    assert services.open_signed_copy(by=care.supervisor, signature=kept, now=NOW) == content
    assert Event.objects.filter(action="participants.open_signed_copy").count() == 2
    assert ConsentText.objects.get().frozen_at == NOW


def test_a_copy_that_was_changed_or_erased_does_not_open(care):
    woman = enrol(care.supervisor)
    kept = woman.signatures.get()
    ConsentSignature.objects.update(sealed_copy=sealing.seal_bytes(woman, b"other", purpose="signed copy"))
    kept.refresh_from_db()
    with pytest.raises(sealing.SealedDataUnreadable):
        services.open_signed_copy(by=care.supervisor, signature=kept, now=NOW)
    woman.vault_key.__class__.objects.filter(participant=woman).update(wrapped=None, destroyed_at=NOW)
    erased = ConsentSignature.objects.get()
    with pytest.raises(sealing.IdentityErased):
        services.open_signed_copy(by=care.supervisor, signature=erased, now=NOW)


def test_only_those_for_whom_her_card_opens_take_the_copy(care):
    kept = enrol(care.supervisor).signatures.get()
    for user in (care.stranger, care.other_interviewer):
        if user != kept.participant.interviewer:
            with pytest.raises(services.ParticipantOutOfReach):
                services.open_signed_copy(by=user, signature=kept, now=NOW)


@pytest.mark.parametrize("version", ["0", "2"])
def test_words_that_are_not_in_force_cannot_be_signed(care, version):
    with pytest.raises(services.ConsentTextChanged):
        enrol(care.supervisor, consent=consent_to("visits", version=version))
    assert not Participant.objects.exists()


def test_without_a_text_in_force_nobody_signs(care):
    ConsentText.objects.update(valid_until=TODAY - timedelta(days=1))
    with pytest.raises(services.NoConsentText):
        enrol(care.supervisor)


@pytest.mark.requirement("F2")
def test_a_newer_text_is_signed_again_and_what_she_leaves_out_ends(care):
    woman = enrol(care.supervisor, scopes=("visits", "surveys", "audio"))
    assert list(queries.women_to_sign_again(care.supervisor)) == []
    newer_text()
    (listed,) = queries.women_to_sign_again(care.supervisor)
    assert (listed, listed.lapses_on) == (woman, NEW_TEXT_DAY + timedelta(days=10))
    later = NOW + timedelta(days=1)

    services.renew_consent(
        by=care.supervisor, participant=woman, consent=consent_to("visits", "surveys", version="2"), now=later
    )

    assert queries.agreed_by(woman, TODAY + timedelta(days=400)) == {"surveys": None, "visits": None}
    assert set(Consent.objects.filter(ended_at=None).values_list("text_version", flat=True)) == {"2"}
    assert Consent.objects.get(scope="audio").ended_at == later
    assert [one.text_version for one in queries.signatures_of(woman)] == ["2", "1"]
    assert list(queries.women_to_sign_again(care.supervisor)) == []
    with pytest.raises(services.NothingToRenew):
        services.renew_consent(by=care.supervisor, participant=woman, consent=consent_to(version="2"), now=later)


def test_a_renewal_of_old_words_leaves_everything_as_it_was(care):
    woman = enrol(care.supervisor)
    newer_text()
    before = list(Consent.objects.values_list("scope", "ended_at"))
    with pytest.raises(services.ConsentTextChanged):
        services.renew_consent(by=care.supervisor, participant=woman, consent=consent_to("visits"), now=NOW)
    assert list(Consent.objects.values_list("scope", "ended_at")) == before


@pytest.mark.parametrize("women", [1, 3])
def test_the_list_to_sign_asks_the_database_the_same_for_any_number(care, women, django_assert_num_queries):
    ProtocolVersionFactory()
    for _ in range(women):
        ParticipantFactory(station=care.station).consents.update(lapses_on=TODAY)
    client = signed_in(care.supervisor)
    with django_assert_num_queries(4):
        page = client.get(reverse("renewal_list")).content.decode()
    assert page.count("Ya no vale") == women


def test_the_pages_show_what_she_agreed_to_and_take_a_new_signature(care):
    ProtocolVersionFactory()
    woman = enrol(care.supervisor)
    newer_text()
    # The pages ask the clock: her card opens around a visit of today.
    VisitFactory(plan__participant=woman, planned_on=timezone.localdate())
    client = signed_in(care.supervisor)
    page = client.get(reverse("consent_list", args=[woman.study_code])).content.decode()
    assert "Firmar de nuevo" in page

    address = reverse("consent_renew", args=[woman.study_code])
    missing = client.post(address, {"text_version": "2", "scopes": ["visits"]})
    assert "Falta su firma" in missing.content.decode()
    old = client.post(address, {"text_version": "1", "scopes": ["visits"], "strokes": json.dumps(STROKES)})
    assert "no es el vigente" in old.content.decode()
    assert old.context["form"]["text_version"].value() == "2"
    assert json.loads(old.context["form"]["strokes"].value()) == json.loads(json.dumps(STROKES))

    done = client.post(address, {"text_version": "2", "scopes": ["visits"], "strokes": json.dumps(STROKES)})
    assert done.headers["Location"] == reverse("consent_list", args=[woman.study_code])
    newest = queries.signatures_of(woman)[0]
    copy = client.get(reverse("signed_copy", args=[woman.study_code, newest.pk]))
    assert (copy["Content-Type"], copy["Content-Disposition"]) == (
        "application/pdf", f'attachment; filename="copia-{newest.pk}.pdf"',
    )  # fmt: skip
    assert "no-store" in copy["Cache-Control"]


@pytest.mark.parametrize(
    "text",
    ["", "x", "null", "{}", "[[1]]", "[[[1,2]]]", "[[[1,2,3]]]", '[[["a",2]]]', json.dumps([[[0, 0]] * 7]),
     json.dumps([[[601, 0]] * 9]), json.dumps([[[0, -1]] * 9]), json.dumps([[[1, 1]] * 6001]), "[" * 9000],
)  # fmt: skip
def test_what_is_no_signature_is_refused(text):
    with pytest.raises(StrokesInvalid):
        parse_strokes(text)


def test_a_drawing_is_read_as_it_was_made():
    assert parse_strokes(json.dumps(STROKES)) == STROKES


def test_a_photo_loses_place_and_camera_and_size():
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "CamaraDePrueba", 6
    plain = plain_picture(picture(size=(4000, 2000), exif=exif.tobytes()))

    with Image.open(io.BytesIO(plain)) as shown:
        assert (shown.format, shown.mode, shown.size) == ("JPEG", "L", (800, 1600))
        assert not shown.getexif()
    assert b"CamaraDePrueba" not in plain


@pytest.mark.parametrize("content", [b"", b"not a picture", picture()[:200], picture("GIF"), picture("BMP")])
def test_what_is_no_photo_is_refused(content):
    with pytest.raises(PictureUnreadable):
        plain_picture(content)


def test_a_form_takes_a_photo_and_says_what_is_wrong_with_another_file(db):
    text = consent_text()
    filled = {"text_version": "1", "scopes": ["visits"]}
    good = ConsentForm(filled, {"paper": SimpleUploadedFile("f.jpg", picture())}, text=text, language="es")
    assert good.is_valid()
    assert good.consent().signature.method == SignatureMethod.PAPER
    bad = ConsentForm(filled, {"paper": SimpleUploadedFile("f.jpg", b"GIF89a")}, text=text, language="es")
    assert list(bad.errors) == ["paper"]
