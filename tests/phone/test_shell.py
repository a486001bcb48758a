"""The application's page, its worker and its manifest: the same for everybody, and without a word about anybody."""

import hashlib
import json
import re
from base64 import b64encode
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.test import Client
from django.urls import reverse

from phone.notebook_words import TEXTS as NOTEBOOK_TEXTS
from phone.presenters.shell import FILES, NOTEBOOK, address_of, bytes_of, shell_files
from phone.texts import TEXTS
from tests.visits.test_views import signed_in

MANIFEST = "whitenoise.storage.CompressedManifestStaticFilesStorage"
FONT = "vendor/font/source-sans-3-latin-wght-normal.woff2"
# Names that the modules put together from a part and what they found.
PUT_TOGETHER = r"^(door|card|log|line|tab|answer|ago|channel|a)_|_(one|many)$"


def test_page_is_the_same_for_everybody(field):
    nobody, officer = (client.get(reverse("phone_shell")) for client in (Client(), signed_in(field.officer)))

    assert nobody.content == officer.content
    assert field.officer.display_name not in officer.content.decode()
    assert officer["Cache-Control"] == "no-cache"
    assert b"csrf" not in nobody.content.lower()


def test_worker_is_told_its_files_and_may_serve_the_whole_site(db):
    answer = Client().get(reverse("phone_worker"))

    assert (answer["Service-Worker-Allowed"], answer["Cache-Control"]) == ("/", "no-cache")
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    said = json.loads(answer.content.decode().partition("\n")[0].removeprefix("self.SHELL = ").rstrip(";"))
    assert said["page"] == reverse("phone_shell")
    assert {f"/static/{name}" for name in FILES} | {"/static/js/offline/queue.js", "/static/js/phone/app.js"} <= set(
        said["files"]
    )
    assert "/static/js/phone/worker.js" not in said["files"]


def test_each_file_is_told_by_the_digest_of_what_is_served(db):
    client = Client()
    said = json.loads(
        client.get(reverse("phone_worker"))
        .content.decode()
        .partition("\n")[0]
        .removeprefix("self.SHELL = ")
        .rstrip(";")
    )
    for address, digest in said["files"].items():
        answer = client.get(address)
        body = answer.getvalue()
        assert digest == f"sha256-{b64encode(hashlib.sha256(body).digest()).decode()}", address


def test_digest_is_of_the_file_as_the_image_serves_it(tmp_path, settings):
    # given files that are named by their hashes, as in the image: a style sheet then names its font by that
    settings.STATIC_ROOT = tmp_path
    settings.WHITENOISE_USE_FINDERS = False
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": MANIFEST}}
    names = ["css/app.css", "js/phone/app.js", FONT]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(Path(finders.find(name)).read_bytes())
    list(staticfiles_storage.post_process({name: (staticfiles_storage, name) for name in names}))

    style = (tmp_path / address_of("css/app.css").removeprefix("/static/")).read_bytes()
    assert bytes_of("css/app.css") == style != Path(finders.find("css/app.css")).read_bytes()
    assert bytes_of("js/phone/app.js") == Path(finders.find("js/phone/app.js")).read_bytes()
    assert address_of("js/phone/app.js") == "/static/js/phone/app.js"


@pytest.mark.parametrize("name", ["phone_shell", "phone_worker", "phone_manifest"])
def test_what_has_not_changed_is_not_sent_again(db, name):
    client = Client()
    first = client.get(reverse(name))
    again = client.get(reverse(name), headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")


def test_version_is_the_same_in_every_language(db):
    def version(language: str) -> str:
        client = Client()
        client.cookies["idioma"] = language
        return client.get(reverse("phone_worker")).content.decode().partition("\n")[0]

    assert version("es") == version("en") == version("es")


def test_every_text_that_a_module_asks_for_is_there():
    modules = "".join(file.read_text() for name, file in shell_files().items() if name.startswith("js/phone/"))
    said = set(re.findall(r"\bsay\(\"(\w+)\"", modules))
    counted = set(re.findall(r"\bcount\(\"(\w+)\"", modules))
    assert said - TEXTS.keys() == set()
    assert {f"{name}_{form}" for name in counted for form in ("one", "many")} - TEXTS.keys() == set()
    assert all(name in modules or re.search(PUT_TOGETHER, name) for name in TEXTS)


def test_every_text_that_those_who_ask_read_is_used_and_there():
    files = shell_files(NOTEBOOK).items()
    modules = "".join(file.read_text() for name, file in files if name.startswith(("js/phone/", "js/notebook/")))
    known = TEXTS.keys() | NOTEBOOK_TEXTS.keys()
    assert set(re.findall(r"\bsay\(\"(\w+)\"", modules)) - known == set()
    counted = set(re.findall(r"\bcount\(\"(\w+)\"", modules))
    assert {f"{name}_{form}" for name in counted for form in ("one", "many")} - known == set()
    assert all(name in modules or re.search(PUT_TOGETHER, name) for name in NOTEBOOK_TEXTS)


def test_those_who_visit_load_nothing_of_questionnaires():
    assert not [name for name in shell_files() if "notebook" in name or "vue" in name or "web-forms" in name]
    assert {"js/notebook/app.js", "js/surveys/form.js", "vendor/web-forms/index.js"} <= shell_files(NOTEBOOK).keys()


def test_notebook_is_the_same_for_everybody_and_only_its_own_policy_is_wider(field):
    nobody, officer = (client.get(reverse("notebook_shell")) for client in (Client(), signed_in(field.officer)))

    assert without_nonce(nobody) == without_nonce(officer)
    assert nobody["Cache-Control"] == "no-cache"
    assert "ETag" not in nobody
    assert "'wasm-unsafe-eval'" in nobody["Content-Security-Policy"]
    assert "wasm" not in Client().get(reverse("phone_shell"))["Content-Security-Policy"]


def without_nonce(answer) -> str:
    return re.sub(r'nonce="[^"]+"', "", answer.content.decode())


def test_notebook_has_a_worker_and_a_manifest_of_its_own(db):
    first, again = (Client().get(reverse("notebook_worker")) for _n in range(2))

    assert first.content == again.content
    assert first["Service-Worker-Allowed"] == reverse("notebook_shell")
    said = json.loads(first.content.decode().partition("\n")[0].removeprefix("self.SHELL = ").rstrip(";"))
    assert (said["name"], said["page"]) == ("cuaderno", reverse("notebook_shell"))
    assert {"/static/js/notebook/app.js", "/static/js/phone/application.js"} <= said["files"].keys()
    assert Client().get(reverse("notebook_manifest")).json()["start_url"] == reverse("notebook_shell")


@pytest.mark.parametrize("name", sorted(FILES))
def test_every_file_of_the_application_exists(name):
    assert name in shell_files()


def test_manifest_says_nothing(db):
    answer = Client().get(reverse("phone_manifest"))
    said = answer.json()
    assert answer["Content-Type"] == "application/manifest+json"
    assert (said["name"], said["short_name"], said["start_url"]) == ("Agenda", "Agenda", reverse("phone_shell"))
    assert (said["display"], said["scope"]) == ("standalone", "/")
