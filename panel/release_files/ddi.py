"""The codebook as DDI-Codebook 2.5 (ddialliance.org), which archives and catalogues of data read."""

from typing import Any, TypeAlias

from lxml import etree

from panel.columns import UNITS, Column, DataSet, Kind, Label
from panel.release_files.facts import DataFile, Facts

NAMESPACE = "ddi:codebook:2_5"
_XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
# What lxml makes has no public name.
Element: TypeAlias = Any


def ddi_xml(facts: Facts) -> bytes:
    """Return the codebook: the study without its name, each file, and each column of each data set."""
    book = etree.Element(_name("codeBook"), nsmap={None: NAMESPACE}, attrib={"version": "2.5"})
    study = etree.SubElement(book, _name("stdyDscr"))
    citation = etree.SubElement(study, _name("citation"))
    title = etree.SubElement(citation, _name("titlStmt"))
    _text(title, "titl", facts.title)
    _text(title, "IDNo", facts.folder)
    version = etree.SubElement(citation, _name("verStmt"))
    _text(version, "version", f"{facts.number}.{facts.revision}").set("date", facts.as_of.isoformat())
    files = sorted(facts.files, key=lambda one: one.name)
    for place, file in enumerate(files, start=1):
        _file(book, file, f"F{place}")
    data = etree.SubElement(book, _name("dataDscr"))
    for number, dataset in enumerate(facts.datasets, start=1):
        ids = " ".join(f"F{place}" for place, file in enumerate(files, start=1) if file.dataset.name == dataset.name)
        _variables(data, dataset, number, ids)
    return etree.tostring(book, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _file(book: Element, file: DataFile, file_id: str) -> None:
    described = etree.SubElement(book, _name("fileDscr"), attrib={"ID": file_id, "URI": file.name})
    text = etree.SubElement(described, _name("fileTxt"))
    _text(text, "fileName", file.name)
    fingerprint = etree.SubElement(text, _name("dataFingerprint"), attrib={"type": "data"})
    _text(fingerprint, "digitalFingerprintValue", file.sha256)
    _text(fingerprint, "algorithmSpecification", "SHA-256")
    _labels(text, "fileCont", file.dataset.row)
    dimensions = etree.SubElement(text, _name("dimensns"))
    _text(dimensions, "caseQnty", str(file.rows))
    _text(dimensions, "varQnty", str(file.columns))
    _text(text, "fileType", file.form)


def _variables(data: Element, dataset: DataSet, number: int, files: str) -> None:
    for place, column in enumerate(dataset.columns, start=1):
        attributes = {"ID": f"V{number}_{place}", "name": column.name, "files": files, "intrvl": _interval(column)}
        variable = etree.SubElement(data, _name("var"), attrib=attributes)
        _labels(variable, "labl", column.label)
        if column.unit:
            _labels(variable, "txt", UNITS[column.unit])
        for code, label in column.values:
            category = etree.SubElement(variable, _name("catgry"))
            _text(category, "catValu", code)
            _labels(category, "labl", label)
        kind = "character" if column.kind == Kind.TEXT else "numeric"
        etree.SubElement(variable, _name("varFormat"), attrib={"type": kind})
        _text(variable, "notes", column.source)


def _interval(column: Column) -> str:
    return "discrete" if column.values or column.kind == Kind.TEXT else "contin"


def _labels(parent: Element, tag: str, label: Label) -> None:
    for language, text in (("es", label.es), ("en", label.en)):
        _text(parent, tag, text).set(_XML_LANGUAGE, language)


def _text(parent: Element, tag: str, text: str) -> Element:
    element = etree.SubElement(parent, _name(tag))
    element.text = text
    return element


def _name(tag: str) -> str:
    return f"{{{NAMESPACE}}}{tag}"
