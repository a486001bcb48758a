"""Write docs/requirements.md: each requirement, the tests that prove it, and what is not proved yet.

The requirements come from docs/requirements.toml; the tests are found by their marker, without running them.
With --check nothing is written, and the exit status is 1 if the file is stale.
"""

import ast
import sys
import tomllib
from collections import defaultdict
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
SOURCE = CHECKOUT / "docs" / "requirements.toml"
TARGET = CHECKOUT / "docs" / "requirements.md"

HEAD = """# Requirements

F: what the best systems of the field have. N: what hardly any has. A test that proves one carries its number.
This file is made by `make requirements-doc` from docs/requirements.toml and the tests; do not edit it.

{proved} of {total} are proved by a test.
"""


def main(words: list[str]) -> int:
    """Write or check the file; return the exit status."""
    text = document(requirement_groups(), proofs())
    if words == ["--check"]:
        return 0 if TARGET.exists() and TARGET.read_text() == text else 1
    TARGET.write_text(text)
    return 0


def requirement_groups() -> dict[str, dict[str, str]]:
    """Return the requirements: group → number → title."""
    with SOURCE.open("rb") as file:
        return {group["name"]: group["requirements"] for group in tomllib.load(file)["group"]}


def proofs() -> dict[str, list[str]]:
    """Return the tests that carry each number, as "file::test", or the file where all of its tests do; in order."""
    found = defaultdict(list)
    for file in sorted((CHECKOUT / "tests").rglob("test_*.py")):
        module = ast.parse(file.read_text())
        for number in marked_numbers(module_marks(module)):
            found[number].append(f"{file.relative_to(CHECKOUT)}")
        for node in ast.walk(module):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                for number in marked_numbers(node.decorator_list):
                    found[number].append(f"{file.relative_to(CHECKOUT)}::{node.name}")
    return found


def module_marks(module: ast.Module) -> list[ast.expr]:
    """Return what a module sets as pytestmark: one mark, or a list of them."""
    marks = [
        node.value
        for node in module.body
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["pytestmark"]
    ]
    return [mark for value in marks for mark in (value.elts if isinstance(value, ast.List) else [value])]


def marked_numbers(marks: list[ast.expr]) -> list[str]:
    """Return the numbers in the @pytest.mark.requirement(...) among some marks."""
    return [
        str(argument.value)
        for mark in marks
        if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.requirement"
        for argument in mark.args
        if isinstance(argument, ast.Constant)
    ]


def document(groups: dict[str, dict[str, str]], tests: dict[str, list[str]]) -> str:
    """Return the whole text."""
    total = sum(len(requirements) for requirements in groups.values())
    lines = [HEAD.format(proved=sum(bool(tests.get(n)) for group in groups.values() for n in group), total=total)]
    for name, requirements in groups.items():
        lines.append(f"## {name}\n")
        for number, title in requirements.items():
            proved_by = sorted(set(tests.get(number, [])))
            lines.append(f"- **{number}** {title}" + ("" if proved_by else ": *not proved yet*"))
            lines += [f"  - `{test}`" for test in proved_by]
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
