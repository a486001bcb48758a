"""Answers written as the submission that a device would send."""

from collections.abc import Mapping
from typing import Any

from lxml import etree

from surveys.xforms.form import XForm, read_xml


def written_submission(form: XForm, answers: Mapping[str, Any], *, instance_id: str) -> bytes:
    """Write answers as a submission of a form: by name as `check_submission` gives them, a repeat as a list of such.

    What the form does not know is left out.
    """
    root = etree.Element(form.root, {"id": form.form_id, "version": form.version})
    _fill(root, f"/{form.root}", form, answers)
    meta = root.find("meta")
    meta = etree.SubElement(root, "meta") if meta is None else meta
    for old in meta.findall("instanceID"):
        meta.remove(old)
    etree.SubElement(meta, "instanceID").text = instance_id
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _fill(group: etree._Element, path: str, form: XForm, answers: Mapping[str, Any]) -> None:
    for below in form.children.get(path, ()):
        name = below.rpartition("/")[2]
        answer = answers.get(below.split("/", 2)[2], answers.get(name))
        if below in form.repeats:
            for one in answer if isinstance(answer, list) else ():
                _fill(etree.SubElement(group, name), below, form, one)
        elif below in form.groups:
            _fill(etree.SubElement(group, name), below, form, answers)
        else:
            etree.SubElement(group, name).text = str(answer) if answer is not None else ""


def written_answers(content: bytes) -> dict[str, str]:
    """Return the answers of a submission as they stand in it, by name, whether they hold or not; nothing of repeats.

    Raise XFormInvalid for what is no XML.
    """
    found: dict[str, str] = {}
    twice: set[str] = set()
    for element in read_xml(content).iter(etree.Element):
        name = etree.QName(element).localname
        if len(element) or not (element.text or "").strip() or name in ("instanceID", "deprecatedID"):
            continue
        if name in found:
            twice.add(name)
        found[name] = (element.text or "").strip()
    return {name: told for name, told in found.items() if name not in twice}
