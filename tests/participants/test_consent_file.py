"""The consent file: the shipped text is whole, what is wrong with a file is named, what changed is shown."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participants.consent_file import ConsentFileError, Piece, parse_consent, text_differences
from participants.consent_scopes import Scope
from tests.factories import CONSENT_FILE

TEXT = CONSENT_FILE.read_text(encoding="utf-8")
WORDS = st.text(alphabet="ab \n", max_size=30)


def test_shipped_text_has_every_scope_in_both_languages_and_says_that_nobody_approved_it():
    file = parse_consent(TEXT, name="1.toml")

    assert (file.version, file.approval, file.renews) == ("1", "", [])
    assert list(file.languages) == ["es", "en"]
    for wording in file.languages.values():
        assert list(wording.parts()) == ["title", "introduction", *Scope.values, "closing"]
        assert all(wording.parts().values())


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('version = "1"', 'version = "1 a"', "c.toml: version: String should match pattern"),
        ('approval = ""\n', "", "c.toml: approval: missing; the file must say it"),
        ("renews = []", 'renews = ["visit"]', "c.toml: renews[1]: Input should be 'visits', 'surveys',"),
        ("grace_days = 0", "grace_days = -1", "c.toml: grace_days: Input should be greater than or equal to 0, found"),
        ("grace_days = 0", "grace_days = 366", "c.toml: grace_days: Input should be less than or equal to 365, found"),
        ("grace_days = 0", "grace_day = 0", "c.toml: grace_day: unknown key"),
        ("valid_from = 2020-01-01", "valid_from = 2020-01-32", "c.toml: not valid TOML"),
        (
            "valid_from = 2020-01-01",
            "valid_from = 2020-01-01\nvalid_until = 2019-12-31",
            "c.toml: valid_until: expected 2020-01-01 or later, found 2019-12-31",
        ),
        ("[languages.es.scopes]\nvisits", "[languages.es.scopes]\nvisit", "languages.es.scopes.visit: Input should be"),
        ("languages.es", "languages.qu", "c.toml: languages: expected at least es, found qu, en"),
    ],
)
def test_problem_is_named_with_file_key_and_what_was_expected(old, new, sentence):
    assert old in TEXT
    with pytest.raises(ConsentFileError) as error:
        parse_consent(TEXT.replace(old, new), name="c.toml")
    assert sentence in str(error.value)


def test_a_scope_without_words_is_named():
    audio = next(line for line in TEXT.splitlines() if line.startswith("audio"))
    with pytest.raises(ConsentFileError) as error:
        parse_consent(TEXT.replace(audio, ""), name="c.toml")
    assert str(error.value) == "c.toml: languages.es.scopes: every scope needs its text, missing: audio"


def test_a_day_of_end_may_be_the_first_day():
    text = TEXT.replace("valid_from = 2020-01-01", "valid_from = 2020-01-01\nvalid_until = 2020-01-01")
    assert parse_consent(text, name="c.toml").valid_until == date(2020, 1, 1)


def test_what_changed_is_shown_word_by_word():
    older = parse_consent(TEXT, name="1.toml").in_language("en")
    newer = older.model_copy(update={"title": "Consent to join in"})

    differences = text_differences(older, newer)

    assert differences["title"] == [Piece("same", "Consent to "), Piece("out", "take part"), Piece("in", "join in")]
    assert {piece.kind for name, pieces in differences.items() if name != "title" for piece in pieces} == {"same"}


@given(WORDS, WORDS)
def test_differences_hold_both_texts_whole(before, after):
    wording = parse_consent(TEXT, name="1.toml").in_language("es")
    pieces = text_differences(
        wording.model_copy(update={"closing": before}), wording.model_copy(update={"closing": after})
    )["closing"]

    assert "".join(piece.text for piece in pieces if piece.kind != "in").split() == before.split()
    assert "".join(piece.text for piece in pieces if piece.kind != "out") == after.strip()
