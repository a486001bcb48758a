"""Scales for tests: the shipped FVR, and a small one that uses what the FVR does not."""

import json
from typing import Any

from risk.scale_file import Scale
from risk.scale_parsing import parse_scale
from risk.scale_source import SHIPPED, read_scale

FVR: Scale = read_scale(SHIPPED["FVR_PAREJA"])
SCORED = [item.id for item in FVR.items if not item.info]


def small_scale(**changes: Any) -> dict[str, Any]:
    document: dict[str, Any] = {
        "code": "SMALL",
        "title_es": "Escala pequeña",
        "source": "invented for tests",
        "items": [
            {"id": "a", "text": "A", "si": 0, "no": 0, "filter": {"no": "skip b, c"}},
            {"id": "b", "text": "B", "si": 1, "no": 0, "filter": {"si": "skip c"}},
            {"id": "c", "text": "C", "si": 2, "no": 0},
            {"id": "d", "text": "D", "si": -3, "no": 0},
            {"id": "e", "text": "E", "si": 4, "no": 0},
        ],
        "levels": [
            {"min": -3, "max": 0, "code": "low", "label": "Bajo"},
            {"min": 1, "max": 3, "code": "middle", "label": "Medio"},
            {"min": 4, "max": 7, "code": "high", "label": "Alto"},
        ],
        "override": [
            {"when": "two steps", "effect": "raise 2 levels", "code": "two"},
            {"when": "one step", "effect": "raise one level", "code": "one"},
        ],
    }
    return document | changes


SMALL = parse_scale(json.dumps(small_scale()), "small.json")
PRORATED = parse_scale(json.dumps(small_scale(code="PRORATED", prorating={"max_missing": 2})), "prorated.json")
DANGER: Scale = read_scale(SHIPPED["DANGER_ASSESSMENT"])
ODARA: Scale = read_scale(SHIPPED["ODARA"])
VIOGEN: Scale = read_scale(SHIPPED["VIOGEN"])


def graded_scale(**changes: Any) -> dict[str, Any]:
    """A scale whose first item is not asked by yes or no, and which makes up for blanks by a table."""
    document: dict[str, Any] = {
        "code": "GRADED",
        "title_es": "Escala graduada",
        "source": "invented for tests",
        "items": [
            {
                "id": "often",
                "text": "¿Cuántas veces?",
                "answers": [
                    {"code": "never", "label_es": "Nunca", "label_en": "Never", "score": 0},
                    {"code": "once", "label_es": "Una vez", "score": 1},
                    {"code": "more", "label_es": "Más veces", "label_en": "More often", "score": 2},
                ],
            },
            {"id": "b", "text": "B", "si": 1, "no": 0},
            {"id": "c", "text": "C", "si": 1, "no": 0},
        ],
        "levels": [
            {"min": 0, "max": 1, "code": "low", "label": "Bajo", "reassessment_days": 60, "visits_a_week": 2},
            {"min": 2, "max": 4, "code": "high", "label": "Alto", "reassessment_days": 7, "visits_a_week": 5},
        ],
        "alerts": [{"code": "again", "item": "often", "answer": "more", "label_es": "De nuevo", "label_en": "Again"}],
        "prorating": {"max_missing": 2, "table": [[0, 1, 3, 4, 4], [0, 2, 4, 4, 4]]},
    }
    return document | changes


GRADED = parse_scale(json.dumps(graded_scale()), "graded.json")
