"""Counts are written alike wherever they stand."""

import pytest
from django.template import Context, Template
from django.utils import translation


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize(
    ("value", "written"),
    [(0, "0"), (999, "999"), (1000, "1,000"), (1234567, "1,234,567"), (None, "·"), ("1 d", "1 d"), (True, "True")],
)
def test_thousands_are_told_apart_and_nothing_else_is_touched(language, value, written):
    template = Template('{% load numbers %}{{ value|grouped|default_if_none:"·" }}')
    with translation.override(language):
        assert template.render(Context({"value": value})) == written
