"""Charts: drawn by the server, titled by what they say, with their numbers beside them, in colours of the theme.

Every drawing of every template is looked at. One that is new and says no finding fails, unless it is a topic by nature.
"""

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from django.conf import settings

TEMPLATES = Path(settings.BASE_DIR) / "templates"
CSS = (Path(settings.BASE_DIR) / "static" / "css" / "app.css").read_text(encoding="utf-8")
SVG = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
TITLE = re.compile(r"<title id=[^>]*>(.*?)</title>", re.DOTALL)
# Pictures without anything to find in them: how a column's values are spread, which levels a scale has.
TOPICS = {
    "panel/_column.html",
    "risk/scale_detail.html",
}
# A chart's lines and marks against what lies below them (WCAG 2.2, 1.4.11).
LEAST_CONTRAST = 3.0
DRAWN_IN = ("--accent", "--warn", "--arm-1", "--arm-2", "--arm-3", "--arm-4", "--ink-soft", "--ink")


def drawings() -> Iterator[tuple[str, str]]:
    """Yield the template and the text of each drawing that is more than an ornament beside its own number."""
    for file in sorted(TEMPLATES.rglob("*.html")):
        for found in SVG.findall(file.read_text(encoding="utf-8")):
            if 'aria-hidden="true"' not in found.split(">", 1)[0]:
                yield str(file.relative_to(TEMPLATES)), found


def with_parts(name: str) -> str:
    """Return a template's text with what it includes put in place."""
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    return re.sub(
        r'{% include "([^"]+)"[^%]*%}',
        lambda found: with_parts(found[1]) if not found[1].startswith("components/") else "",
        text,
    )


def pages_with(part: str) -> list[str]:
    """Return the pages that hold a drawing's template, itself or through another part."""
    pages = [str(file.relative_to(TEMPLATES)) for file in TEMPLATES.rglob("*.html") if not file.name.startswith("_")]
    own = (TEMPLATES / part).read_text(encoding="utf-8")
    return [page for page in sorted(pages) if own in with_parts(page)]


DRAWINGS = list(drawings())


def test_there_are_charts():
    assert {"monitoring/_trend.html", "quality/_funnel.html", "monitoring/_flow_drawing.html"} <= {
        name for name, _text in DRAWINGS
    }
    assert {name for name, _text in DRAWINGS} >= TOPICS


@pytest.mark.parametrize(("name", "text"), DRAWINGS, ids=[name for name, _text in DRAWINGS])
def test_a_title_states_the_finding(name, text):
    if name in TOPICS:
        return
    labelled = re.search(r'aria-label="([^"]*)"', text)
    title = TITLE.search(text)
    said = title[1] if title else labelled[1] if labelled else ""
    assert re.fullmatch(r"{{ [\w.]*finding }}", said), said
    # and whoever sees it reads it, too
    shown = (TEMPLATES / name).read_text(encoding="utf-8").replace(text, "")
    assert said in shown


@pytest.mark.parametrize("name", sorted({name for name, _text in DRAWINGS}))
def test_its_numbers_are_a_table_of_the_same_page(name):
    pages = [name] if not Path(name).name.startswith("_") else pages_with(name)
    assert pages
    assert [page for page in pages if "<table" not in with_parts(page)] == []


@pytest.mark.parametrize(("name", "text"), DRAWINGS, ids=[name for name, _text in DRAWINGS])
def test_it_takes_its_colours_from_the_theme(name, text):
    assert re.findall(r'(?:fill|stroke|style|color)="[^"]*"', text) == []


def test_every_rule_of_a_chart_names_a_colour_of_the_theme():
    rules = re.findall(r"^\.(?:chart|flow|arm|band)[^{]*\{([^}]*)\}", CSS, re.MULTILINE)
    colours = [value.strip() for rule in rules for value in re.findall(r"(?:fill|stroke|background)\s*:([^;]*)", rule)]
    assert colours
    assert [value for value in colours if not (value == "none" or value.startswith("var(--"))] == []


def test_lines_differ_by_more_than_their_colour():
    dashes = re.findall(r"^\.chart-line-\d \{[^}]*?(stroke-dasharray: [^;]*|stroke-width: [^;]*);", CSS, re.MULTILINE)
    assert len(dashes) == 4
    assert len(set(dashes)) == 4


def theme(*, dark: bool) -> dict[str, str]:
    """Return the theme's colours as hexadecimal digits by name."""
    light_rules, dark_rules = CSS.split("@media screen and (prefers-color-scheme: dark)", 1)
    text = dark_rules.split("\n}\n", 1)[0] if dark else light_rules
    found: dict[str, str] = {}
    for name, value in re.findall(r"(--[\w-]+): (#[0-9a-fA-F]{6});", text):
        found.setdefault(name, value)
    return found


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2.2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(("name", "dark"), list(product(DRAWN_IN, (False, True))))
def test_what_is_drawn_stands_out_in_light_and_in_dark(name, dark):
    colours = theme(dark=dark)
    light, shade = sorted((luminance(colours[name]), luminance(colours["--surface"])), reverse=True)
    assert (light + 0.05) / (shade + 0.05) >= LEAST_CONTRAST
