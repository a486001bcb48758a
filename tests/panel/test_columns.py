"""What a declaration must say, and that every stored field is classed."""

import pytest
from django.apps import apps
from django.conf import settings

from panel.columns import Column, ColumnInvalid, DataSet, Disclosure, Kind, Label
from panel.disclosure import FIELD_CLASSES
from panel.tables.panel_wave import panel_wave
from panel.tables.vocabulary import StudyTerms

LABEL = Label("Edad", "Age")


def column(name="age", **changes):
    return Column(
        **{"name": name, "kind": Kind.INTEGER, "label": LABEL, "source": "x", "expression": "g.age", **changes}
    )


def test_names_are_such_as_stata_takes():
    terms = StudyTerms(waves=(LABEL,) * 5, groups=4, levels=(LABEL,) * 4)
    assert all(len(c.name) <= 32 and c.name == c.name.lower() for c in panel_wave(terms).columns)


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "a" * 33},
        {"name": "Edad"},
        {"name": "1st"},
        {"name": "edad años"},
        {"label": Label("Edad", "")},
        {"source": ""},
        {"unit": "leguas"},
        {"disclosure": Disclosure.IDENTIFIER},
        {"disclosure": Disclosure.INTERNAL},
    ],
)
def test_column_that_is_not_whole_is_refused(changes):
    with pytest.raises(ColumnInvalid):
        column(**changes)


def test_two_columns_of_one_name_are_refused():
    with pytest.raises(ColumnInvalid, match="stands twice"):
        DataSet("panel", LABEL, (column(), column()))


def test_every_stored_field_is_classed_and_no_other():
    stored = {
        f"{model._meta.label}.{field.name}"
        for app in settings.STUDY_APPS
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.concrete_fields
    }
    assert set(FIELD_CLASSES) == stored
