"""The certificate: drawn again by two programs that share nothing, and altered in any place without escaping."""

import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from typing import Any

import pytest
from scipy.stats import chisquare

from protocol.schema import parse_protocol
from stations.certificate import (
    CertificateUnreadable,
    CertificateWrong,
    build_certificate,
    check_certificate,
    commitment_sha256,
    normalised_public_draw,
    revealed_seed,
)
from stations.design import Design, design_of
from stations.frame_file import canonical_json, frame_content, frame_sha256
from stations.sampling import CannotSample
from tests.factories import PROTOCOL_FILE
from tests.fixtures.databases import CHECKOUT
from tests.fixtures.study import frame_of_lima

Alter = Callable[[dict[str, Any]], Any]
PART_OF_CITY = {"norte": 4, "sur": 4, "este": 4, "centro": 4}
VARIANTS: dict[str, dict[str, dict[str, object]]] = {
    "constrained": {},
    "simple": {"allocation": {"method": "simple"}},
    "matched": {"allocation": {"method": "matched"}},
    "stratified": {
        "sampling": {"method": "stratified", "strata": PART_OF_CITY},
        "allocation": {"method": "stratified"},
    },
    "proportional": {"sampling": {"method": "pps", "size_measure": "officers"}},
    "weighted": {"allocation": {"covariates": ["officers", "district_group"], "weights": {"officers": "2.5"}}},
}


@cache
def frame() -> dict[str, Any]:
    return frame_content(*frame_of_lima())


def design(variant: str = "constrained") -> Design:
    shipped = design_of(parse_protocol(PROTOCOL_FILE.read_text(), name=PROTOCOL_FILE.name)).model_dump()
    for part, changes in VARIANTS[variant].items():
        shipped[part] |= changes
    return Design.model_validate(shipped)


@cache
def _certificate(variant: str, public_draw: str) -> dict[str, Any]:
    given, sha256, nonce, source = design(variant), frame_sha256(*frame_of_lima()), "ab" * 32, "Lottery X"
    published = commitment_sha256(
        design=given, frame_sha256=sha256, protocol_sha256="c" * 64, public_draw_source=source, nonce=nonce
    )
    commitment = {"sha256": published, "nonce": nonce, "public_draw_source": source, "public_draw": public_draw}
    return build_certificate(
        design=given,
        frame=frame(),
        frame_sha256=sha256,
        protocol_sha256="c" * 64,
        seed=revealed_seed(nonce=nonce, public_draw=public_draw),
        commitment=commitment,
    )


def a_certificate(variant: str = "constrained", public_draw: str = "03-11-42") -> dict[str, Any]:
    return deepcopy(_certificate(variant, public_draw))


def drawn_again_outside(path) -> subprocess.CompletedProcess[str]:
    """Run the script alone: no path to the project, no settings, no site-packages of the user."""
    return subprocess.run(
        [sys.executable, "-I", CHECKOUT / "scripts" / "redraw.py", path], capture_output=True, text=True, check=False
    )


@pytest.mark.requirement("F5", "N16")
@pytest.mark.parametrize("variant", VARIANTS)
def test_certificate_is_drawn_again_bit_for_bit_in_another_process(tmp_path, variant):
    certificate = a_certificate(variant)
    check_certificate(json.loads(json.dumps(certificate)))
    path = tmp_path / "certificate.json"
    path.write_text(json.dumps(certificate, indent=2, ensure_ascii=False))
    found = drawn_again_outside(path)
    assert (found.returncode, found.stderr) == (0, "")
    assert "16 stations" in found.stdout
    assert certificate["commitment"]["sha256"] in found.stdout


def test_script_needs_nothing_of_the_project():
    source = (CHECKOUT / "scripts" / "redraw.py").read_text()
    imported = {line.split()[1] for line in source.splitlines() if line.startswith(("import ", "from "))}
    assert imported - set(sys.stdlib_module_names) == {"numpy"}


def test_certificate_promises_what_programs_depend_on():
    certificate = a_certificate()
    assert {"assignment", "seed", "method", "frame_sha256"} <= certificate.keys()
    assert sorted(certificate["assignment"]) == certificate["sample"]
    assert certificate["candidates"]["assignments"] == 63_063_000
    assert set(certificate["inclusion"].values()) == {"2/13"}


def _set(*path: str | int, to: object) -> Alter:
    def alter(certificate: dict[str, Any]) -> None:
        place: Any = certificate
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = to

    return alter


def _swap_two_stations(certificate: dict[str, Any]) -> None:
    assignment = certificate["assignment"]
    first = certificate["sample"][0]
    other = next(code for code in assignment if assignment[code] != assignment[first])
    assignment[first], assignment[other] = assignment[other], assignment[first]


