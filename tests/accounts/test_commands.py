"""Each command of the study answers wrong arguments with one line and exit status 2."""

import subprocess
import sys
from pathlib import Path

import pytest

# The audit stands below the accounts, whose command class the others share.
COMMANDS = sorted(
    file.stem
    for file in Path().glob("*/management/commands/*.py")
    if file.stem != "__init__" and file.parts[0] != "audit"
)


@pytest.mark.parametrize("command", COMMANDS)
def test_wrong_argument_costs_one_line(command, monkeypatch):
    monkeypatch.setenv("IVP_NO_SERVICES", "1")
    done = subprocess.run(
        [sys.executable, "manage.py", command, "--no-such-option"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith(f"manage.py {command}: error: ")
