"""The gate of releases: what is frozen is read under the consents of the day."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from accounts.actors import SystemActor
from accounts.permissions import Permission
from accounts.roles import Role
from panel import services
from panel.models import ReleaseWoman
from participants.consent_scopes import Feature
from tests.factories import NOW, UserFactory

MAKER = SystemActor("test", frozenset({Permission.MAKE_RELEASES}))


def freeze_her_rows(world: Any) -> bool:
    terms = services.Terms(datasets=("panel_wave",), forms=("csv",))
    asked = services.ask_release(by=UserFactory(role=Role.RESEARCHER), terms=terms, purpose="A table", now=NOW)
    release = services.claim_release(by=MAKER, release_id=asked.pk, now=NOW)
    with TemporaryDirectory() as folder:
        cuts = services.cut_release(release, Path(folder))
        services.keep_cut(by=MAKER, release=release, cuts=cuts, now=NOW)
    return ReleaseWoman.objects.filter(participant=world.woman).exists()


def release_gates(gate: Callable[..., Any]) -> tuple[Any, ...]:
    return (gate(Feature.EXPORT_SURVEYS, freeze_her_rows, "panel.keep_cut"),)
