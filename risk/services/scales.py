"""Scales loaded, and the texts that a licence holder adds to them."""

import hashlib
import json
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.permissions import Permission, require
from audit.services import record
from risk import queries, scale_file
from risk.models import Scale, ScalePack
from risk.scale_pack import Pack


class ScaleVersionTaken(StudyError):
    """The version is loaded already, with another content: assessments point to it."""

    code = "scale_version_taken"
    message = _("This version of the scale is already loaded with another content: give the new content a new version.")
    http_status = 409


class PackTaken(StudyError):
    """The texts of this version were loaded already, and assessments were asked in their words."""

    code = "pack_taken"
    message = _("Other texts are already loaded for this version of the scale: give the scale a new version.")
    http_status = 409


@transaction.atomic
def load_scale(*, by: Actor, scale: scale_file.Scale, now: datetime) -> Scale:
    """Store one version of a scale; the same content again changes nothing. Raise ScaleVersionTaken."""
    require(by, Permission.MANAGE_SCALES)
    loaded = Scale.objects.filter(code=scale.code, version=scale.version).first()
    # Compared as rules: what a file does not say means the same before and after this code learns to say it.
    if loaded is not None and queries.scale_rules(loaded) != scale:
        raise ScaleVersionTaken
    content = scale.model_dump(mode="json")
    stored = loaded or Scale.objects.create(
        code=scale.code,
        version=scale.version,
        sha256=hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest(),
        content=content,
        effective_on=scale.effective_on,
        loaded_at=now,
    )
    record(
        actor=by,
        action="risk.load_scale",
        object_type="scale",
        object_id=str(stored),
        details={"sha256": stored.sha256, "new": loaded is None},
    )
    return stored


@transaction.atomic
def load_pack(*, by: Actor, scale: Scale, pack: Pack, now: datetime) -> ScalePack:
    """Store a licence holder's texts beside a scale; the same again changes nothing. Raise PackTaken."""
    require(by, Permission.MANAGE_SCALES)
    content = pack.model_dump(mode="json")
    loaded = ScalePack.objects.filter(scale=scale).first()
    if loaded is not None and loaded.content != content:
        raise PackTaken
    stored = loaded or ScalePack.objects.create(
        scale=scale,
        sha256=hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest(),
        content=content,
        licensed_until=pack.licensed_until,
        loaded_at=now,
    )
    record(
        actor=by,
        action="risk.load_pack",
        object_type="scale",
        object_id=str(scale),
        details={"sha256": stored.sha256, "new": loaded is None, "licensed_to": pack.licensed_to},
    )
    return stored
