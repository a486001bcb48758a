"""The certificate of an allocation: what an outsider needs to draw again, and what tells when something was altered."""

from collections.abc import Mapping, Sequence
from typing import Any

from accounts.errors import StudyError
from stations.allocation import METHOD, allocate, draw_sample

FORMAT = "allocation-certificate/1"
KEYS = ("format", "method", "seed", "frame_sha256", "protocol_sha256", "eligible", "arms", "sample", "assignment")


class CertificateWrong(StudyError):
    """The certificate does not say what a draw from its own seed and frame gives; the message names what differs."""

    code = "certificate_wrong"
    http_status = 422


def build_certificate(
    *, seed: str, eligible: Sequence[str], size: int, arms: Sequence[str], frame_sha256: str, protocol_sha256: str
) -> dict[str, Any]:
    """Draw `size` of the eligible stations and allocate them; return the certificate as plain data."""
    sample = draw_sample(eligible, size, seed=seed)
    return {
        "format": FORMAT,
        "method": METHOD,
        "seed": seed,
        "frame_sha256": frame_sha256,
        "protocol_sha256": protocol_sha256,
        "eligible": sorted(eligible),
        "arms": list(arms),
        "sample": sample,
        "assignment": allocate(sample, arms, seed=seed),
    }


def check_certificate(certificate: Mapping[str, Any], *, frame_sha256: str | None = None) -> None:
    """Draw again from what the certificate states, and compare. Raises CertificateWrong."""
    missing = [key for key in KEYS if key not in certificate]
    if missing:
        raise CertificateWrong(f"the certificate lacks {', '.join(missing)}")
    if certificate["format"] != FORMAT or certificate["method"] != METHOD:
        raise CertificateWrong(f"expected format {FORMAT} and method {METHOD}")
    if frame_sha256 is not None and certificate["frame_sha256"] != frame_sha256:
        raise CertificateWrong(f"frame_sha256: the frame's hash is {frame_sha256}, the certificate states another")
    again = build_certificate(
        seed=certificate["seed"],
        eligible=certificate["eligible"],
        size=len(certificate["sample"]),
        arms=certificate["arms"],
        frame_sha256=certificate["frame_sha256"],
        protocol_sha256=certificate["protocol_sha256"],
    )
    for key in ("eligible", "sample", "assignment"):
        if certificate[key] != again[key]:
            raise CertificateWrong(
                f"{key}: the certificate differs from what its seed draws{_first(certificate[key], again[key])}"
            )


def _first(stated: Any, drawn: Any) -> str:
    if isinstance(stated, Mapping):
        for code in sorted({*stated, *drawn}):
            if stated.get(code) != drawn.get(code):
                return f" (station {code}: {stated.get(code)} stated, {drawn.get(code)} drawn)"
    return ""
