"""The study's settings on servers of the tests' own: their data in var/test, written without waiting for the disk."""

import os
from pathlib import Path

os.environ.setdefault("IVP_VAR", str(Path(__file__).resolve().parent.parent / "var" / "test"))
os.environ["IVP_TEST"] = "1"
# A queue for each process of the tests: the worker of one must not take the tasks of another.
os.environ["IVP_QUEUE"] = f"test-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}:"

from ivp_study.settings import *  # noqa: F403 (the environment is read while they load)
