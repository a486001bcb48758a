"""The Spanish of the interface is complete, and the script that says so is to be believed."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from scripts import messages


def a_catalogue(**translations: str) -> Catalog:
    catalogue = Catalog(locale="es")
    for english, spanish in translations.items():
        catalogue.add(english.replace("_", " "), spanish)
    return catalogue


def problems(have: Catalog, *wanted: str) -> list[str]:
    return list(messages._problems_of(Path("x.po"), wanted, None, have))


@pytest.mark.requirement("F54")
def test_every_string_has_its_spanish():
    assert list(messages.find_problems()) == []


def test_string_without_translation_is_named():
    assert problems(a_catalogue(Save=""), "Save") == ["x.po: not translated: 'Save'"]
    assert problems(a_catalogue(), "Save") == ["x.po: not translated: 'Save'"]


def test_plural_needs_both_its_forms():
    have = Catalog(locale="es")
    have.add(("%(n)s day", "%(n)s days"), ("%(n)s día", ""))
    assert problems(have, "%(n)s day", "%(n)s days") == ["x.po: not translated: '%(n)s day'"]


def test_fuzzy_string_is_named():
    have = Catalog(locale="es")
    have.add("Save", "Guardar", flags=["fuzzy"])
    assert problems(have, "Save") == ["x.po: marked fuzzy: 'Save'"]


@pytest.mark.parametrize(
    ("english", "spanish", "is_right"),
    [
        ("From %(day)s", "Desde %(day)s", True),
        ("From %(day)s", "Desde %(dia)s", False),
        ("From %(day)s", "Desde hoy", False),
        ("From today", "Desde %(day)s", False),
        ("{n} visits", "{n} visitas", True),
        ("{n} visits", "{m} visitas", False),
    ],
)
def test_placeholders_are_those_of_the_original(english, spanish, is_right):
    have = Catalog(locale="es")
    have.add(english, spanish)
    complaint = [f"x.po: other placeholders than the original: {english!r}"]
    assert problems(have, english) == ([] if is_right else complaint)


def test_strings_are_found_in_templates_and_in_code(tmp_path):
    page, module = tmp_path / "page.html", tmp_path / "module.py"
    page.write_text(
        "{% load i18n %}<p>{% translate 'Card' %}</p>\n"
        "    {% blocktranslate trimmed count n=n %}\n"
        "        {{ n }} day\n"
        "    {% plural %}{{ n }} days{% endblocktranslate %}"
    )
    module.write_text("label = _('Week')\nother = pgettext('noun', 'Visit')\n")
    assert list(messages.extract(page)) == [
        ("Card", None),
        (("%(n)s day", "%(n)s days"), None),
    ]
    assert list(messages.extract(module)) == [
        ("Week", None),
        ("Visit", "noun"),
    ]


def test_update_keeps_what_is_translated_and_drops_what_is_unused():
    fresh = messages.updated(a_catalogue(Card="Tarjeta", Old="Viejo"), a_catalogue(Card="", Week=""))
    assert {message.id: message.string for message in fresh if message.id} == {"Card": "Tarjeta", "Week": None}


def test_strings_belong_to_the_room_of_their_file():
    spanish = Path("locale") / "es" / "LC_MESSAGES" / "django.po"
    for source, room in {
        "risk/forms.py": "risk",
        "templates/risk/risk_history.html": "risk",
        "templates/base.html": "",
        "templates/registration/login.html": "",
        "ivp_study/settings.py": "",
    }.items():
        assert messages.catalogue_of(messages.ROOT / source) == messages.ROOT / room / spanish
