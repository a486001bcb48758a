"""Asking for releases and looking into them, for the tests about them."""

import io
import json
import zipfile
from dataclasses import dataclass

from accounts.actors import SystemActor
from accounts.permissions import Permission
from accounts.roles import Role
from panel import services, tasks
from panel.models import Release
from panel.services import Terms
from tests.factories import NOW, UserFactory

MAKER = SystemActor("test", frozenset({Permission.MAKE_RELEASES}))
TERMS = Terms(datasets=("panel_wave", "surveys"), forms=("csv", "parquet"))


@dataclass(frozen=True)
class Team:
    researcher: object
    other: object
    statistician: object
    administrator: object


def make_team() -> Team:
    return Team(
        *(UserFactory(role=role) for role in (Role.RESEARCHER, Role.RESEARCHER, Role.STATISTICIAN, Role.ADMINISTRATOR))
    )


def ask(by, *, now=NOW, purpose="Headline paper", **terms) -> Release:
    asked = Terms(**{"datasets": TERMS.datasets, "forms": TERMS.forms, **terms})
    return services.ask_release(by=by, terms=asked, purpose=purpose, now=now)


def made(release: Release) -> Release:
    """Let a worker go on with it as far as it comes."""
    tasks.build_release(release_id=release.pk)
    return Release.objects.get(pk=release.pk)


def renewed(release: Release, folder) -> Release:
    """Let a sweep take out who does not agree any more, and a worker pack what is left."""
    services.take_women_out(by=MAKER, release=release, folder=folder, now=NOW)
    return made(release)


def approved(release: Release, by, *, now=NOW) -> Release:
    return made(services.approve_release(by=by, release=release, note="", now=now))


def ready(by, approver, **terms) -> Release:
    """A small study has small groups: somebody else always has to say yes."""
    return approved(made(ask(by, **terms)), approver)


def downloaded(release: Release, by, *, now=NOW) -> bytes:
    return b"".join(services.open_release(by=by, release=release, now=now).content)


def opened(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def manifest(content: bytes) -> dict[str, object]:
    return json.loads(opened(content)["MANIFEST.json"])
