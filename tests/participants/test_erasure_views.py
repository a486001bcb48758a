import pytest
from django.urls import reverse

from accounts.roles import Role
from participants import queries
from participants.models import Erasure, VaultKey
from tests.factories import NOW, ParticipantFactory, UserFactory
from tests.participants.test_views import signed_in

LIST = "/datos/borrados/"


@pytest.fixture
def administrators(db):
    return [UserFactory(role=Role.ADMINISTRATOR, display_name=name) for name in ("Ana Uno", "Berta Dos")]


def erasure_of(participant, by, **changes) -> Erasure:
    return Erasure.objects.create(
        participant=participant, reason="her_wish", requested_by=by, requested_at=NOW, **changes
    )


def test_one_administrator_asks_and_the_other_confirms(administrators):
    woman = ParticipantFactory(status="withdrawn")
    asking, confirming = (signed_in(user) for user in administrators)

    answer = asking.post(LIST, {"study_code": f" {woman.study_code.lower()} ", "reason": "her_wish"}, follow=True)
    assert "Espera a una segunda persona" in answer.content.decode()
    erasure = Erasure.objects.get()
    confirm = reverse("erasure_confirm", args=[erasure.pk])
    assert f'href="{confirm}"' not in answer.content.decode()
    page = confirming.get(confirm).content.decode()
    assert "Ana Uno" in page
    answer = confirming.post(confirm, {"typed": woman.study_code}, follow=True)

    assert reverse("erasure_certificate", args=[erasure.pk]) in answer.content.decode()
    pdf = confirming.get(reverse("erasure_certificate", args=[erasure.pk]))
    assert (pdf.headers["Content-Type"], pdf.content[:4]) == ("application/pdf", b"%PDF")
    assert VaultKey.objects.get().wrapped is None


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"study_code": "P00000", "reason": "her_wish"}, "No hay ningún código P00000."),
        ({"study_code": "<script>", "reason": "her_wish"}, "No hay ningún código &lt;SCRIPT&gt;."),
        ({"study_code": "", "reason": "her_wish"}, "Este campo es requerido."),
        ({"study_code": "P1", "reason": "study_over"}, "Escoja una opción válida"),
    ],
)
def test_a_wrong_request_says_what_and_keeps_what_was_typed(administrators, typed, words):
    answer = signed_in(administrators[0]).post(LIST, typed)

    page = answer.content.decode()
    assert words in page
    assert answer.context["form"]["study_code"].value() == typed["study_code"]
    assert not Erasure.objects.exists()


def test_who_still_takes_part_is_not_erased_and_the_page_says_so(administrators):
    woman = ParticipantFactory()

    page = signed_in(administrators[0]).post(LIST, {"study_code": woman.study_code, "reason": "mistake"})

    assert "Todavía participa" in page.content.decode()


def test_a_wrong_confirmation_destroys_nothing(administrators):
    erasure = erasure_of(ParticipantFactory(status="withdrawn"), administrators[0])
    confirm = reverse("erasure_confirm", args=[erasure.pk])

    assert "Se esperaba" in signed_in(administrators[1]).post(confirm, {"typed": "P1"}).content.decode()
    own = signed_in(administrators[0]).post(confirm, {"typed": erasure.participant.study_code})
    assert "Usted misma lo pidió" in own.content.decode()
    assert VaultKey.objects.get().wrapped is not None


def test_a_request_can_be_taken_back(administrators):
    erasure = erasure_of(ParticipantFactory(status="withdrawn"), administrators[0])

    signed_in(administrators[1]).post(reverse("erasure_cancel", args=[erasure.pk]))
    page = signed_in(administrators[1]).get(LIST).content.decode()

    assert "Retirado" in page
    assert f'href="{reverse("erasure_confirm", args=[erasure.pk])}"' not in page


def test_the_end_of_the_study_is_confirmed_by_its_number_of_women(administrators):
    for _ in range(3):
        ParticipantFactory(status="completed")
    signed_in(administrators[0]).post(reverse("destruction_request"))
    erasure = Erasure.objects.get()
    client, confirm = signed_in(administrators[1]), reverse("erasure_confirm", args=[erasure.pk])

    assert "Escriba 3 para confirmar" in client.get(confirm).content.decode()
    client.post(confirm, {"typed": "3"})

    assert queries.confirmed_destruction() == erasure
    assert not VaultKey.objects.filter(wrapped=None).exists()
    assert client.get(reverse("erasure_certificate", args=[erasure.pk])).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_register_costs_the_same_whatever_its_length(administrators, rows, django_assert_num_queries):
    for _ in range(rows):
        erasure_of(
            ParticipantFactory(status="withdrawn"), administrators[0], confirmed_by=administrators[1], confirmed_at=NOW
        )
    client = signed_in(administrators[0])

    with django_assert_num_queries(4):  # session, person, count, rows
        assert client.get(LIST).status_code == 200
