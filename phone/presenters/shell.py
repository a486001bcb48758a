"""The application on the phone: the files that it is made of, and the version that changes when one of them does."""

import hashlib
import json
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static

# Whole folders of modules, and single files.
FOLDERS = ("js/offline", "js/phone")
FILES = (
    "css/app.css",
    "css/phone.css",
    "icons/agenda-192.png",
    "icons/agenda.svg",
    "vendor/bootstrap/css/bootstrap.min.css",
    "vendor/font/source-sans-3-latin-wght-normal.woff2",
    "vendor/idb/index.js",
)
WORKER = "js/phone/worker.js"


def shell_files() -> dict[str, Path]:
    """Return by static name every file of the application, but not its worker."""
    names = list(FILES)
    for folder in FOLDERS:
        found = finders.find(folder)
        names += [f"{folder}/{file.name}" for file in sorted(Path(found).glob("*.js"))] if found else []
    return {name: Path(file) for name in sorted(names) if name != WORKER and (file := finders.find(name))}


def address_of(name: str) -> str:
    """Return where the phone finds a file: modules by their plain names, as they import each other."""
    return f"{settings.STATIC_URL}{name}" if name.endswith(".js") else static(name)


def worker_source(page_url: str, page: bytes) -> str:
    """Return the worker's code, told what to keep: `self.SHELL` = {version, page, files}."""
    files = shell_files()
    worker = Path(finders.find(WORKER) or "").read_bytes()
    told = {
        "version": _version(page, worker, *(file.read_bytes() for file in files.values())),
        "page": page_url,
        "files": [address_of(name) for name in files],
    }
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


def _icon(name: str, sizes: str, purpose: str) -> dict[str, str]:
    return {"src": static(f"icons/{name}"), "sizes": sizes, "type": "image/png", "purpose": purpose}
