"""The certificate of an allocation: what an outsider needs to draw again, and what tells when something was altered.

A commitment is published before the draw: SHA-256 of the canonical JSON of design, frame hash, protocol hash, the
source of the public draw, and a secret nonce of 32 bytes in hexadecimal. After the public draw (a lottery's numbers)
the seed is SHA-256 of "nonce:numbers". Whoever committed could not know the numbers, and whoever drew the numbers
could not know the nonce: nobody could choose the seed. A rehearsal has no commitment, only a typed seed.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, ValidationError

from accounts.errors import StudyError
from stations.constrained import Candidates
from stations.design import Design, Draw, Part, draw
from stations.frame_file import canonical_json
from stations.partitions import Progress

FORMAT = "allocation-certificate/2"
# Said in this order when several differ: what comes first explains what follows.
REDRAWN = ("eligible", "inclusion", "sample", "covariates", "blocks", "candidates", "assignment")

Codes = list[str]


class CertificateUnreadable(StudyError):
    """The file is no certificate of ours; the message names what it lacks."""

    code = "certificate_unreadable"
    http_status = 422


class CertificateWrong(StudyError):
    """The certificate does not say what a draw from its own frame and seed gives; the message names what differs."""

    code = "certificate_wrong"
    http_status = 422


class CommitmentPart(Part):
    """What was published before the draw, and what was revealed after it."""

    sha256: str
    nonce: str
    public_draw_source: str
    public_draw: str


class CovariatesPart(Part):
    """The covariates as whole numbers, by station."""

    columns: list[str]
    weights: list[int]
    values: dict[str, list[int]]


class CandidatesPart(Part):
    """The assignments that the draw was made from."""

    assignments: int
    kept: int
    cutoff: int
    sha256: str


class FramePart(Part):
    """The frozen frame, whole."""

    districts: list[dict[str, str | int | None]]
    stations: list[dict[str, str | int | None]]


class Certificate(Part):
    """The file's form."""

    format: Literal["allocation-certificate/2"]
    method: str
    seed: str
    frame_sha256: str
    protocol_sha256: str
    design: Design
    commitment: CommitmentPart | None
    frame: FramePart
    eligible: Codes
    inclusion: dict[str, str]
    sample: Codes
    covariates: CovariatesPart
    blocks: dict[str, Codes] | None
    candidates: CandidatesPart | None
    assignment: dict[str, str] = Field(min_length=1)
    sha256: str


def commitment_sha256(
    *, design: Design, frame_sha256: str, protocol_sha256: str, public_draw_source: str, nonce: str
) -> str:
    """Return the hash that is published before the public draw."""
    return _sha256(
        {
            "design": design.model_dump(),
            "frame_sha256": frame_sha256,
            "nonce": nonce,
            "protocol_sha256": protocol_sha256,
            "public_draw_source": public_draw_source,
        }
    )


def revealed_seed(*, nonce: str, public_draw: str) -> str:
    """Return the seed that nonce and public draw give together."""
    return hashlib.sha256(f"{nonce}:{public_draw}".encode()).hexdigest()


def normalised_public_draw(text: str) -> str:
    """Write the numbers of a public draw in one way: digits as they stand, a hyphen between numbers ("03-11-42")."""
    return "-".join(re.findall(r"[0-9]+", text))


