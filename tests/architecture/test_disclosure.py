"""What may leave the study: every stored field has a class."""

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
