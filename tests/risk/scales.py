"""Scales for tests: the shipped FVR, and a small one that uses what the FVR does not."""

import json
from typing import Any

from risk.scale_file import Scale, parse_scale
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
