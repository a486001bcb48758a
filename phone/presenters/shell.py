"""The application on the phone: the files that it is made of, and the version that changes when one of them does."""

import hashlib
import json
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static


@dataclass(frozen=True, slots=True)
class Shell:
    """An application: its name for the browser's store, folders with what it takes of them, and single files."""

    name: str
    folders: tuple[tuple[str, str], ...]
    files: tuple[str, ...]


FOLDERS = (("js/offline", "*.js"), ("js/phone", "*.js"))
FILES = (
    "css/app.css",
    "css/phone.css",
    "icons/agenda-192.png",
    "icons/agenda.svg",
    "js/left.js",
    "vendor/bootstrap/css/bootstrap.min.css",
    "vendor/idb/index.js",
)
WORKER = "js/phone/worker.js"
VISITS = Shell("agenda", FOLDERS, FILES)
# With all that shows a questionnaire, so that those who visit load nothing of it.
NOTEBOOK = Shell(
    "cuaderno",
    # Its maps are left out: no question of ours is answered on one.
    (*FOLDERS, ("js/notebook", "*.js"), ("vendor/web-forms/", "index*.js")),
    (
        *FILES,
        "css/web_form.css",
        "js/surveys/earlier.js",
        "js/surveys/form.js",
        "js/surveys/gradually.js",
        "vendor/vue/vue.runtime.esm-browser.prod.js",
    ),
)


def shell_files(shell: Shell = VISITS) -> dict[str, Path]:
    """Return by static name every file of an application, but not its worker."""
    names = list(shell.files)
    for folder, pattern in shell.folders:
        found = finders.find(folder)
        names += [f"{folder.rstrip('/')}/{file.name}" for file in sorted(Path(found).glob(pattern))] if found else []
    return {name: Path(file) for name in sorted(names) if name != WORKER and (file := finders.find(name))}


def address_of(name: str) -> str:
    """Return where the phone finds a file: modules by their plain names, as they import each other."""
    return f"{settings.STATIC_URL}{name}" if name.endswith(".js") else static(name)


def bytes_of(name: str) -> bytes:
    """Return a file as it is served: where addresses carry hashes, style sheets have those of what they refer to."""
    if settings.WHITENOISE_USE_FINDERS:
        return Path(finders.find(name) or "").read_bytes()
    with staticfiles_storage.open(address_of(name).removeprefix(settings.STATIC_URL)) as file:
        return file.read()


def worker_source(page_url: str, page: bytes, others: dict[str, bytes], shell: Shell = VISITS) -> str:
    """Return the worker's code, told what to keep: `self.SHELL` = {name, version, page, files}.

    `files` gives the digest of each address, as a browser checks it: what the page has loaded is not asked for again,
    and a file of another version is never kept. `others` are what no file holds, by address.
    """
    worker = Path(finders.find(WORKER) or "").read_bytes()
    files = {address_of(name): bytes_of(name) for name in shell_files(shell)} | others
    digests = {address: _digest(content) for address, content in files.items()}
    version = _version(page, worker, json.dumps(digests, sort_keys=True).encode())
    told = {"name": shell.name, "version": version, "page": page_url, "files": digests}
    return f"self.SHELL = {json.dumps(told, sort_keys=True)};\n{worker.decode()}"


def manifest(page_url: str) -> dict[str, object]:
    """Return what the browser shows of the installed application: a name that says nothing."""
    return {
        "id": page_url,
        "name": "Agenda",
        "short_name": "Agenda",
        "start_url": page_url,
        "scope": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#ffffff",
        "icons": [
            _icon("agenda-192.png", "192x192", "any"),
            _icon("agenda-512.png", "512x512", "any"),
            _icon("agenda-maskable-192.png", "192x192", "maskable"),
            _icon("agenda-maskable-512.png", "512x512", "maskable"),
        ],
    }


def _version(*parts: bytes) -> str:
    whole = hashlib.sha256()
    for part in parts:
        whole.update(hashlib.sha256(part).digest())
    return whole.hexdigest()[:16]


def _digest(content: bytes) -> str:
    return f"sha256-{b64encode(hashlib.sha256(content).digest()).decode()}"


def _icon(name: str, sizes: str, purpose: str) -> dict[str, str]:
    return {"src": static(f"icons/{name}"), "sizes": sizes, "type": "image/png", "purpose": purpose}
