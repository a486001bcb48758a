"""The district where a woman lives: sealed, comparable with a district that somebody names, and with nothing else."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from audit.models import Event
from participants import lookups, queries, sealing, services, vault
from participants.homes import HomeAnswer
from participants.identity import Identity
from participants.models import LookupHash, Participant
from participants.presenters.homes import home_choices, home_words
from participants.safe_contact import SafeContact
from participants.services.cards import keep_hashes
from participants.vault import Keyring, Lookup, MasterKey
from tests.factories import NOW, DistrictFactory, ParticipantFactory, ProtocolVersionFactory
from tests.participants.test_keys import command, new_key
from tests.participants.test_services import MORNINGS, ROSA, enrol
from tests.participants.test_views import FILLED, signed_in, to_enrol

OLD, NEW = MasterKey("2026", bytes(32)), MasterKey("2027", bytes([1]) * 32)
CODES = st.from_regex(r"\A1501[0-4]\d\Z")


def living_in(district: str, **fields) -> Participant:
    woman = ParticipantFactory(**fields)
    keep_hashes(woman, Identity("Rosa", home_district=district))
    return woman


@pytest.mark.requirement("F36")
@given(one=CODES, other=CODES, hers=st.integers(1, 99_999), anothers=st.integers(1, 99_999))
def test_hash_is_alike_for_the_same_woman_key_and_district_alone(one, other, hers, anothers):
    def of(key, woman, district):
        return vault.home_hash(key, study_code=f"P{woman:05d}", district=district)

    mine = of(OLD, hers, one)
    assert mine == of(OLD, hers, one)
    assert (mine == of(OLD, hers, other)) is (one == other)
    assert (mine == of(OLD, anothers, one)) is (hers == anothers)
    assert mine != of(NEW, hers, one)
    assert len(mine) == vault.KEY_BYTES


@pytest.mark.django_db
def test_two_women_of_one_district_are_not_seen_to_be_so(db):
    for _n in range(2):
        living_in("150142")
    digests = [bytes(row.digest) for row in LookupHash.objects.filter(kind=Lookup.HOME_DISTRICT)]
    assert len(digests) == len(set(digests)) == 2


@pytest.mark.django_db
@pytest.mark.parametrize("women", [1, 4])
def test_district_that_is_named_finds_who_lives_there_in_one_query(women, django_assert_num_queries):
    here = [living_in("150142") for _n in range(women)]
    there = living_in("150101")
    silent = [living_in(HomeAnswer.UNSAID), living_in(HomeAnswer.ELSEWHERE), ParticipantFactory()]
    ids = [woman.pk for woman in (*here, there, *silent)]

    with django_assert_num_queries(1):
        found = queries.homes_in(ids, {"150142", "150101", "150103"})

    assert found == {**{woman.pk: {"150142"} for woman in here}, there.pk: {"150101"}}
    assert queries.homes_in(ids, set()) == {}
    assert queries.homes_in([there.pk], {"150142"}) == {}


@pytest.mark.django_db
def test_only_who_was_never_asked_counts_as_not_asked():
    living_in("150142"), living_in(HomeAnswer.UNSAID)
    silent = ParticipantFactory()
    assert list(queries.without_home(Participant.objects.all())) == [silent]


def test_home_changes_erases_and_turns_its_key_with_the_card(care, settings):
    woman = enrol(care.supervisor, replace(ROSA, home_district="150142"))
    old = settings.VAULT_KEYS
    services.update_safe_contact(
        by=care.supervisor,
        participant=woman,
        safe_contact=SafeContact(MORNINGS.weekdays, MORNINGS.safe_from, MORNINGS.safe_until),
        changes={"home_district": "150101"},
        now=NOW + timedelta(days=1),
    )
    assert queries.homes_in([woman.pk], {"150142", "150101"}) == {woman.pk: {"150101"}}
    event = Event.objects.get(action="participants.update_safe_contact")
    assert event.details["card"] == ["home_district"]
    assert "150101" not in str(event.details)

    settings.VAULT_KEYS = f"{new_key('2027')},{old}"
    assert queries.homes_in([woman.pk], {"150101"}) == {woman.pk: {"150101"}}
    command("rotate_vault")
    settings.VAULT_KEYS = settings.VAULT_KEYS.partition(",")[0]
    assert queries.homes_in([woman.pk], {"150101"}) == {woman.pk: {"150101"}}
    assert list(queries.participants_with_unfit_hashes()) == []


def test_check_of_the_vault_names_who_has_another_womans_hash(care):
    woman = enrol(care.supervisor, replace(ROSA, home_district="150142"))
    wrong = vault.home_hash(sealing.configured_keyring().current, study_code="P00000", district="150142")
    LookupHash.objects.filter(participant=woman, kind=Lookup.HOME_DISTRICT).update(digest=wrong)
    assert list(queries.participants_with_unfit_hashes()) == [woman.study_code]


@pytest.mark.django_db
def test_hash_under_a_key_that_is_not_there_may_be_of_any_district():
    woman = living_in("150142")
    LookupHash.objects.filter(participant=woman).update(key_id="gone")
    assert queries.homes_in([woman.pk], {"150142", "150101"}) == {woman.pk: {"150142", "150101"}}


def test_keyring_of_two_hashes_under_both(settings):
    keys = Keyring((NEW, OLD))
    settings.VAULT_KEYS = new_key("2027") + "," + new_key("2026")
    kept = lookups.digests_kept(Identity("R", home_district="150142"), study_code="P00001")
    assert set(kept[Lookup.HOME_DISTRICT]) == {key.id for key in keys.keys}
    assert Lookup.HOME_DISTRICT not in lookups.digests_of(Identity("R", home_district="150142"))


def test_enrolment_asks_where_she_lives_and_a_review_may_leave_it(care):
    ProtocolVersionFactory()
    client, address = signed_in(care.supervisor), to_enrol(care)
    district = DistrictFactory(name="Distrito de prueba")

    response = client.post(address, {**FILLED, "home_district": ""})
    assert response.context["form"].errors.keys() == {"home_district"}
    assert not Participant.objects.exists()
    assert client.post(address, {**FILLED, "home_district": "999999"}).context["form"].errors.keys() == {
        "home_district"
    }
    assert client.post(address, {**FILLED, "home_district": district.ubigeo}).status_code == 302

    woman = Participant.objects.get()
    assert sealing.open_card(woman).home_district == district.ubigeo
    card = client.get(reverse("safe_contact_card", args=[woman.study_code])).content.decode()
    assert "Distrito de prueba" in card
    edit = reverse("safe_contact_edit", args=[woman.study_code])
    assert client.get(edit).context["form"].initial["home_district"] == district.ubigeo
    assert client.post(edit, {**FILLED, "home_district": ""}).status_code == 302
    assert queries.without_home(Participant.objects.all()).exists()


@pytest.mark.django_db
def test_answers_in_words():
    district = DistrictFactory(name="Zárate")
    with override("en"):
        assert [label for _code, label in home_choices()] == [
            "Not asked yet", "Zárate", "None of these districts", "She does not say",
        ]  # fmt: skip
        words = [home_words(code) for code in ("", "unsaid", "elsewhere", district.ubigeo, "000000")]
    assert words == ["Not asked yet", "She does not say", "None of these districts", "Zárate", "000000"]


def test_command_that_checks_the_vault_passes(care):
    enrol(care.supervisor, replace(ROSA, home_district="150142"))
    call_command("verify_vault")
