"""What the allocation was drawn from, by the letters of a blinded file: all that randomisation inference needs of it.

It names no station. But the stations' covariates stand in it, and the census that they come from is public: whoever
compares the two finds out which station a letter is. So it is given out only once unblinding is recorded, to those who
may read the certificate.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from pydantic import Field, ValidationError

from panel.estimation_file import DataInvalid
from panel.estimators.candidates import CandidateSet
from protocol.parts import Part
from stations.frame_file import canonical_json

FORMAT = "candidates-by-letter/1"


class ArmPart(Part):
    """An arm by its code, with the factors that it has."""

    code: str
    factors: list[bool]


class CandidateFile(Part):
    """The file's form; stations in the order of their letters."""

    format: str
    certificate_sha256: str
    arms: list[ArmPart] = Field(min_length=2)
    assignment: dict[str, str] = Field(min_length=2)
    blocks: dict[str, int]
    values: dict[str, list[int]]
    weights: list[int]
    cutoff: int | None
    sha256: str


def candidates_by_letter(
    candidates: CandidateSet, names: Mapping[str, str], *, certificate_sha256: str
) -> dict[str, Any]:
    """Return the candidates as the file's content; `names` has the code of each letter's station."""
    place = {code: number for number, code in enumerate(candidates.stations)}
    places = {letter: place[names[letter]] for letter in sorted(names)}
    content = {
        "format": FORMAT,
        "certificate_sha256": certificate_sha256,
        "arms": [
            {"code": code, "factors": given}
            for code, given in zip(candidates.arms, candidates.factors.tolist(), strict=True)
        ],
        "assignment": {letter: candidates.arms[candidates.actual[at]] for letter, at in places.items()},
        "blocks": {letter: int(candidates.blocks[at]) for letter, at in places.items()},
        "values": {letter: candidates.values[at].tolist() for letter, at in places.items()},
        "weights": candidates.weights.tolist(),
        "cutoff": candidates.cutoff,
    }
    return {**content, "sha256": _sha256(content)}


def read_by_letter(content: Mapping[str, Any], *, name: str) -> CandidateSet:
    """Return the candidates of a file by letters. Raise DataInvalid where it was altered or is no such file."""
    try:
        said = CandidateFile.model_validate(dict(content))
    except ValidationError as error:
        problem = error.errors()[0]
        raise DataInvalid(f"{name}: {'.'.join(map(str, problem['loc']))}: {problem['msg']}") from error
    if _sha256({key: value for key, value in content.items() if key != "sha256"}) != said.sha256:
        raise DataInvalid(f"{name}: its content has another hash than it states")
    letters, arms = sorted(said.assignment), {arm.code: number for number, arm in enumerate(said.arms)}
    if set(said.blocks) != set(letters) or set(said.values) != set(letters):
        raise DataInvalid(f"{name}: not the same stations in all its parts")
    found = CandidateSet(
        stations=tuple(letters),
        arms=tuple(arms),
        actual=np.array([arms[said.assignment[letter]] for letter in letters], dtype=np.int64),
        factors=np.array([arm.factors for arm in said.arms], dtype=bool),
        blocks=np.array([said.blocks[letter] for letter in letters], dtype=np.int64),
        values=np.array([said.values[letter] for letter in letters], dtype=np.int64).reshape(
            len(letters), len(said.weights)
        ),
        weights=np.array(said.weights, dtype=np.int64),
        cutoff=said.cutoff,
    )
    if not found.admits(found.actual[None, :]).all():
        raise DataInvalid(f"{name}: the allocation is not among its own candidates")
    return found


def _sha256(content: object) -> str:
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()
