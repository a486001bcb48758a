"""What programs of the OpenRosa family (ODK Collect) read and write: lists of forms, a case's form, answers.

Each case is a form of its own: its id is the questionnaire's with the case's, so that nobody types or chooses whom the
answers are about, and nothing but a study code names her on the device.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from lxml import etree

from surveys.xforms.form import XFORMS, XFormInvalid, read_xml
from surveys.xforms.wording import language_name

LIST, MANIFEST = "http://openrosa.org/xforms/xformsList", "http://openrosa.org/xforms/xformsManifest"
RESPONSE = "http://openrosa.org/http/response"
HEADERS = {"X-OpenRosa-Version": "1.0", "X-OpenRosa-Accept-Content-Length": str(8 * 2**20)}
_NAMES = {"x": XFORMS, "h": "http://www.w3.org/1999/xhtml"}
_FORM_ID = re.compile(r"^(?P<code>.+)__(?P<case>[0-9a-f]{32})$")


@dataclass(frozen=True, slots=True)
class ListedForm:
    """One form of a list: its XML as it is downloaded, and where from."""

    form_id: str
    name: str
    version: str
    xml: bytes
    download_url: str
    manifest_url: str


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file that a form names: how the form calls it, the hash by which a device knows it, and where from."""

    name: str
    md5: str
    download_url: str


def case_form_id(code: str, case_id: UUID) -> str:
    """Return the id of a case's form."""
    return f"{code}__{case_id.hex}"


def case_form(xform: bytes, *, form_id: str, name: str, prefill: Mapping[str, str], language: str) -> bytes:
    """Return a questionnaire as one case's form: its id, its name, answers put in, its texts in a language first."""
    document = read_xml(xform)
    instance = document.find(".//x:model/x:instance/*", _NAMES)
    if instance is None:
        raise XFormInvalid("this is no form: it has no model with an instance")
    instance.set("id", form_id)
    title = document.find("h:head/h:title", _NAMES)
    if title is not None:
        title.text = name
    for element in instance.iter():
        if isinstance(element.tag, str) and (answer := prefill.get(etree.QName(element).localname)):
            element.text = answer
    _put_first(document, language)
    return etree.tostring(document, xml_declaration=True, encoding="UTF-8")


def case_of(content: bytes) -> tuple[UUID, bytes]:
    """Return the case that a submission is about, and the submission under its questionnaire's own id.

    Raise XFormInvalid for a submission of no case.
    """
    sent = read_xml(content)
    found = _FORM_ID.match(sent.get("id", ""))
    if found is None:
        raise XFormInvalid(f"this is a submission of “{sent.get('id', '')}”; expected “a form of this list”")
    sent.set("id", found["code"])
    return UUID(found["case"]), etree.tostring(sent, xml_declaration=True, encoding="UTF-8")


def form_list(forms: Iterable[ListedForm]) -> bytes:
    """Write a list of forms."""
    root = etree.Element("xforms", {}, nsmap={None: LIST})
    for form in forms:
        said = {
            "formID": form.form_id,
            "name": form.name,
            "version": form.version,
            "hash": f"md5:{hashlib.md5(form.xml, usedforsecurity=False).hexdigest()}",
            "downloadUrl": form.download_url,
            "manifestUrl": form.manifest_url,
        }
        listed = etree.SubElement(root, "xform")
        for name, text in said.items():
            etree.SubElement(listed, name).text = text
    return _written(root)


def manifest(files: Iterable[MediaFile]) -> bytes:
    """Write the list of a form's media."""
    root = etree.Element("manifest", {}, nsmap={None: MANIFEST})
    for file in files:
        listed = etree.SubElement(root, "mediaFile")
        for name, text in (
            ("filename", file.name), ("hash", f"md5:{file.md5}"), ("downloadUrl", file.download_url),
        ):  # fmt: skip
            etree.SubElement(listed, name).text = text
    return _written(root)


def response(message: str) -> bytes:
    """Write what became of a submission."""
    root = etree.Element("OpenRosaResponse", {}, nsmap={None: RESPONSE})
    etree.SubElement(root, "message", {"nature": ""}).text = message
    return _written(root)


def _put_first(document: etree._Element, language: str) -> None:
    translations = document.findall(".//x:itext/x:translation", _NAMES)
    wanted = language_name(tuple(each.get("lang", "") for each in translations), language)
    for translation in translations if wanted else ():
        translation.attrib.pop("default", None)
        if translation.get("lang") == wanted:
            translation.set("default", "true()")


def _written(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")
