"""The web process begins by itself: what tests import first hides a circle of imports."""

import subprocess
import sys

from tests.fixtures.databases import CHECKOUT


def test_the_entry_point_of_the_web_process_loads_alone():
    begun = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", "import ivp_study.wsgi"],
        cwd=CHECKOUT, env={"IVP_NO_SERVICES": "1", "PATH": ""}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (begun.returncode, begun.stderr) == (0, "")


def test_a_worker_has_read_every_view_before_anybody_asks():
    asked = "import ivp_study.wsgi, sys; sys.exit('panel.views' not in sys.modules)"
    begun = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", asked],
        cwd=CHECKOUT, env={"IVP_NO_SERVICES": "1", "PATH": ""}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (begun.returncode, begun.stderr) == (0, "")
