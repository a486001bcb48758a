"""The study starts as gunicorn starts it: nothing imported before the application itself."""

import os
import subprocess
import sys

from tests.fixtures.databases import CHECKOUT


def test_application_loads_by_itself():
    environment = {**os.environ, "IVP_NO_SERVICES": "1", "DJANGO_SETTINGS_MODULE": "ivp_study.settings"}
    words = [sys.executable, "-W", "ignore", "-c", "import ivp_study.wsgi"]
    done = subprocess.run(words, cwd=CHECKOUT, env=environment, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
