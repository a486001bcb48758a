"""A private pack: the item texts of a scale, which a licence holder keeps outside the repository.

It may only name things in other words. It belongs to one version of one scale, named by the hash of what that scores.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from risk.scale_file import Scale
from risk.scale_parsing import ScaleFileInvalid, field_problems, json_object


class ItemText(BaseModel):
    """How one item is asked."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    text: Annotated[str, Field(min_length=1, max_length=2000)]
    text_en: Annotated[str, Field(max_length=2000)] = ""


class Pack(BaseModel):
    """The texts of every item of one scale, to whom they are licensed and until when."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    code: str
    version: str
    structure_sha256: str
    licensed_to: Annotated[str, Field(min_length=1, max_length=200)]
    licensed_until: Annotated[date, Field(strict=False)] | None = None
    items: dict[str, ItemText]


def structure_sha256(scale: Scale) -> str:
    """Return the hash of what a scale scores: its items and answers, without a word of text."""
    structure = [[item.id, sorted(item.scores.items()), item.info] for item in scale.items]
    return hashlib.sha256(json.dumps([scale.code, scale.version, structure]).encode()).hexdigest()


def parse_pack(text: str, name: str, scale: Scale) -> Pack:
    """Read the texts of a scale. Raise ScaleFileInvalid with every problem found."""
    document = json_object(text, name)
    try:
        pack = Pack.model_validate(document)
    except ValidationError as error:
        raise ScaleFileInvalid(name, field_problems(error, document)) from error
    if problems := list(_disagreements(pack, scale)):
        raise ScaleFileInvalid(name, problems)
    return pack


def _disagreements(pack: Pack, scale: Scale) -> Iterator[str]:
    if scale.licence == "open":
        yield f"code: {scale.code} is open and brings its own texts"
    for field, expected in (
        ("code", scale.code),
        ("version", scale.version),
        ("structure_sha256", structure_sha256(scale)),
    ):
        if (found := getattr(pack, field)) != expected:
            yield f'{field}: expected "{expected}", found "{found}"'
    ids = {item.id for item in scale.items}
    yield from (f"items.{item_id}: the scale has no such item" for item_id in sorted(pack.items.keys() - ids))
    yield from (f"items.{item_id}: this item's text is missing" for item_id in sorted(ids - pack.items.keys()))
