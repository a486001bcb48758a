"""Files that come with a workbook: taken by their names, one by one or packed, whatever else they try."""

import io
import struct
import zipfile

import pytest
from django.utils import translation

from surveys.given_files import MOST_FILES, Limits, given_files
from surveys.problem_words import said_of
from surveys.xforms.problems import XLSFormInvalid

LIMITS = Limits(file_bytes=1_000, whole_bytes=2_500)


def packed(*parts, method=zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return out.getvalue()


def encrypted() -> bytes:
    content = bytearray(packed(("a.png", b"x")))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.index(mark) + place
        content[at : at + 2] = struct.pack("<H", struct.unpack("<H", content[at : at + 2])[0] | 1)
    return bytes(content)


def refusals(*given):
    with pytest.raises(XLSFormInvalid) as refused:
        given_files(given, limits=LIMITS)
    with translation.override("es"):
        return [said_of(problem.what) for problem in refused.value.problems]


def test_files_are_taken_one_by_one_and_out_of_archives():
    archive = packed(
        ("media/", b""), ("media/cara feliz.png", b"1"), ("media/ciudades.csv", b"2"),
        ("__MACOSX/media/._ciudades.csv", b"x"), ("media/.DS_Store", b"x"),
    )  # fmt: skip
    found = given_files([("a.jpg", b"0"), ("media.ZIP", archive)], limits=LIMITS)
    assert found == {"a.jpg": b"0", "cara feliz.png": b"1", "ciudades.csv": b"2"}


def test_nothing_given_is_nothing():
    assert given_files([], limits=LIMITS) == {}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("a.png", b"x" * 1_001), "El archivo «a.png» es demasiado grande: como máximo 1,000 bytes."),
        (("m.zip", packed(("a.csv", b" " * 2**24))),
         "El archivo «a.csv» es demasiado grande: como máximo 1,000 bytes."),
        (("m.zip", packed(*((f"{n}.csv", b"x" * 900) for n in range(3)))),
         "Los archivos juntos son demasiado grandes: como máximo 2,500 bytes."),
        (("m.zip", packed(*((f"{n}.csv", b"x") for n in range(MOST_FILES + 1)))),
         f"Hay demasiados archivos: como máximo {MOST_FILES}."),
        (("m.zip", packed(*((f"{n}.csv", b"") for n in range(1_001)))),
         f"Hay demasiados archivos: como máximo {MOST_FILES}."),
        (("m.zip", packed(("../a.csv", b"x"))), "«../a.csv» sale de su archivo ZIP: empaquete los archivos otra vez."),
        (("m.zip", packed(("x/../../a.csv", b"x"))),
         "«x/../../a.csv» sale de su archivo ZIP: empaquete los archivos otra vez."),
        (("m.zip", packed(("/etc/a.csv", b"x"))),
         "«/etc/a.csv» sale de su archivo ZIP: empaquete los archivos otra vez."),
        (("m.zip", packed(("C:a.csv", b"x"))), "«C:a.csv» sale de su archivo ZIP: empaquete los archivos otra vez."),
        (("m.zip", packed(("x/.a.csv", b"x"))),
         "Ningún archivo puede llamarse «.a.csv»: use letras, cifras, espacios, _ - . ( )."),
        (("a\n.csv", b"x"), "Ningún archivo puede llamarse «a?.csv»: use letras, cifras, espacios, _ - . ( )."),
        (("a%2e.csv", b"x"), "Ningún archivo puede llamarse «a%2e.csv»: use letras, cifras, espacios, _ - . ( )."),
        (("m.zip", packed(("x/a.csv", b"1"), ("y/A.CSV", b"2"))), "El archivo «A.CSV» se entregó dos veces."),
        (("m.zip", b"no archive"), "«m.zip» no es un archivo ZIP que se abra sin contraseña."),
        (("m.zip", packed(("a.csv", b"x"))[:40]), "«m.zip» no es un archivo ZIP que se abra sin contraseña."),
        (("m.zip", encrypted()), "«m.zip» no es un archivo ZIP que se abra sin contraseña."),
    ],
    ids=["large", "bomb", "whole", "many", "very many", "up", "up within", "absolute", "drive", "hidden", "line",
         "escape", "twice", "no zip", "cut", "encrypted"],
)  # fmt: skip
def test_what_is_hostile_is_refused_in_words(given, said):
    assert refusals(given) == [said]


def test_two_ways_to_write_an_accent_are_one_name():
    assert refusals(("ni\u00f1o.png", b"1"), ("nin\u0303o.png", b"2"))[0].endswith("se entregó dos veces.")
