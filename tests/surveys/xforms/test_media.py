"""Forms that name files: each is there, is what it should be, and its list is known to the server's check."""

import io

import pytest
from django.utils import translation
from PIL import Image

from surveys.instrument_source import read_instrument
from surveys.problem_words import said_of
from surveys.xforms.form import read_xform
from surveys.xforms.lists import READERS
from surveys.xforms.problems import XLSFormInvalid
from surveys.xforms.rules import form_rules
from surveys.xforms.submission import Breach, check_submission
from surveys.xforms.writing import written_submission
from tests.surveys.xforms.workbooks import LIMA, NOW

CITIES = b"name,label,region\nlima,Lima,coast\nica,Ica,coast\ncusco,Cusco,andes\n"
PRICES = b"code,price,unit\nrice,4.5,kg\nmilk,6,l\n"
PLACES = (
    b'{"type":"FeatureCollection","features":[{"type":"Feature","id":"p1","geometry":{"type":"Point","coordinates":'
    b'[-77.03,-12.04]},"properties":{"title":"Posta"}}]}'
)
THINGS = b"<root><item><code>r</code><says>Radio</says></item><item><code>b</code><says>Cama</says></item></root>"


def a_picture(kind="PNG", colour="green") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (30, 30), colour).save(out, format=kind)
    return out.getvalue()


def sheets(*rows, headings="type | name | label | choice_filter | calculation | media::image | parameters", choices=()):
    lines = ["| survey |", f"| | {headings} |", *(f"| | {row} |" for row in rows)]
    lines += ["| choices |", "| | list_name | name | label | image |", "| | yn | y | Yes | |"]
    lines += [f"| | {row} |" for row in choices]
    return "\n".join([*lines, "| settings |", "| | form_id | version |", "| | f | 1 |"])


FILES = {"cities.csv": CITIES, "prices.csv": PRICES, "places.geojson": PLACES, "things.xml": THINGS,
         "cara feliz.png": a_picture(), "foto.jpg": a_picture("JPEG")}  # fmt: skip
WHOLE = (
    sheets(
        "text | region | R",
        "select_one_from_file cities.csv | city | C | region = ${region}",
        "select_one_from_file cities.csv | anywhere | A",
        "select_multiple_from_file things.xml | things | T | | | | value=code, label=says",
        "select_one_from_file places.geojson | place | P",
        "text | thing | H",
        "calculate | price | | | pulldata('prices', 'price', 'code', ${thing})",
        "calculate | unit | | | instance('prices')/*/item[code = ${thing}]/unit",
        "note | n | N | | | foto.jpg",
        choices=("pic | a | A | cara feliz.png",),
    )
    .replace("| | yn | y | Yes | |", "| | yn | y | Yes | cara feliz.png |\n")
    .replace("| | text | region", "| | select_one yn | q | Q |\n| | text | region")
)


def loaded(text, files=FILES):
    read = read_instrument(text.encode(), name="f.md", given=files)
    lists = {file.name: READERS[file.kind](file.content).instance for file in read.files if file.kind != "image"}
    return read, form_rules(read_xform(read.xform.encode(), lists), zone=LIMA)


def findings(**answers):
    _read, rules = loaded(WHOLE)
    sent = written_submission(rules.form, answers, instance_id="uuid:1")
    checked = check_submission(sent, rules, zone=LIMA, now=NOW)
    return [(finding.place.rpartition("/")[2], finding.breach) for finding in checked.findings]


def refusals(text, files):
    with pytest.raises(XLSFormInvalid) as refused:
        loaded(text, files)
    with translation.override("es"):
        return [(p.sheet, f"{p.column}{p.row or ''}", said_of(p.what)) for p in refused.value.problems]


@pytest.mark.requirement("F24")
def test_files_that_a_form_names_are_read_by_their_content():
    read, rules = loaded(WHOLE)
    assert {file.name: (file.kind, file.content_type) for file in read.files} == {
        "cities.csv": ("csv", "text/csv"),
        "prices.csv": ("csv", "text/csv"),
        "places.geojson": ("geojson", "application/geo+json"),
        "things.xml": ("xml", "text/xml"),
        "cara feliz.png": ("image", "image/png"),
        "foto.jpg": ("image", "image/jpeg"),
    }
    asked = {question["name"]: question["choices"] for question in read.content["questions"]}
    assert [(one["code"], one["label"]) for one in asked["things"]] == [("r", {"": "Radio"}), ("b", {"": "Cama"})]
    assert [(one["code"], one["label"]) for one in asked["place"]] == [("p1", {"": "Posta"})]
    assert rules.unusable == ()
    assert [file["sha256"] for file in read.content["files"]] == [file.sha256 for file in read.files]


@pytest.mark.requirement("F24")
@pytest.mark.parametrize(
    ("answers", "found"),
    [
        ({"region": "coast", "city": "ica"}, []),
        ({"region": "coast", "city": "cusco"}, [("city", Breach.CHOICE)]),
        ({"city": "lima"}, [("city", Breach.CHOICE)]),
        ({"anywhere": "cusco"}, []),
        ({"anywhere": "Cusco"}, [("anywhere", Breach.CHOICE)]),
        ({"things": "b r"}, []),
        ({"things": "b x"}, [("things", Breach.CHOICE)]),
        ({"place": "p1"}, []),
        ({"place": "p2"}, [("place", Breach.CHOICE)]),
        ({"thing": "milk", "price": "6", "unit": "l"}, []),
        ({"thing": "rice", "price": "4.50", "unit": "kg"}, []),
        ({"thing": "rice", "price": "6", "unit": "l"}, [("price", Breach.CALCULATION), ("unit", Breach.CALCULATION)]),
        ({"thing": "x' or '1'='1", "price": "", "unit": ""}, []),
        ({"thing": "milk"}, [("price", Breach.CALCULATION), ("unit", Breach.CALCULATION)]),
    ],
)
def test_server_checks_answers_against_lists_in_files(answers, found):
    assert findings(**answers) == found


