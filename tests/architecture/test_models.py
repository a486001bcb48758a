"""What must hold of every model."""

import io

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import models
from django.utils.functional import Promise

from accounts.models import User

MODELS = [model for app in settings.STUDY_APPS for model in apps.get_app_config(app).get_models()]
CHOICES = sorted(
    {
        choices
        for model in MODELS
        for choices in vars(__import__(model.__module__, fromlist=["models"])).values()
        if isinstance(choices, type) and issubclass(choices, models.TextChoices)
    }
    | {
        inner
        for model in MODELS
        for inner in vars(model).values()
        if isinstance(inner, type) and issubclass(inner, models.TextChoices)
    },
    key=lambda choices: choices.__qualname__,
)
# A row of these may go with what it belongs to; everything else is protected.
MAY_CASCADE: dict[str, str] = {}


def test_there_are_models_of_every_room():
    assert {model._meta.app_label for model in MODELS} == set(settings.STUDY_APPS) - {
        "documents",
        "messaging",
        "simulation",
    }


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_constraint_is_named_after_its_room(model):
    names = [constraint.name for constraint in model._meta.constraints]
    assert [name for name in names if not name.startswith(f"{model._meta.app_label}_")] == []


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_order_leaves_no_two_rows_equal(model):
    ordering = {name.lstrip("-") for name in model._meta.ordering}
    unique_alone = {"pk", *(field.name for field in model._meta.fields if field.unique)}
    unique_together = [
        set(constraint.fields)
        for constraint in model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields and constraint.condition is None
    ]
    assert ordering & unique_alone or any(fields <= ordering for fields in unique_together)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_rows_that_others_refer_to_are_protected(model):
    for field in model._meta.fields:
        if isinstance(field, models.ForeignKey) and str(field) not in MAY_CASCADE:
            assert field.remote_field.on_delete is models.PROTECT, str(field)


@pytest.mark.parametrize("choices", CHOICES, ids=lambda choices: choices.__qualname__)
def test_every_choice_has_a_label_to_translate(choices):
    if choices is User.Language:
        return  # a language is named in itself
    assert [member for member in choices if not isinstance(member._label_, Promise)] == []


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, stdout=io.StringIO())
