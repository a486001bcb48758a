"""The phone's pure core in Node, and the vectors that prove that phone and server reckon alike.

After a change of the declaration or of a shipped scale, IVP_WRITE_VECTORS=1 writes the vectors anew.
"""

import json
import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from risk.scale_file import BY_HAND, YES_NO, Scale
from risk.scale_source import SHIPPED, read_scale
from risk.scoring import score
from tests.fixtures.databases import CHECKOUT
from visits.log_fields import as_data

VECTORS = CHECKOUT / "tests" / "vectors"
SCALES = {code: scale for code, path in SHIPPED.items() if (scale := read_scale(path)).kind != BY_HAND}
FORMS_A_SCALE = 40
FORMS_COMPARED = 1_500


def node() -> str:
    found = shutil.which("node") or shutil.which("node", path=str(CHECKOUT / ".venv" / "bin"))
    if found is None:
        pytest.fail("no Node.js found: make setup brings one")
    return found


def run_node(*words: str, given: str = "", timeout_s: int = 500) -> str:
    done = subprocess.run(
        [node(), *words], cwd=CHECKOUT, input=given, capture_output=True, text=True, check=False, timeout=timeout_s
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    return done.stdout


def filled_form(rng: random.Random, scale: Scale) -> tuple[dict, dict]:
    """Answer at random, with more or fewer blanks."""
    blanks = rng.choice([0, 0.05, 0.3, 0.9])

    def answer(offered) -> str | None:
        return None if rng.random() < blanks else rng.choice(list(offered))

    answers = {item.id: answer(item.scores) for item in scale.items}
    return answers, {override.code: answer(YES_NO) for override in scale.override}


def scored(code: str, answers: dict, overrides: dict) -> dict:
    result = score(SCALES[code], answers, overrides)
    return {
        "score": result.score, "level": result.level, "complete": result.complete,
        "missing": list(result.missing), "skipped": list(result.skipped),
    }  # fmt: skip


def cases() -> list[dict]:
    rng, found = random.Random(30364), []
    for code, scale in sorted(SCALES.items()):
        uniform = [({item.id: said for item in scale.items}, {}) for said in YES_NO if said in scale.items[0].scores]
        for number, (answers, overrides) in enumerate(
            [*uniform, *(filled_form(rng, scale) for _n in range(FORMS_A_SCALE))], start=1
        ):
            found.append(
                {"name": f"{code} {number}", "scale": code, "answers": answers, "overrides": overrides,
                 "result": scored(code, answers, overrides)}
            )  # fmt: skip
    return found


def vectors_now() -> dict[str, object]:
    return {
        "log_declaration": as_data(),
        "scale_scores": {
            "scales": {code: scale.model_dump(mode="json") for code, scale in sorted(SCALES.items())},
            "cases": cases(),
        },
    }


@pytest.mark.parametrize("name", ["log_declaration", "scale_scores"])
def test_vectors_are_those_of_the_declaration_and_the_shipped_scales(name):
    file, now = VECTORS / f"{name}.json", json.loads(json.dumps(vectors_now()[name]))
    if os.environ.get("IVP_WRITE_VECTORS"):
        file.write_text(json.dumps(now, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert json.loads(file.read_text(encoding="utf-8")) == now


@pytest.mark.requirement("F20", "N3")
def test_the_phones_core_passes_its_own_tests():
    tests = sorted(str(file.relative_to(CHECKOUT)) for file in (CHECKOUT / "tests" / "js").glob("*.test.js"))
    assert len(tests) == 9
    assert "# fail 0" in run_node("--test", "--test-reporter=tap", *tests)


def test_both_scorers_agree_on_any_form(tmp_path: Path):
    rng = random.Random(30365)
    forms = [(code, *filled_form(rng, scale)) for code, scale in SCALES.items() for _n in range(FORMS_COMPARED)]
    script = tmp_path / "score_all.mjs"
    module = (CHECKOUT / "static" / "js" / "offline" / "score.js").as_uri()
    script.write_text(
        f'import {{ score }} from "{module}";\n'
        'import { readFileSync } from "node:fs";\n'
        "const { scales, forms } = JSON.parse(readFileSync(0, 'utf8'));\n"
        "const results = forms.map(([code, answers, overrides]) => score(scales[code], answers, overrides));\n"
        "console.log(JSON.stringify(results));\n"
    )
    scales = {code: scale.model_dump(mode="json") for code, scale in SCALES.items()}
    answered = json.loads(run_node(str(script), given=json.dumps({"scales": scales, "forms": forms})))
    assert answered == [scored(*form) for form in forms]
