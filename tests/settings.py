"""The study's settings on servers of the tests' own: their data in var/test, written without waiting for the disk."""

import os
from pathlib import Path

os.environ.setdefault("IVP_VAR", str(Path(__file__).resolve().parent.parent / "var" / "test"))
os.environ["IVP_TEST"] = "1"

from ivp_study.settings import *  # noqa: F403 (the environment is read while they load)
