"""Versions of the consent text: loaded once, frozen when signed, and what they ask of older consents."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command

from audit.models import Event
from participants import queries, services
from participants.models import Consent, ConsentText
from participants.services import load_consent_text
from tests.factories import CONSENT_FILE, NOW, ConsentFactory, ConsentTextFactory, ParticipantFactory
from tests.fixtures.study import SYSTEM

TEXT = CONSENT_FILE.read_text(encoding="utf-8")
FIRST, NEXT = "valid_from = 2020-01-01", "valid_from = 2026-12-01"


def version(number: str, *, begins: str = NEXT, renews: str = "[]", grace_days: int = 0, ends: str = "") -> str:
    changes = {
        'version = "1"': f'version = "{number}"',
        FIRST: begins + (f"\nvalid_until = {ends}" if ends else ""),
        "renews = []": f"renews = {renews}",
        "grace_days = 0": f"grace_days = {grace_days}",
    }
    text = TEXT
    for old, new in changes.items():
        text = text.replace(old, new)
    return text


def load(text: str):
    return load_consent_text(by=SYSTEM, text=text, name="text.toml", now=NOW)


@pytest.mark.django_db
def test_loading_the_same_again_changes_nothing():
    first, was_new = load(TEXT)
    again, is_new = load(TEXT)

    assert (again, was_new, is_new) == (first, True, False)
    assert list(Event.objects.values_list("action", "object_id")) == [("participants.load_consent_text", "1")]


@pytest.mark.django_db
def test_a_version_may_be_replaced_until_it_is_signed():
    load(TEXT)
    changed, is_new = load(TEXT.replace("Consent to take part", "Consent to join in"))
    assert is_new
    assert queries.consent_file(changed).in_language("en").title == "Consent to join in"

    ConsentText.objects.update(frozen_at=NOW)
    with pytest.raises(services.ConsentTextFrozen):
        load(TEXT)
    assert queries.consent_file(ConsentText.objects.get()).in_language("en").title == "Consent to join in"


@pytest.mark.django_db
def test_two_versions_do_not_begin_on_one_day():
    load(TEXT)
    with pytest.raises(services.ConsentTextDayTaken):
        load(version("2", begins=FIRST))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2019, 12, 31), None),
        (date(2020, 1, 1), "1"),
        (date(2026, 11, 30), "1"),
        (date(2026, 12, 1), "2"),
        (date(2026, 12, 31), "2"),
        # What has ended is not signed any more, and the text before it does not come back.
        (date(2027, 1, 1), None),
    ],
)
def test_the_text_signed_is_the_one_that_began_last(day, expected):
    load(TEXT)
    load(version("2", ends="2026-12-31"))

    text = queries.consent_text_in_force(day)

    assert (text and text.version) == expected


@pytest.mark.django_db
def test_an_older_consent_lapses_after_the_days_of_grace_in_the_scopes_that_are_renewed():
    woman = ParticipantFactory(scopes=("visits", "surveys"))
    load(TEXT)
    load(version("2", renews='["surveys", "audio"]', grace_days=14))

    assert dict(woman.consents.values_list("scope", "lapses_on")) == {"visits": None, "surveys": date(2026, 12, 15)}
    in_force = {
        day: sorted(Consent.objects.in_force(day).values_list("scope", flat=True))
        for day in (date(2026, 12, 14), date(2026, 12, 15))
    }
    assert in_force == {date(2026, 12, 14): ["surveys", "visits"], date(2026, 12, 15): ["visits"]}


@pytest.mark.django_db
def test_the_earliest_of_several_demands_counts_and_one_taken_back_no_longer_does():
    woman = ParticipantFactory(scopes=("surveys",))
    signed_already = ParticipantFactory(scopes=())
    ConsentFactory(participant=signed_already, scope="surveys", text_version="3")
    load(TEXT)
    load(version("2", renews='["surveys"]', grace_days=60))
    load(version("3", begins="valid_from = 2026-12-10", renews='["surveys"]', grace_days=7))

    assert woman.consents.get().lapses_on == date(2026, 12, 17)
    assert signed_already.consents.get().lapses_on is None

    load(version("3", begins="valid_from = 2026-12-10"))
    assert woman.consents.get().lapses_on == date(2027, 1, 30)


@pytest.mark.django_db
def test_a_consent_that_ended_does_not_lapse():
    woman = ParticipantFactory(scopes=("surveys",))
    woman.consents.update(ended_at=NOW)
    load(version("2", renews='["surveys"]'))
    assert woman.consents.get().lapses_on is None


@pytest.mark.django_db
def test_command_tells_what_was_loaded_and_what_is_wrong(tmp_path, capsys):
    call_command("load_consent", str(CONSENT_FILE))
    call_command("load_consent", str(CONSENT_FILE))
    assert [line.split(" (")[0] for line in capsys.readouterr().out.splitlines()] == [
        "Consent text 1 loaded, from 2020-01-01",
        "Consent text 1 was already loaded, from 2020-01-01",
    ]

    (tmp_path / "bad.toml").write_text(TEXT.replace("renews = []", "renews = 3"))
    for file, sentence in (("bad.toml", "bad.toml: renews: Input should be"), ("none.toml", "cannot be read")):
        with pytest.raises(CommandError, match=sentence) as error:
            call_command("load_consent", str(tmp_path / file))
        assert error.value.returncode == 2
    assert ConsentText.objects.count() == 1


@pytest.mark.django_db
def test_shipped_text_is_the_one_that_the_factories_load():
    assert queries.consent_file(ConsentTextFactory()).version == "1"