@pytest.mark.parametrize(
    ("alter", "named"),
    [
        (_swap_two_stations, r"assignment: .*\(\d{4}: '\w+' stated, '\w+' drawn\)"),
        (_set("frame", "stations", 0, "officers", to=94), "frame: its hash is"),
        (_set("frame", "districts", 0, "name", to="Linea"), "frame: its hash is"),
        (_set("frame_sha256", to="0" * 64), "frame: its hash is"),
        (_set("protocol_sha256", to="0" * 64), "commitment: its parts hash to"),
        (_set("design", "allocation", "candidate_pct", to=20), "commitment: its parts hash to"),
        (_set("design", "eligibility", "min_officers", to=51), "commitment: its parts hash to"),
        (_set("commitment", "nonce", to="cd" * 32), "commitment: its parts hash to"),
        (_set("commitment", "sha256", to="0" * 64), "commitment: its parts hash to"),
        (_set("commitment", "public_draw_source", to="Another"), "commitment: its parts hash to"),
        (_set("commitment", "public_draw", to="03-11-43"), "seed: nonce and public draw give another"),
        (_set("seed", to="7"), "seed: nonce and public draw give another"),
        (_set("method", to="simple"), "method: the certificate's design states another"),
        (lambda c: c["sample"].reverse(), "sample: the certificate differs"),
        (lambda c: c["eligible"].pop(), "eligible: the certificate differs"),
        (lambda c: c["inclusion"].update({c["sample"][0]: "1"}), "inclusion: .*'1' stated, '2/13' drawn"),
        (_set("candidates", "kept", to=1), "candidates: the certificate differs"),
        (_set("candidates", to=None), "candidates: the certificate differs"),
        (_set("covariates", "columns", 0, to="x"), "covariates: the certificate differs"),
        (_set("sha256", to="0" * 64), "sha256: the certificate's content has another hash"),
    ],
)
def test_altered_certificate_is_named(alter, named):
    certificate = a_certificate()
    alter(certificate)
    with pytest.raises(CertificateWrong, match=named):
        check_certificate(certificate)


@pytest.mark.parametrize(
    ("alter", "named"),
    [
        (lambda c: c.pop("seed"), "the certificate lacks seed"),
        (_set("seed", to=7), "seed: Input should be a valid string, found 7"),
        (_set("format", to="allocation-certificate/1"), "format: Input should be 'allocation-certificate/2'"),
        (_set("remark", to="mine"), "remark: Extra inputs are not permitted"),
        (_set("assignment", to={}), "assignment: "),
        (_set("eligible", to=[405]), "eligible.0: "),
        (_set("design", "arms", 0, "training", to="yes"), "design.arms.0.training: "),
        (lambda c: c["frame"].pop("stations"), "the certificate lacks frame.stations"),
    ],
)
def test_file_that_is_no_certificate_is_named(alter, named):
    certificate = a_certificate()
    alter(certificate)
    with pytest.raises(CertificateUnreadable, match=named):
        check_certificate(certificate)


def test_change_of_any_byte_is_found_by_both_programs(tmp_path):
    """A sample of places, fixed; whatever byte is changed, the file is unreadable, wrong, or says the same still."""
    original = json.dumps(a_certificate("simple"), indent=1, ensure_ascii=False).encode()
    places = random.Random(5)
    path = tmp_path / "certificate.json"
    for number in range(400):
        altered = bytearray(original)
        place = places.randrange(len(altered))
        altered[place] = places.choice([b for b in b'09afXZ"{}[],: \n' if b != altered[place]])
        try:
            content = json.loads(altered.decode())
        except ValueError:
            continue
        is_same = canonical_json(content) == canonical_json(json.loads(original))
        assert is_found(content) != is_same, f"byte {place}"
        if number % 40 == 0:
            path.write_bytes(altered)
            assert (drawn_again_outside(path).returncode == 0) == is_same, f"byte {place}"


def is_found(content: object) -> bool:
    try:
        check_certificate(content)  # type: ignore[arg-type]
    except (CertificateWrong, CertificateUnreadable):
        return True
    return False


@pytest.mark.parametrize(("content", "status"), [("{", 2), ("[]", 2), ('{"seed": 7}', 2), (None, 2)])
def test_script_says_what_it_cannot_read(tmp_path, content, status):
    path = tmp_path / "c.json"
    if content is not None:
        path.write_text(content)
    found = drawn_again_outside(path)
    assert found.returncode == status
    assert "cannot be read as a certificate" in found.stderr
    assert "Traceback" not in found.stderr


def test_script_names_what_differs(tmp_path):
    certificate = a_certificate()
    _swap_two_stations(certificate)
    path = tmp_path / "c.json"
    path.write_text(json.dumps(certificate))
    found = drawn_again_outside(path)
    assert found.returncode == 1
    assert found.stdout.splitlines() == [
        "assignment: not what frame and seed give",
        "sha256: the content has another hash",
    ]


@pytest.mark.parametrize(
    ("typed", "normalised"), [("03 11,42", "03-11-42"), (" 031142 ", "031142"), ("a3b", "3"), ("", ""), ("٣٤", "")]
)
def test_public_draw_is_written_in_one_way(typed, normalised):
    assert normalised_public_draw(typed) == normalised


def test_other_numbers_or_another_nonce_give_another_draw():
    assert a_certificate()["assignment"] != a_certificate(public_draw="03-11-43")["assignment"]
    assert revealed_seed(nonce="a", public_draw="1") != revealed_seed(nonce="b", public_draw="1")


def test_proportional_sample_without_the_measure_is_refused_with_the_station():
    given = design("proportional").model_dump()
    given["sampling"]["size_measure"] = "ipv_reports"
    rows = {**frame(), "stations": [{**row, "ipv_reports": None} for row in frame()["stations"]]}
    with pytest.raises(CannotSample, match="ipv_reports is not known of 104 eligible stations, the first is 0405"):
        build_certificate(
            design=Design.model_validate(given), frame=rows, frame_sha256="f", protocol_sha256="p", seed="7"
        )


def test_stratified_draw_has_every_arm_once_in_each_part_of_the_city():
    certificate = a_certificate("stratified")
    assert sorted(certificate["blocks"]) == ["centro", "este", "norte", "sur"]
    for codes in certificate["blocks"].values():
        assert sorted(certificate["assignment"][code] for code in codes) == [
            "both",
            "control",
            "risk_scale",
            "training",
        ]


def test_first_station_of_the_sample_gets_each_arm_equally_often():
    seen = Counter(next(iter(a_certificate("simple", f"{number:04d}")["assignment"].values())) for number in range(400))
    assert chisquare([seen[arm] for arm in ("control", "training", "risk_scale", "both")]).pvalue > 0.01
