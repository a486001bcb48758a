"""Documents: the same bytes for the same content, whatever a person typed, over as many pages as it takes."""

import io
import re
import zlib
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image

from documents.pdf import Document

NOW = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)


def document(*, title: str = "Constancia", made_at: datetime = NOW) -> Document:
    return Document(title=title, made_at=made_at)


def pages(content: bytes) -> list[str]:
    """Return what stands on each page, a line for each piece of text."""
    streams = re.findall(rb"stream\n(.*?)\nendstream", content, re.DOTALL)
    unpacked = [zlib.decompress(stream) for stream in streams if stream.startswith(b"x\x9c")]
    written = [re.findall(rb"\((.*?)(?<!\\)\) Tj", stream) for stream in unpacked if b" Tj" in stream]
    return ["\n".join(re.sub(rb"\\(.)", rb"\1", piece).decode("latin-1") for piece in page) for page in written]


def filled(**settings) -> bytes:
    made = document(**settings)
    made.heading("Módulo 1")
    made.paragraph("Primera línea\nSegunda línea")
    made.facts([("Nombre", "Rosa Ñahui"), ("Horas", "4")])
    made.table(["Estación", "Oficiales"], [["Estación 07", "31"]])
    made.small_print("0f" * 32)
    return made.content()


def test_same_content_gives_the_same_bytes():
    assert filled() == filled()


@pytest.mark.parametrize("other", [{"title": "Acta"}, {"made_at": NOW + timedelta(seconds=1)}])
def test_other_content_gives_other_bytes(other):
    assert filled(**other) != filled()


def test_everything_given_stands_on_the_page_in_order():
    (page,) = pages(filled())
    assert page.split("\n") == [
        "Constancia", "Módulo 1", "Primera línea", "Segunda línea", "Nombre: ", "Rosa Ñahui", "Horas: ", "4",
        "Estación", "Oficiales", "Estación 07", "31", "0f" * 32,
    ]  # fmt: skip


def test_new_page_begins_under_its_own_title():
    made = document()
    made.paragraph("Primera")
    made.new_page("Otra")
    made.paragraph("Segunda")
    assert [page.split("\n") for page in pages(made.content())] == [["Constancia", "Primera"], ["Otra", "Segunda"]]


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("Ñandú, Muñoz, Güepí, ¿así?", "Ñandú, Muñoz, Güepí, ¿así?"),
        ("Mun\u0303oz", "Muñoz"),
        ("“sí” — ‘no’…", "\"sí\" - 'no'..."),
        ("norte → sur", "norte -> sur"),
        ("Tūpac Čusi", "Tupac Cusi"),
        ("hoja ☃ 你", "hoja ? ?"),
    ],
)
def test_letter_without_a_place_in_latin_1_falls_back(typed, written):
    made = document(title="x")
    made.paragraph(typed)
    assert pages(made.content()) == [f"x\n{written}"]


@pytest.mark.parametrize(
    "typed", ["**Rosa**", "__Rosa__", "--Rosa--", "~~Rosa~~", "[Rosa](http://x.pe)", "<b>Rosa</b>"]
)
def test_what_a_person_typed_is_never_markup(typed):
    made = document(title="x")
    made.paragraph(typed)
    made.facts([("Nombre", typed)])
    made.table(["Nombre"], [[typed]])
    content = made.content()
    assert pages(content) == [f"x\n{typed}\nNombre: \n{typed}\nNombre\n{typed}"]
    assert b"/URI" not in content


def test_long_value_continues_on_the_next_line():
    made = document(title="x")
    made.facts([("Lugar", "Jirón de la Unión " * 20), ("Hora", "10:00")])
    lines = pages(made.content())[0].split("\n")
    assert " ".join(lines[2:-2]).split() == ("Jirón de la Unión " * 20).split()
    assert lines[-2:] == ["Hora: ", "10:00"]


def test_long_table_breaks_over_pages_under_its_header():
    made = document(title="x")
    made.table(["Código", "Comisaría"], ([f"{n:04d}", "Alfonso Ugarte"] for n in range(150)))
    found = pages(made.content())
    assert len(found) > 2
    assert all(page.removeprefix("x\n").startswith("Código\nComisaría\n") for page in found)
    assert re.findall(r"\d{4}", "\n".join(found)) == [f"{n:04d}" for n in range(150)]


def test_counts_end_at_the_right_of_their_columns():
    made = document(title="x")
    made.table_of_counts(["Qué", "Semana", "Inicio"], [["Inscritas", "0", "1,600"]])
    (page,) = pages(made.content())
    assert page.split("\n") == ["x", "Qué", "Semana", "Inicio", "Inscritas", "0", "1,600"]


def test_a_heading_is_never_the_last_line_of_a_page():
    made = document(title="x")
    for number in range(40):
        made.heading(f"Parte {number}")
        made.table(["a"], [["b"]])
    assert [page for page in pages(made.content()) if page.split("\n")[-1].startswith("Parte")] == []


def test_cell_longer_than_a_line_is_written_whole():
    made = document(title="x")
    made.table(["a", "b"], [["palabra " * 40, "1" * 200]])
    (page,) = pages(made.content())
    assert (page.count("palabra"), page.count("1")) == (40, 200)


def test_picture_is_placed():
    drawn = io.BytesIO()
    Image.new("L", (20, 10), 128).save(drawn, "PNG")
    made = document()
    made.image(drawn.getvalue(), width_mm=30)
    assert b"/Subtype /Image" in made.content()
