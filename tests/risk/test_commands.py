import shutil
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from risk.models import Scale
from risk.scale_source import SHIPPED
from tests.risk.test_answers_file import HEADER, _row


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    path = tmp_path / "answers.csv"
    path.write_text(f"{HEADER}\n{_row('a')}\n{_row('b', q2a='si', q4='')}\n{_row('c', q2a='si', qpregnancy='si')}\n")
    return path


SCORES = "id,score,level,complete\na,4,leve,true\nb,4,,false\nc,8,severo_1,true\n"


@pytest.mark.parametrize("scale", ["FVR_PAREJA", str(SHIPPED["FVR_PAREJA"])])
def test_score_scale_writes_a_score_for_each_form(db, answers, tmp_path, scale):
    said = StringIO()

    call_command("score_scale", scale=scale, answers=answers, out=tmp_path / "out.csv", stdout=said)

    assert (tmp_path / "out.csv").read_text() == SCORES
    assert said.getvalue() == "3 forms scored with FVR_PAREJA 2019.1, 1 incomplete\n"


def test_score_scale_needs_no_supplement(db, answers, tmp_path):
    alone = shutil.copy(SHIPPED["FVR_PAREJA"], tmp_path / "alone.json")

    call_command("score_scale", scale=str(alone), answers=answers, out=tmp_path / "out.csv", stdout=StringIO())

    assert (tmp_path / "out.csv").read_text() == SCORES


@pytest.mark.parametrize(
    ("scale", "text", "message"),
    [
        (
            "FVR_PAREJA",
            f"{HEADER}\n{_row('a', q1='x')}",
            'answers.csv, row 2, column 1: "x" is neither si, no nor empty',
        ),
        ("FVR_PAREJA", None, "answers.csv: No such file or directory"),
        ("NOBODY", HEADER, "NOBODY: no scale of this code is loaded, and no file has this name"),
        ("absent.json", HEADER, "absent.json: the file cannot be read (No such file or directory)"),
    ],
)
def test_score_scale_refuses_bad_input_with_status_2_and_writes_nothing(db, tmp_path, scale, text, message):
    answers = tmp_path / "answers.csv"
    if text is not None:
        answers.write_text(text)

    with pytest.raises(CommandError) as caught:
        call_command("score_scale", scale=scale, answers=answers, out=tmp_path / "out.csv")

    assert (str(caught.value), caught.value.returncode) == (message, 2)
    assert [path.name for path in tmp_path.iterdir() if path != answers] == []


def test_score_scale_keeps_an_earlier_result_when_the_new_one_fails(db, tmp_path):
    (tmp_path / "out.csv").write_text("kept")
    (tmp_path / "answers.csv").write_text("id")

    with pytest.raises(CommandError):
        call_command("score_scale", scale="FVR_PAREJA", answers=tmp_path / "answers.csv", out=tmp_path / "out.csv")

    assert (tmp_path / "out.csv").read_text() == "kept"


def test_score_scale_names_a_folder_that_is_not_there(db, answers, tmp_path):
    with pytest.raises(CommandError, match="No such file or directory") as caught:
        call_command("score_scale", scale="FVR_PAREJA", answers=answers, out=tmp_path / "absent" / "out.csv")

    assert caught.value.returncode == 2


def test_load_scale_loads_the_shipped_fvr(db):
    said = StringIO()

    call_command("load_scale", SHIPPED["FVR_PAREJA"], stdout=said)

    assert said.getvalue() == "FVR_PAREJA 2019.1: 22 items, 4 levels\n"
    assert Scale.objects.get().content["override"][0]["code"] == "pregnancy"


def test_load_scale_refuses_a_file_that_is_no_scale(db, tmp_path):
    (tmp_path / "bad.json").write_text("{}")

    with pytest.raises(CommandError) as caught:
        call_command("load_scale", tmp_path / "bad.json")

    assert (str(caught.value), caught.value.returncode) == (
        "\n".join(f"bad.json: {key}: this key is missing" for key in ("code", "title_es", "source", "levels")),
        2,
    )
    assert not Scale.objects.exists()


def test_commands_exit_2_with_one_line_on_the_command_line(committed_study, tmp_path):
    done = subprocess.run(
        [sys.executable, "manage.py", "score_scale", "--scale", "NOBODY", "--answers", "a.csv", "--out", "o.csv"],
        env=committed_study.environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "CommandError: NOBODY: no scale of this code is loaded, and no file has this name\n"
