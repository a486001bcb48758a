"""The certificate of an allocation: what an outsider needs to draw again, and what tells when something was altered."""

from collections.abc import Mapping, Sequence
from typing import Any

from accounts.errors import StudyError
from stations.allocation import METHOD, allocate, draw_sample

FORMAT = "allocation-certificate/1"
TEXTS = ("format", "method", "seed", "frame_sha256", "protocol_sha256")
LISTS = ("eligible", "arms", "sample")


class CertificateUnreadable(StudyError):
    """The file is no certificate of ours; the message names what it lacks."""

    code = "certificate_unreadable"
    http_status = 422


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
    """Draw again from what the certificate states, and compare. Raises CertificateUnreadable, CertificateWrong."""
    _check_form(certificate)
    if certificate["format"] != FORMAT or certificate["method"] != METHOD:
        raise CertificateWrong(f"expected format {FORMAT} and method {METHOD}")
    if frame_sha256 is not None and certificate["frame_sha256"] != frame_sha256:
        raise CertificateWrong(f"frame_sha256: the frame's hash is {frame_sha256}, the certificate states another")
    if len(certificate["sample"]) > len(certificate["eligible"]):
        raise CertificateWrong("sample: more stations than the certificate calls eligible")
    if len(certificate["sample"]) % len(certificate["arms"]):
        raise CertificateWrong("sample: the stations do not part into equal arms")
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


def _check_form(certificate: Mapping[str, Any]) -> None:
    missing = [key for key in (*TEXTS, *LISTS, "assignment") if key not in certificate]
    if missing:
        raise CertificateUnreadable(f"the certificate lacks {', '.join(missing)}")
    for key in TEXTS:
        if not isinstance(certificate[key], str) or not certificate[key]:
            raise CertificateUnreadable(f"{key}: expected a text, found {certificate[key]!r:.60}")
    for key in LISTS:
        if not _are_codes(certificate[key], list):
            raise CertificateUnreadable(f"{key}: expected a list of codes, each a text")
    if not _are_codes(certificate["assignment"], dict) or not _are_codes([*certificate["assignment"].values()], list):
        raise CertificateUnreadable("assignment: expected an object of station code and arm code, each a text")


def _are_codes(value: object, kind: type[list[str]] | type[dict[str, str]]) -> bool:
    return isinstance(value, kind) and len(value) > 0 and all(isinstance(code, str) for code in value)


def _first(stated: Any, drawn: Any) -> str:
    if isinstance(stated, Mapping):
        for code in sorted({*stated, *drawn}):
            if stated.get(code) != drawn.get(code):
                return f" (station {code}: {stated.get(code)} stated, {drawn.get(code)} drawn)"
    return ""
