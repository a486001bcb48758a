"""The certificate of the allocation, drawn again and turned into the set of candidates that inference looks at."""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from accounts.errors import StudyError
from documents.delimited import delimited_rows
from panel.candidate_file import FORMAT, read_by_letter
from panel.estimation_file import DataInvalid
from panel.estimators.candidates import CandidateSet
from stations.certificate import check_certificate
from stations.partitions import Progress

_STATIONS_HEADER = ["cluster", "station"]


def read_candidates(path: Path, *, progress: Progress | None = None) -> CandidateSet:
    """Read a certificate, draw it again to its last hash, and return what its allocation was drawn from.

    A file of the candidates by letter (`panel.candidate_file`) has no frame and seed to draw again: its own hash is
    compared. Raise DataInvalid where it cannot be read or does not say what its own frame and seed give.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DataInvalid(f"{path}: no such file" if not path.exists() else f"{path}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise DataInvalid(f"{path.name}: no JSON, so no certificate") from error
    if not isinstance(content, dict):
        raise DataInvalid(f"{path.name}: no certificate")
    if content.get("format") == FORMAT:
        return read_by_letter(content, name=path.name)
    try:
        check_certificate(content, progress=progress)
    except StudyError as error:
        raise DataInvalid(f"{path.name}: {error}") from error
    return candidate_set(content)


def candidate_set(certificate: Mapping[str, Any]) -> CandidateSet:
    """Return the candidates of a certificate that was checked."""
    stations: Sequence[str] = certificate["sample"]
    arms = {arm["code"]: number for number, arm in enumerate(certificate["design"]["arms"])}
    block = {code: number for number, codes in enumerate((certificate["blocks"] or {}).values()) for code in codes}
    values = certificate["covariates"]["values"]
    columns = len(certificate["covariates"]["columns"])
    return CandidateSet(
        stations=tuple(stations),
        arms=tuple(arms),
        actual=np.array([arms[certificate["assignment"][code]] for code in stations], dtype=np.int64),
        factors=np.array([[arm["training"], arm["risk_cadence"]] for arm in certificate["design"]["arms"]], dtype=bool),
        blocks=np.array([block.get(code, 0) for code in stations], dtype=np.int64),
        values=np.array([values[code] for code in stations], dtype=np.int64).reshape(len(stations), columns),
        weights=np.array(certificate["covariates"]["weights"], dtype=np.int64),
        cutoff=None if certificate["candidates"] is None else certificate["candidates"]["cutoff"],
    )


def read_station_names(path: Path) -> dict[str, str]:
    """Read which station of the certificate each cluster of a blinded file is: CSV with the header cluster,station.

    Raise DataInvalid.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(delimited_rows(file.read()))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataInvalid(f"{path}: cannot be read as CSV") from error
    if not rows or rows[0] != _STATIONS_HEADER:
        raise DataInvalid(f"{path.name}: expected the header {','.join(_STATIONS_HEADER)}")
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(_STATIONS_HEADER):
            raise DataInvalid(f"{path.name}, row {number}: expected a cluster and a station")
    names = {row[0].strip(): row[1].strip() for row in rows[1:]}
    if len(names) < len(rows) - 1 or len(set(names.values())) < len(names):
        raise DataInvalid(f"{path.name}: a cluster or station is there twice")
    return names