def build_certificate(
    *,
    design: Design,
    frame: Mapping[str, Any],
    frame_sha256: str,
    protocol_sha256: str,
    seed: str,
    commitment: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Draw from a frame and return the certificate as plain data. Raises what `design.draw` raises.

    `commitment` has sha256, nonce, public_draw_source and public_draw.
    """
    content = {
        "format": FORMAT,
        "method": design.allocation.method,
        "seed": seed,
        "frame_sha256": frame_sha256,
        "protocol_sha256": protocol_sha256,
        "design": design.model_dump(),
        "commitment": dict(commitment) if commitment is not None else None,
        "frame": {"districts": frame["districts"], "stations": frame["stations"]},
        **_redrawn(draw(design, frame, seed=seed, progress=progress)),
    }
    return {**content, "sha256": _sha256(content)}


def certificate_text(certificate: Mapping[str, Any]) -> str:
    """Write a certificate as its file: the same bytes for the same content."""
    return json.dumps(certificate, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def check_certificate(certificate: Mapping[str, Any], *, progress: Progress | None = None) -> None:
    """Hash and draw again all that it states, and compare. Raises CertificateUnreadable, CertificateWrong."""
    stated = _read(certificate)
    _check_hashes(certificate, stated)
    frame = {"districts": certificate["frame"]["districts"], "stations": certificate["frame"]["stations"]}
    try:
        again = _redrawn(draw(stated.design, frame, seed=stated.seed, progress=progress))
    except (KeyError, ArithmeticError, ValueError) as error:
        raise CertificateWrong(f"design: nothing can be drawn by it from this frame ({error})") from error
    if stated.method != stated.design.allocation.method:
        raise CertificateWrong("method: the certificate's design states another")
    for key in REDRAWN:
        if certificate[key] != again[key]:
            raise CertificateWrong(
                f"{key}: the certificate differs from what its seed draws{_first(certificate[key], again[key])}"
            )
    # Last, so that what was altered is named by its place wherever it can be.
    if _sha256({key: value for key, value in certificate.items() if key != "sha256"}) != stated.sha256:
        raise CertificateWrong("sha256: the certificate's content has another hash than it states")


def _read(certificate: Mapping[str, Any]) -> Certificate:
    try:
        return Certificate.model_validate(dict(certificate))
    except ValidationError as error:
        problem = error.errors()[0]
        place = ".".join(str(step) for step in problem["loc"])
        if problem["type"] == "missing":
            raise CertificateUnreadable(f"the certificate lacks {place}") from error
        raise CertificateUnreadable(f"{place}: {problem['msg']}, found {problem['input']!r:.60}") from error


def _check_hashes(certificate: Mapping[str, Any], stated: Certificate) -> None:
    if (found := _sha256(certificate["frame"])) != stated.frame_sha256:
        raise CertificateWrong(f"frame: its hash is {found}, the certificate states {stated.frame_sha256}")
    commitment = stated.commitment
    if commitment is None:
        return
    found = commitment_sha256(
        design=stated.design,
        frame_sha256=stated.frame_sha256,
        protocol_sha256=stated.protocol_sha256,
        public_draw_source=commitment.public_draw_source,
        nonce=commitment.nonce,
    )
    if found != commitment.sha256:
        raise CertificateWrong(f"commitment: its parts hash to {found}, published was {commitment.sha256}")
    if revealed_seed(nonce=commitment.nonce, public_draw=commitment.public_draw) != stated.seed:
        raise CertificateWrong("seed: nonce and public draw give another")


def _redrawn(drawn: Draw) -> dict[str, Any]:
    return {
        "eligible": list(drawn.eligible),
        "inclusion": {code: str(probability) for code, probability in drawn.sample.inclusion.items()},
        "sample": list(drawn.sample.codes),
        "covariates": {
            "columns": list(drawn.columns),
            "weights": drawn.covariates.weights.tolist(),
            "values": dict(zip(drawn.sample.codes, drawn.covariates.values.tolist(), strict=True)),
        },
        "blocks": None if drawn.blocks is None else {name: list(codes) for name, codes in drawn.blocks.items()},
        "candidates": None if drawn.candidates is None else _candidates_part(drawn.candidates),
        "assignment": dict(drawn.assignment),
    }


def _candidates_part(candidates: Candidates) -> dict[str, Any]:
    return {
        "assignments": candidates.assignments,
        "kept": candidates.kept,
        "cutoff": candidates.distribution.cutoff,
        "sha256": candidates.sha256,
    }


def _sha256(content: object) -> str:
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()


def _first(stated: Any, drawn: Any) -> str:
    if isinstance(stated, Mapping) and isinstance(drawn, Mapping):
        for code in sorted({*stated, *drawn}):
            if stated.get(code) != drawn.get(code):
                return f" ({code}: {stated.get(code)!r:.40} stated, {drawn.get(code)!r:.40} drawn)"
    return ""
