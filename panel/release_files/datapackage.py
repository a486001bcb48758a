"""The release as a Frictionless Data Package (specs.frictionlessdata.io): what each file is, column by column."""

import json
from typing import Any

from panel.columns import UNITS, Column, DataSet, Kind
from panel.release_files.facts import DataFile, Facts

_TYPES = {Kind.TEXT: "string", Kind.INTEGER: "integer", Kind.NUMBER: "number"}
_MEDIA_TYPES = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "dta": "application/x-stata",
    "sav": "application/x-spss-sav",
}


def datapackage_json(facts: Facts) -> str:
    """Return `datapackage.json`; columns carry their labels in the release's language."""
    package = {
        "profile": "data-package",
        "name": facts.folder,
        "title": facts.title,
        "description": facts.purpose,
        "version": f"{facts.number}.{facts.revision}",
        "resources": [_resource(facts, file) for file in sorted(facts.files, key=lambda one: one.name)],
    }
    return json.dumps(package, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _resource(facts: Facts, file: DataFile) -> dict[str, Any]:
    described = {
        "name": f"{file.dataset.name}-{file.form}".replace("_", "-"),
        "path": file.name,
        "title": file.dataset.name,
        "description": file.dataset.row.in_language(facts.language),
        "format": file.form,
        "mediatype": _MEDIA_TYPES[file.form],
        "bytes": file.size_bytes,
        "hash": f"sha256:{file.sha256}",
    }
    if file.form != "csv":
        return {**described, "type": "file", "profile": "data-resource"}
    return {
        **described,
        "profile": "tabular-data-resource",
        "encoding": "utf-8",
        "schema": _schema(file.dataset, facts.language),
    }


def _schema(dataset: DataSet, language: str) -> dict[str, Any]:
    return {"fields": [_field(column, language) for column in dataset.columns], "missingValues": [""]}


def _field(column: Column, language: str) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.name,
        "type": _TYPES[column.kind],
        "title": column.label.in_language(language),
        "description": column.source,
    }
    if column.unit:
        field["unit"] = UNITS[column.unit].in_language(language)
    if column.values:
        codes = [code for code, _label in column.values]
        field["constraints"] = {"enum": [int(code) for code in codes] if column.kind == Kind.INTEGER else codes}
        field["labels"] = {code: label.in_language(language) for code, label in column.values}
    return field
