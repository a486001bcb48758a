"""What people commonly get wrong in a workbook is said in Spanish; anything else is quoted."""

import pytest
from django.utils import translation

from surveys.problem_words import said_of
from surveys.xforms.problems import XLSFormInvalid
from surveys.xforms.xlsform import convert_markdown

RANGE = "The 'parameters' value is invalid. For the 'range' question type, the parameter 'step' must not be '0' (zero)."
KEYS = (
    "The 'parameters' value is invalid. The accepted parameter keys for this question type are 'start, end'. "
    "The following are invalid parameter key(s): 'x'."
)
SHEETS = """| survey |
| | type | name | label | relevant |
{survey}
| choices |
| | list_name | name | label |
| | yn | y | Y |
{choices}
| settings |
| | form_id | version |
| | f | 1 |
"""


@pytest.mark.parametrize(
    ("survey", "choices", "said"),
    [
        ("| | begin_group | g | G |\n| | text | a | A |", "", "El grupo o repetición «g» empieza aquí y nunca termina"),
        ("| | text | a | A |\n| | end_group |", "", "Aquí termina un grupo o repetición que nunca empezó"),
        ("| | foo | a | A |", "", "No hay un tipo de pregunta «foo»."),
        ("| | select_one zz | a | A |", "", "La hoja choices no tiene la lista «zz»."),
        ("| | text | a | A | ${b} = 1 |", "", "La columna relevant habla de «b», y ninguna pregunta se llama así."),
        ("| | text | a | A |\n| | text | a | A |", "", "El nombre «a» está dos veces"),
        ("| | text | a b | A |", "", "Un nombre empieza con una letra"),
        ("| | text | a | |", "", "«a» no tiene texto"),
        ("| | text | | A |", "", "Esta pregunta o grupo no tiene nombre."),
        ("| | calculate | a | A |", "", "Esta fila calcula, y falta su cálculo."),
        ("| | select_one yn | a | A |", "| | yn | y | Z |", "Este código está dos veces"),
        ("| | select_one yn | a | A |", "| | yn | | Z |", "Esta opción no tiene código"),
        ("| | text | a | A | 1 = = |", "", "La expresión de la columna relevant no se puede leer."),
        (
            "| | begin_repeat | data | G |\n| | text | a | A |\n| | end_repeat |",
            "",
            "La repetición «data» se llama como",
        ),
        (
            "| | text | a | A |\n| | begin_group | g | G |\n| | text | a | A |\n| | end_group |\n| | note | n | ${a} |",
            "",
            "La columna label habla de «a», y varias preguntas se llaman así.",
        ),
        ("| | text | a | A | ${ a} = 1 |", "", "En la columna relevant una pregunta no está nombrada como ${name}."),
    ],
)
def test_common_mistake_is_said_in_spanish(survey, choices, said):
    with pytest.raises(XLSFormInvalid) as refused:
        convert_markdown(SHEETS.format(survey=survey, choices=choices))
    with translation.override("es"):
        assert said_of(refused.value.problems[0].what).startswith(said)


@pytest.mark.parametrize(
    ("english", "said"),
    [
        ("Language 'English (en)' is missing the survey label column.", "En el idioma «English (en)» la hoja survey"),
        (RANGE, "El parámetro «step» no concuerda con la escala"),
        (KEYS, "Este tipo de pregunta no lleva el parámetro «x», solo: start, end."),
        ("When looking for a sheet named 'choices', the following sheets with similar names were found: 'choice'.",
         "No hay una hoja choices, pero sí una que se llama casi así: 'choice'."),
        ("Repeat has no label: {'name': 'r', 'type': 'begin repeat'}", "El grupo o repetición «r» no tiene texto."),
    ],
)  # fmt: skip
def test_what_the_converter_says_is_said_in_spanish(english, said):
    with translation.override("es"):
        assert said_of(english).startswith(said)


def test_what_has_no_words_here_is_quoted():
    with translation.override("es"):
        assert said_of("Something new") == "El programa que hace el formulario dice: Something new"
