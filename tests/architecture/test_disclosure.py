"""What may leave the study: every stored field has a class."""

import re
from collections import Counter
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from panel.disclosure import FIELD_CLASSES

FIELDS = {
    f"{model._meta.label}.{field.name}"
    for app in settings.STUDY_APPS
    for model in apps.get_app_config(app).get_models()
    for field in (*model._meta.concrete_fields, *model._meta.local_many_to_many)
}


@pytest.mark.requirement("F37")
def test_every_field_is_classed_for_export():
    assert sorted(FIELDS - set(FIELD_CLASSES)) == []


def test_no_class_is_given_to_a_field_that_is_gone():
    assert sorted(set(FIELD_CLASSES) - FIELDS) == []


def test_no_model_is_classed_in_two_places():
    # The later one would win in silence, and might say less of what a field gives away.
    texts = [file.read_text(encoding="utf-8") for file in (Path(settings.BASE_DIR) / "panel/disclosure").glob("*.py")]
    classed = Counter(name for text in texts for name in re.findall(r'classed\(\s*"([\w.]+)"', text))
    assert [name for name, places in classed.items() if places > 1] == []


def test_every_model_is_classed_in_the_module_of_its_room():
    modules = {
        room: import_module(f"panel.disclosure.{room}") for room in {name.split(".")[0] for name in FIELD_CLASSES}
    }
    assert {
        name: room for room, module in modules.items() for name in module.FIELDS if name.split(".")[0] != room
    } == {}
