from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from participants.models import Conflict
from referrals.models import Referral, ReferralStep
from referrals.tasks import sweep
from tests.factories import NOW, ParticipantFactory, ReferralFactory, SupportServiceFactory
from tests.participants.test_views import signed_in


@pytest.fixture
def service(db):
    return SupportServiceFactory(name_es="Línea 100", purpose_es="Consejería")


def today() -> str:
    return timezone.localdate().isoformat()


def detail(referral) -> str:
    return reverse("referral_detail", args=[referral.pk])


def post_step(client, referral, step, **words):
    referral.refresh_from_db()
    sent = {"step": step, "seen": referral.standing, "on": today(), "note": ""} | words
    return client.post(detail(referral), sent, follow=True)


@pytest.mark.requirement("F41")
def test_an_officer_offers_and_writes_each_step_on_the_pages(care, woman, service):
    client = signed_in(care.officer)
    assert (
        "Nada se le ha ofrecido"
        in client.get(reverse("participant_referrals", args=[woman.study_code])).content.decode()
    )
    offer = reverse("referral_offer", args=[woman.study_code])
    assert "Consejería" in client.get(offer).content.decode()
    page = client.post(offer, {"service": service.pk, "on": today(), "note": "Lo piensa"}, follow=True)
    assert "Lo piensa" in page.content.decode()
    referral = Referral.objects.get()
    assert woman.study_code in client.get(reverse("referral_list")).content.decode()

    post_step(client, referral, "answer", answer="yes", sharing="telephone", how="spoken")
    page = client.get(detail(referral)).content.decode()
    assert "Llamé al servicio" in page
    assert "Escribí al servicio" not in page
    post_step(client, referral, "sent", way="called")
    post_step(client, referral, "outcome", outcome="no_answer")
    post_step(client, referral, "outcome", outcome="taken_up", note="Va los martes")

    page = client.get(detail(referral)).content.decode()
    assert "Va los martes" in page
    assert "<form" not in page.split('id="content"')[1].split("<footer")[0]
    assert woman.study_code not in client.get(reverse("referral_list")).content.decode()
    assert "Línea 100" in client.get(reverse("participant_referrals", args=[woman.study_code])).content.decode()


@pytest.mark.parametrize(
    ("words", "fields"),
    [
        ({"answer": "yes"}, ["sharing", "how"]),
        ({"answer": "yes", "sharing": "nothing"}, ["how"]),
        ({"answer": ""}, ["answer"]),
        ({"answer": "no", "on": "ayer"}, ["on"]),
        ({"answer": "no", "on": "2999-01-01"}, ["on"]),
    ],
)
def test_an_answer_that_is_not_whole_is_told_and_kept(care, woman, words, fields):
    referral = ReferralFactory(participant=woman)
    response = post_step(signed_in(care.officer), referral, "answer", note="Un recado", **words)
    (form,) = response.context["forms"]
    assert list(form.errors) == fields
    assert "Un recado" in response.content.decode()
    referral.refresh_from_db()
    assert referral.status == "offered"


def test_a_page_that_is_out_of_date_writes_nothing(care, woman):
    referral = ReferralFactory(participant=woman)
    client = signed_in(care.officer)
    words = {"answer": "yes", "sharing": "nothing", "how": "spoken"}
    response = post_step(client, referral, "answer", seen="accepted", **words)
    assert "avanzó mientras tanto" in response.content.decode()
    response = post_step(client, referral, "outcome", outcome="taken_up")
    assert "avanzó mientras tanto" in response.content.decode()
    assert ReferralStep.objects.count() == 1


def test_a_button_touched_twice_writes_one_step(care, woman):
    referral = ReferralFactory(participant=woman)
    client = signed_in(care.officer)
    post_step(client, referral, "answer", answer="yes", sharing="nothing", how="spoken")
    post_step(client, referral, "sent", way="told_her")
    Referral.objects.update(status="no_answer", due_on=timezone.localdate())
    referral.refresh_from_db()
    seen = referral.standing
    for _touch in range(2):
        response = post_step(client, referral, "outcome", outcome="no_answer", seen=seen)
    assert "avanzó mientras tanto" in response.content.decode()
    assert ReferralStep.objects.filter(status="no_answer").count() == 1


def test_she_takes_it_back_on_the_page(care, woman, service):
    client, referral = signed_in(care.officer), ReferralFactory(participant=woman)
    post_step(client, referral, "answer", answer="yes", sharing="nothing", how="written")
    post_step(client, referral, "take_back")
    referral.refresh_from_db()
    assert referral.status == "declined"


def test_pages_of_a_woman_elsewhere_are_not_found(care, woman):
    referral = ReferralFactory(participant=woman)
    for who in (care.stranger, care.other_interviewer):
        client = signed_in(who)
        for name in ("participant_referrals", "referral_offer"):
            assert client.get(reverse(name, args=[woman.study_code])).status_code == 404
        assert client.get(detail(referral)).status_code == 404
    # her interviewer knows the woman, and not what the police offered
    client = signed_in(care.interviewer)
    assert client.get(detail(referral)).status_code == 404
    assert (
        referral.service.name_es
        not in client.get(reverse("participant_referrals", args=[woman.study_code])).content.decode()
    )


def test_pages_of_who_left_and_of_a_conflict_show_nothing(care, woman):
    referral = ReferralFactory(participant=woman)
    page = reverse("participant_referrals", args=[woman.study_code])
    Conflict.objects.create(participant=woman, user=care.officer, declared_at=NOW)
    client = signed_in(care.officer)
    assert client.get(detail(referral)).status_code == 404
    assert referral.service.name_es not in client.get(page).content.decode()
    woman.status = "withdrawn"
    woman.save()
    client = signed_in(care.supervisor)
    for url in (page, detail(referral)):
        text = client.get(url).content.decode()
        assert "ya no participa" in text
        assert referral.service.name_es not in text


def test_overdue_is_shown_and_the_task_marks_it(care, woman):
    referral = ReferralFactory(participant=woman, due_on=timezone.localdate() - timedelta(days=1))
    sweep()
    referral.refresh_from_db()
    assert referral.overdue_at is not None
    client = signed_in(care.supervisor)
    for url in (reverse("referral_list"), detail(referral)):
        assert "Vencid" in client.get(url).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_number_of_queries_does_not_grow(care, django_assert_num_queries, rows):
    for _row in range(rows):
        woman = ParticipantFactory(station=care.station)
        ReferralFactory(participant=woman, offered_by=care.officer)
    client = signed_in(care.officer)
    with django_assert_num_queries(4):
        client.get(reverse("referral_list"))
    for _row in range(rows - 1):
        ReferralFactory(participant=woman)
    with django_assert_num_queries(7):
        client.get(reverse("participant_referrals", args=[woman.study_code]))
