"""What may name somebody or somewhere in a Spanish text: examples invented for each rule."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviews.masking import Mask, Suggestion, masked, occurrences, suggestions
from interviews.transcript_file import Paragraph

PLACES = ("Breña", "San Juan de Lurigancho", "Ate", "Lima", "San Miguel")


def found(text: str) -> list[tuple[str, str]]:
    return [(one.mask, one.words) for one in suggestions([Paragraph("P", text)], places=PLACES)]


@pytest.mark.requirement("N31")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Le conté a mi hermana Lucía Quispe lo que pasó.", [("nombre", "Lucía Quispe")]),
        ("María del Carmen Flores vino ayer.", [("nombre", "María del Carmen Flores")]),
        ("Hablé con Yuriko ese día.", [("nombre", "Yuriko")]),
        ("La señora Pachas me ayudó, y don Cirilo también.", [("nombre", "Pachas"), ("nombre", "Cirilo")]),
        ("VIVÍA CON LUCÍA Y DON CIRILO EN EL CEM.", [("nombre", "LUCÍA")]),
        ("Me escribió el Dr. Arce.", [("nombre", "Arce")]),
        ("Vivo en San Juan de Lurigancho con mis hijos.", [("lugar", "San Juan de Lurigancho")]),
        ("Antes en Brena, ahora en Breña.", [("lugar", "Brena"), ("lugar", "Breña")]),
        ("Fui a la comisaría de Apolo y al colegio Los Andes.", [("lugar", "Apolo"), ("lugar", "Los Andes")]),
        ("Mi casa es en Jr. Los Jilgueros 123, cerca.", [("dirección", "Jr. Los Jilgueros 123")]),
        ("En la Mz. B Lt. 14 vive ella.", [("dirección", "Mz. B Lt. 14")]),
        ("Llámeme al 987 654 321 o al +51 912345678.", [("contacto", "987 654 321"), ("contacto", "+51 912345678")]),
        ("Mi correo es ana.p@ejemplo.pe, señorita.", [("contacto", "ana.p@ejemplo.pe")]),
        ("Mi DNI es 45678901.", [("documento", "45678901")]),
        ("Gracias a Dios, el Lunes en el CEM me oyeron.", []),
        ("Entonces salí. Después volví. ¿Cómo? ¡Nunca!", []),
        ("Tenía ate de membrillo y lima.", []),
        ("Pasaron 20 años y 350 soles.", []),
        ("", []),
    ],
)
def test_rules(text, expected):
    assert found(text) == expected


def test_accepted_places_are_masked_under_the_same_number_everywhere():
    said = [Paragraph("P", "Lucía vino con Rosa a Breña."), Paragraph("E", "¿Y LUCÍA se quedó en Breña?")]
    accepted = [*suggestions(said, places=PLACES), *occurrences(said, "lucía", mask=Mask.NAME)]
    assert masked(said, accepted) == [
        Paragraph("P", "[nombre 1] vino con [nombre 2] a [lugar 1]."),
        Paragraph("E", "¿Y [nombre 1] se quedó en [lugar 1]?"),
    ]


@pytest.mark.requirement("N31")
def test_who_speaks_is_masked_under_the_number_of_her_name_unless_she_is_called_by_what_she_does():
    speakers = ["E", "Lucía", "P2", "P 2", "M.", "Entrevistadora", "MUJER 1", "Señora", "Yuriko", "RQ", "LUCÍA", ""]
    said = [Paragraph(speaker, "Aquí.") for speaker in speakers] + [Paragraph("P", "Rosa y Lucía")]
    accepted = suggestions(said, places=PLACES)
    assert [row.speaker for row in masked(said, accepted)] == [
        "E", "[nombre 2]", "P2", "P 2", "M.", "Entrevistadora", "MUJER 1", "Señora", "[nombre 3]", "[nombre 4]",
        "[nombre 2]", "", "P",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("speaker", "is_called_by_a_name"),
    [
        ("Señora Rosa", True),
        ("Participante Yuriko Q.", True),
        ("Mujer 2 Rosa", True),
        ("Mujer participante 2", False),
        ("Entrevistadora 1.", False),
        (" ", False),
    ],
)
def test_a_name_behind_what_she_is_called_by_is_masked_too(speaker, is_called_by_a_name):
    (row,) = masked([Paragraph(speaker, "Aquí.")], [])
    assert row.speaker == ("[nombre 1]" if is_called_by_a_name else speaker)


def test_of_two_that_overlap_the_longer_is_masked():
    said = [Paragraph("", "Rosa María vino")]
    accepted = [Suggestion(0, 0, 4, "nombre", "Rosa"), Suggestion(0, 0, 10, "nombre", "Rosa María")]
    assert masked(said, accepted)[0].text == "[nombre 1] vino"


def test_own_words_are_found_whole():
    said = [Paragraph("", "Ana dijo a Anabel que ANA no iba")]
    assert [(one.start, one.end) for one in occurrences(said, " ana ", mask="nombre")] == [(0, 3), (22, 25)]
    assert occurrences(said, "  ", mask="nombre") == []


@given(st.lists(st.text(st.sampled_from("aÁñ RosaLimaJr.9 8-@,¿"), max_size=60), max_size=4))
def test_suggestions_lie_in_the_text_and_never_overlap(texts):
    said = [Paragraph("", text) for text in texts]
    rows = suggestions(said, places=PLACES)
    assert rows == sorted(rows)
    for one in rows:
        assert said[one.paragraph].text[one.start : one.end] == one.words
        assert one.words.strip()
    for one, following in pairwise(rows):
        assert one.paragraph < following.paragraph or one.end <= following.start
    kept = masked(said, rows)
    assert sum(row.text.count("[") for row in kept) == len(rows)
