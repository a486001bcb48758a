import pytest

from messaging.texts import LONGEST_TEXT, TextsInvalid, message_text, parse_texts, text_codes
from tests.architecture.test_access import TELLING


@pytest.mark.requirement("F55")
@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("code", text_codes())
def test_a_text_tells_nothing_and_fits_one_message(code: str, language: str) -> None:
    text = message_text(code, language)

    assert TELLING.findall(text.lower()) == []
    assert len(text) <= LONGEST_TEXT
    assert "%" not in text
    assert "{" not in text


def test_spanish_unless_english_is_asked_for() -> None:
    assert message_text("call_me", "en-gb").startswith("Hello")
    assert message_text("call_me", "qu").startswith("Hola")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ('[a]\nes = "Hola"', "a: expected one text in each of es, en"),
        ('[a]\nes = "Hola"\nen = " "', "a.en: expected 1 to 160 letters, found 1"),
        (f'[a]\nes = "{"x" * 161}"\nen = "x"', "a.es: expected 1 to 160 letters, found 161"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(source: str, message: str) -> None:
    with pytest.raises(TextsInvalid, match=message):
        parse_texts(source)
