"""What every page keeps to, read from its template: errors are listed once, and forms can be left.

Words on it begin and end alike: a state in a word begins with a capital, the title of an empty list has no full stop.
"""

import re
from pathlib import Path

import pytest
from django.conf import settings

from accounts.context_processors import NAVIGATION

TEMPLATES = Path(settings.BASE_DIR) / "templates"
PAGES = {
    str(file.relative_to(TEMPLATES)): file.read_text(encoding="utf-8") for file in sorted(TEMPLATES.rglob("*.html"))
}
WITH_FORM = sorted(name for name, text in PAGES.items() if "{% crispy " in text and text.startswith("{% extends"))
NAMED = re.compile(r'{% translate "(?P<words>[^"]*)" as (?P<name>\w+) %}')
# Whoever signs in comes from nowhere; who must choose a new password goes nowhere else; the third
# is filled by pages that bring their own way back.
WITHOUT_WAY_BACK = {"registration/login.html", "registration/password_change.html", "phone/rescue.html"}
FIRST_PAGES = {name for section in NAVIGATION for name, _label in section.pages}


def given_to(component: str, part: str) -> list[tuple[str, str]]:
    """Return the template and the words of each text that a component is given as that part."""
    found = []
    for name, text in PAGES.items():
        words = {match["name"]: match["words"] for match in NAMED.finditer(text)}
        for include in re.findall(rf'{{% include "components/{component}.html" with ([^%]*)%}}', text):
            for given in re.findall(rf"\b{part}=(\w+)", include):
                found += [(name, words[given])] if given in words else []
            found += [(name, literal) for literal in re.findall(rf'\b{part}=_\("([^"]*)"\)', include)]
    return found


def test_there_are_pages_and_words():
    assert len(WITH_FORM) > 40
    assert len(given_to("status", "label")) > 20
    assert len(given_to("empty", "title")) > 20


@pytest.mark.parametrize("name", WITH_FORM)
def test_what_is_to_be_put_right_is_listed_once(name):
    assert "components/form_errors.html" not in PAGES[name], "crispy lists the errors above its form already"


@pytest.mark.parametrize("name", WITH_FORM)
def test_a_form_can_be_left(name):
    assert "<a " in PAGES[name] or Path(name).stem in FIRST_PAGES or name in WITHOUT_WAY_BACK


def test_a_state_begins_with_a_capital():
    assert [(name, words) for name, words in given_to("status", "label") if not words[0].isupper()] == []


def test_the_title_of_an_empty_list_has_no_full_stop():
    assert [(name, words) for name, words in given_to("empty", "title") if words.endswith(".")] == []
