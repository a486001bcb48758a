"""How the code is laid out: short, in its layer, and about itself only."""

import ast
import re
import subprocess

import pytest

from tests.architecture.code import (
    LAYERS,
    all_files,
    app_files,
    functions,
    imported,
    layer_files,
    parsed,
    place,
    pure_files,
)
from tests.fixtures.databases import CHECKOUT

LONGEST_FILE = 400
LONGEST_FUNCTION = 50
DRAWERS = {"utils", "helpers", "common", "misc"}
# Pure modules may name things in two languages and write enums with their transition tables, no more of Django.
DJANGO_FOR_PURE = re.compile(
    r"django\.(utils\.(translation|functional)(\..*)?|db|db\.models(\.TextChoices)?)|django\.utils"
)
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b|except Exception|except:")
# A sweep goes on past whatever failed for one woman, and fails itself at its end: the one place that catches all.
CATCHES_ALL = {"accounts/sweeping.py: except Exception as error:  # noqa: BLE001"}
# Split, so that this file does not hold them itself.
FOREIGN_WORDS = ["/wor" + "k/", "/roo" + "t/", "farm" + "-", "Co-Authored" + "-By"]
# A link of the first three names, too: git puts it where the real one is.
NOT_OURS = re.compile(r"(^|/)(node_modules|\.venv|var)(/|$)|\.(mo|min\.js|woff2?)$")


# The synthetic study is made of rows, and the access rules of requests: their modules are no rules of the trial.
NOT_PURE_APPS = {"simulation", "accounts", "audit"}
# Modules that are named by their concept and know the study's rows on purpose, each with its reason.
READS_THE_STUDY = {
    "documents/uploads.py": "takes what Django hands on as files come in",
    "participants/sealing.py": "seals rows with the keys of the settings",
    "participants/report_sealing.py": "seals the boxes of reports, as sealing.py does cards",
    "interviews/sealed_files.py": "opens the pieces of rows with the keys of the settings, as sealing.py does cards",
    "messaging/senders.py": "sends by the ways that the settings name",
    "participants/followers.py": "lets the rooms above follow a row of this one",
    "safety/notifying.py": "asks for cases to be told of once the transaction is committed",
    "participants/notifying.py": "asks for notices to be sent once the transaction is committed",
    "participants/reach.py": "asks in whose care a woman is before a service acts",
    "participants/signed_copy.py": "writes days as the reader's language does",
    "participants/replanning.py": "asks for a new plan once the transaction is committed",
    "panel/formats/writing.py": "copies rows out of the database into files",
    "stations/frame_import.py": "compares a file with the frame's rows",
    "protocol/locked_data.py": "knows by its name the rule that the database refuses a change for",
    "panel/building.py": "asks for a release to be made once the transaction is committed",
    "training/attendance_import.py": "compares a list with rosters and sessions",
}


def test_files_are_short():
    long = {place(file): lines for file in all_files() if (lines := file.read_text().count("\n")) > LONGEST_FILE}
    assert long == {}


def test_functions_are_short():
    long = {
        place(file, function): function.name
        for file in all_files()
        for function in functions(file)
        if function.end_lineno - function.lineno + 1 > LONGEST_FUNCTION
    }
    assert long == {}


def test_modules_are_named_by_what_they_hold():
    assert [place(file) for file in app_files() if DRAWERS & set(file.with_suffix("").parts)] == []


def test_nothing_is_left_unfinished_or_caught_whole():
    found = [
        f"{place(file)}: {line.strip()}"
        for file in all_files()
        if file.name != "test_layout.py"
        for line in file.read_text().splitlines()
        if UNFINISHED.search(line)
    ]
    assert {line.partition(" -")[0] for line in found} == CATCHES_ALL


def test_pure_modules_know_neither_django_nor_the_layers_above():
    layers = {f"{file.relative_to(CHECKOUT).parts[0]}.{layer}" for file in app_files() for layer in LAYERS}
    found = {
        place(file): sorted(reached)
        for file in pure_files()
        if file.relative_to(CHECKOUT).parts[0] not in NOT_PURE_APPS and place(file) not in READS_THE_STUDY
        if (
            reached := {
                name
                for name in imported(file)
                if name in layers or (name.split(".")[0] == "django" and not DJANGO_FOR_PURE.fullmatch(name))
            }
        )
    }
    assert found == {}


def test_public_functions_of_rules_queries_and_services_say_what_they_do():
    files = [*pure_files(), *layer_files("queries"), *layer_files("services")]
    silent = [
        f"{place(file, node)} {node.name}"
        for file in files
        for node in parsed(file).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert silent == []


def tracked_names() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    return [name for name in listed.stdout.split("\0") if name]


def tracked_files() -> list[str]:
    return [name for name in tracked_names() if (CHECKOUT / name).is_file()]


@pytest.mark.parametrize("word", FOREIGN_WORDS)
def test_project_speaks_of_itself_only(word):
    found = [name for name in tracked_files() if word.encode() in (CHECKOUT / name).read_bytes()]
    assert found == []


def test_nothing_of_others_is_committed():
    assert [name for name in tracked_names() if NOT_OURS.search(name)] == []