@pytest.mark.parametrize(
    ("rows", "files", "found"),
    [
        (("note | n | N | | | a.png",), {}, [("survey", "F2", "Falta el archivo «a.png»: entréguelo con el libro.")]),
        (("select_one_from_file c.csv | c | C",), {},
         [("survey", "A2", "Falta el archivo «c.csv»: entréguelo con el libro.")]),
        (("csv-external | c |",), {}, [("survey", "B2", "Falta el archivo «c.csv»: entréguelo con el libro.")]),
        (("calculate | p | | | pulldata('c', 'a', 'b', '1')",), {},
         [("survey", "E2", "Falta el archivo «c.csv»: entréguelo con el libro.")]),
        (("text | t | T",), {"x.csv": CITIES}, [("", "", "Ninguna celda nombra el archivo «x.csv»: quítelo.")]),
        (("note | n | N | | | a.png",), {"a.png": CITIES},
         [("survey", "F2", "El archivo «a.png» no es una imagen que se pueda mostrar: use PNG o JPEG.")]),
        (("note | n | N | | | a.svg",), {"a.svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>"},
         [("survey", "F2", "El archivo «a.svg» no es una imagen que se pueda mostrar: use PNG o JPEG.")]),
        (("note | n | N | | | ../a.png",), {"a.png": FILES["foto.jpg"]},
         [("survey", "F2", "Ningún archivo puede llamarse «../a.png»: use letras, cifras, espacios, _ - . ( )."),
          ("", "", "Ninguna celda nombra el archivo «a.png»: quítelo.")]),
        (("select_one_from_file d/c.csv | c | C",), {},
         [("survey", "A2", "Ningún archivo puede llamarse «d/c.csv»: use letras, cifras, espacios, _ - . ( ).")]),
        (("select_one_from_file c.csv | c | C",), {"c.csv": a_picture()},
         [("survey", "A2", "«c.csv» no está escrito en UTF-8: guárdelo como «CSV UTF-8».")]),
        (("select_one_from_file c.csv | c | C",), {"c.csv": b"code,label\na,A\n"},
         [("survey", "A2", "El archivo «c.csv» no tiene la columna «name».")]),
        (("select_one_from_file c.csv | c | C",), {"c.csv": b"name,label\n,A\n"},
         [("survey", "A2", "En el archivo «c.csv» hay un elemento sin «name».")]),
        (("select_multiple_from_file c.csv | c | C",), {"c.csv": b"name,label\na b,A\n"},
         [("survey", "A2", "En el archivo «c.csv» el código «a b» tiene un espacio, que termina un código.")]),
        (("select_one_from_file c.xml | c | C",), {"c.xml": CITIES},
         [("survey", "A2", "«c.xml» no se puede leer como el tipo de archivo que dice su nombre.")]),
        (("select_one_from_file c.txt | c | C",), {"c.txt": CITIES},
         [("survey", "A2",
           "El nombre del archivo termina en .csv, .geojson o .xml: «select_one_from_file c.txt» no.")]),
        (("calculate | p | | | instance('nada')/*/item[1]/x",), {},
         [("survey", "E2", "El formulario no tiene la lista «nada».")]),
        (("text | t | T", "calculate | p | | | pulldata(${t}, 'a', 'b', '1')"), {},
         [("survey", "E3", "pulldata() debe nombrar su archivo entre comillas, como en pulldata('prices', …).")]),
    ],
)  # fmt: skip
def test_file_that_lacks_or_is_wrong_is_told_with_the_cell_that_names_it(rows, files, found):
    assert refusals(sheets(*rows), files) == found


def test_name_with_an_accent_is_found_however_it_is_written():
    read, _rules = loaded(sheets("note | n | N | | | ni\u00f1o.png"), {"nin\u0303o.png": a_picture()})
    assert [file.name for file in read.files] == ["ni\u00f1o.png"]


def test_sound_and_films_are_left_out_of_the_form_and_told():
    text = sheets("note | n | N | y.mp3 | z.mp4", headings="type | name | label | media::audio | video")
    read, _rules = loaded(text, {})
    assert "jr://" not in read.xform
    assert [warning for warning in read.content["warnings"] if "sound" in warning] == [
        "survey, D2: sound and films are not played: it is asked without them",
        "survey, E2: sound and films are not played: it is asked without them",
    ]


def test_hash_of_a_version_counts_its_files_and_is_that_of_the_workbook_without_any():
    plain = sheets("note | n | N")
    with_picture = sheets("note | n | N | | | a.png")
    one, same, other = (
        read_instrument(with_picture.encode(), name="f.md", given={"a.png": content}).sha256
        for content in (a_picture(), a_picture(), a_picture(colour="red"))
    )
    assert (one == same, one == other) == (True, False)
    assert read_instrument(plain.encode(), name="f.md").sha256 not in {one, other}
