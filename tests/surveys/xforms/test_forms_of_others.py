"""Whatever kind, setting or heading a form of others uses, it is asked, or refused by a sentence with its place."""

import pytest
from django.utils import translation
from pyxform import aliases
from pyxform.question_type_dictionary import QUESTION_TYPE_DICT

from surveys.instrument_source import read_instrument
from surveys.problem_words import said_of
from surveys.xforms.form import read_xform
from surveys.xforms.problems import XLSFormInvalid
from surveys.xforms.rules import form_rules
from surveys.xforms.submission import Breach, check_submission
from surveys.xforms.writing import written_submission
from tests.surveys.xforms.workbooks import LIMA, NOW

LISTS = """| choices |
| | list_name | name | label |
| | yn | y | Yes |
| | yn | n | No |
"""
SETTINGS = "| settings |\n| | form_id | version |\n| | f | 1 |\n"
PLAIN = ("type", "name", "label")


def sheets(headings, *rows, more="", settings=SETTINGS):
    lines = ["| survey |", *("| | " + " | ".join(row) + " |" for row in (headings, *rows))]
    return "\n".join(lines) + "\n" + LISTS + more + settings


def loaded(text):
    """Return the rules of a form and what its pages show of it."""
    read = read_instrument(text.encode(), name="f.md")
    return form_rules(read_xform(read.xform.encode()), zone=LIMA), read.content


def asked(text):
    rules, _content = loaded(text)
    return [(q.path, q.type, q.kind) for q in rules.form.questions if "/meta/" not in q.path]


def findings(text, **answers):
    rules, _content = loaded(text)
    sent = written_submission(rules.form, answers, instance_id="uuid:1")
    return [finding.breach for finding in check_submission(sent, rules, zone=LIMA, now=NOW).findings]


def refusals(text):
    """Return each problem's place and what it says in Spanish."""
    with pytest.raises(XLSFormInvalid) as refused:
        read_instrument(text.encode(), name="f.md")
    with translation.override("es"):
        return [(p.sheet, f"{p.column}{p.row or ''}", said_of(p.what)) for p in refused.value.problems]


QUOTED = "El programa que hace el formulario dice"
# Each with what it needs to be asked at all.
NEEDED = {"calculate": "1", "add calculate prompt": "1", "q calculate": "1"}


@pytest.mark.requirement("F24")
@pytest.mark.parametrize("kind", sorted({*QUESTION_TYPE_DICT, *aliases.select, "audit", "osm", "entity", "include"}))
@pytest.mark.parametrize("with_list", [False, True], ids=["bare", "list"])
def test_every_kind_of_question_is_asked_and_checked_or_refused_in_words_with_its_place(kind, with_list):
    written = f"{kind} yn" if with_list else kind
    text = sheets((*PLAIN, "calculation"), (written, "q", "Q", NEEDED.get(kind, "")))
    try:
        rules, content = loaded(text)
    except XLSFormInvalid:
        for sheet, cell, said in refusals(text):
            assert (sheet, cell.lstrip("ABCD")) == ("survey", "2")
            assert not said.startswith(QUOTED), said
        return
    assert {question["name"] for question in content["questions"]} <= {"q", "q_other"}
    for answer in ("", "y", "2026-11-18", "1 2"):
        sent = written_submission(rules.form, {"q": answer}, instance_id="uuid:1")
        assert set(check_submission(sent, rules, zone=LIMA, now=NOW).findings) is not None


@pytest.mark.parametrize(
    ("written", "kind", "good", "bad"),
    [
        ("text", "input", "x", None),
        ("integer", "input", "-3", ("2.5", Breach.TYPE)),
        ("decimal", "input", "2.50", ("dos", Breach.TYPE)),
        ("date", "input", "2026-02-28", ("2026-02-30", Breach.TYPE)),
        ("time", "input", "23:59:00.000-05:00", ("25:00", Breach.TYPE)),
        ("dateTime", "input", "2026-11-18T10:00:00.000-05:00", ("2026-11-18", Breach.TYPE)),
        ("geopoint", "input", "-12.04 -77.03 154 5", ("Lima", Breach.TYPE)),
        ("barcode", "input", "7750182000123", None),
        ("acknowledge", "trigger", "OK", None),
        ("range", "range", "3", ("tres", Breach.TYPE)),
        ("range", "range", "10", ("11", Breach.CONSTRAINT)),
        ("range", "range", "1", ("0", Breach.CONSTRAINT)),
        ("percentage", "input", "40", ("mucho", Breach.TYPE)),
        ("select_one yn", "select1", "n", ("maybe", Breach.CHOICE)),
        ("select_multiple yn", "select", "y n", ("y y", Breach.CHOICE)),
        ("rank yn", "rank", "n y", ("n n", Breach.CHOICE)),
        ("select_one yn or_other", "select1", "other", ("otra", Breach.CHOICE)),
        ("username", "hidden", "encuestadora", None),
        ("start", "hidden", "2026-11-18T10:00:00.000-05:00", ("hoy", Breach.TYPE)),
        ("hidden", "hidden", "x", None),
    ],
)  # fmt: skip
def test_each_kind_takes_its_answers_and_tells_those_that_are_none(written, kind, good, bad):
    text = sheets(PLAIN, (written, "q", "Q"))

    assert asked(text)[0][2] == kind
    assert findings(text, q=good) == []
    if bad is not None:
        assert findings(text, q=bad[0]) == [bad[1]]


@pytest.mark.parametrize(
    ("headings", "rows", "found"),
    [
        ((*PLAIN, "trigger", "calculation"), (("text", "a", "A", "", ""), ("calculate", "b", "", "${a}", "now()")),
         [("/data/a", "string", "input"), ("/data/b", "string", "hidden")]),
        ((*PLAIN, "trigger"), (("text", "a", "A", ""), ("background-geopoint", "b", "", "${a}")),
         [("/data/a", "string", "input"), ("/data/b", "geopoint", "hidden")]),
        ((*PLAIN, "repeat_count"), (("integer", "n", "N", ""), ("begin_repeat", "r", "R", "${n}"),
          ("text", "a", "A", ""), ("end_repeat", "", "", "")),
         [("/data/n", "int", "input"), ("/data/r/a", "string", "input")]),
        (PLAIN, (("begin_group", "g", "G"), ("begin_repeat", "r", "R"), ("begin_group", "h", "H"),
          ("begin_repeat", "s", "S"), ("text", "a", "A"), ("end_repeat", "", ""), ("end_group", "", ""),
          ("end_repeat", "", ""), ("end_group", "", "")),
         [("/data/g/r/h/s/a", "string", "input")]),
        (PLAIN, (("begin loop over yn", "l", "%(label)s"), ("integer", "c", "C"), ("end loop", "", "")),
         [("/data/l/y/c", "int", "input"), ("/data/l/n/c", "int", "input")]),
        ((*PLAIN, "parameters"), (("select_one yn", "a", "A", "randomize=true, seed=3"),),
         [("/data/a", "string", "select1")]),
        ((*PLAIN, "parameters"), (("range", "a", "A", "start=0 end=1 step=0.5"),), [("/data/a", "decimal", "range")]),
        ((*PLAIN, "default"), (("date", "a", "A", "today()"), ("text", "b", "B", "x")),
         [("/data/a", "date", "input"), ("/data/b", "string", "input")]),
        ((*PLAIN, "sms_field", "compact_tag"), (("text", "a", "A", "x", "y"),), [("/data/a", "string", "input")]),
        (("command", "tag", "caption", "relevance", "constraining message", "bind::required", "body::appearance"),
         (("q string", "a", "A", "", "", "true()", "multiline"),), [("/data/a", "string", "input")]),
        ((*PLAIN, "hint", "guidance_hint", "noAppErrorString", "bind::odk:length", "instance::hxl"),
         (("text", "a", "A", "H", "G", "E", "10", "#x"),), [("/data/a", "string", "input")]),
        ((*PLAIN, "appearance"), (("begin_group", "g", "G", "field-list"), ("select_one yn", "a", "A", "label"),
          ("select_one yn", "b", "B", "list-nolabel"), ("end_group", "", "", "")),
         [("/data/g/a", "string", "select1"), ("/data/g/b", "string", "select1")]),
        (PLAIN, (("begin_repeat", "r", "R"), ("text", "n", "N"), ("end_repeat", "", ""), ("select_one ${n}", "p", "P")),
         [("/data/r/n", "string", "input"), ("/data/p", "string", "select1")]),
    ],
    ids=["trigger", "background point", "repeat_count", "nested", "loop", "randomize", "range", "default", "sms",
         "old headings", "hints", "table", "choices from a repeat"],
)  # fmt: skip
def test_what_forms_are_made_of_is_asked(headings, rows, found):
    assert asked(sheets(headings, *rows)) == found


@pytest.mark.parametrize(
    "heading",
    ["form_title", "default_language", "instance_name", "style", "auto_send", "auto_delete", "sms_keyword",
     "sms_separator", "sms_response", "prefix", "delimiter", "namespaces",
     "allow_choice_duplicates", "attribute::x:y", "clean_text_values", "client_editable", "name", "unheard of"],
)  # fmt: skip
def test_each_setting_of_others_is_taken(heading):
    value = {"instance_name": "${a}", "namespaces": 'x="http://x.pe/"', "name": "root"}.get(heading, "yes")
    settings = (
        f'| settings |\n| | form_id | version | {heading} | namespaces |\n| | f | 1 | {value} | x="http://x.pe/" |\n'
    )
    if heading == "namespaces":
        settings = f"| settings |\n| | form_id | version | {heading} |\n| | f | 1 | {value} |\n"
    assert [
        path.rpartition("/")[2] for path, _type, _kind in asked(sheets(PLAIN, ("text", "a", "A"), settings=settings))
    ] == ["a"]


@pytest.mark.parametrize("heading", ["form_id", "id_string", "Form_ID", "set form id"])
def test_a_form_is_named_under_any_of_its_old_headings(heading):
    settings = f"| settings |\n| | {heading} | version |\n| | household | 7 |\n"
    rules, _content = loaded(sheets(PLAIN, ("text", "a", "A"), settings=settings))
    assert (rules.form.form_id, rules.form.version) == ("household", "7")


def test_entities_are_written_beside_the_answers():
    more = "| entities |\n| | dataset | label |\n| | people | ${a} |\n"
    assert asked(sheets((*PLAIN, "save_to"), ("text", "a", "A", "nick"), more=more)) == [("/data/a", "string", "input")]


FILE = "La respuesta a esta pregunta es un archivo, que no se guarda: quite la pregunta."
LIST = "Las opciones están donde no todo dispositivo busca: escríbalas en la hoja choices, o en un archivo propio."
LACKS = "Falta el archivo «%s»: entréguelo con el libro."
NO_LIST = "Falta la lista de opciones: escriba su nombre después del tipo, como en «select_one yes_no»."


@pytest.mark.parametrize(
    ("headings", "rows", "place", "said"),
    [
        (PLAIN, (("image", "a", "A"),), "A2", FILE),
        (PLAIN, (("text", "a", "A"), ("audio", "b", "B")), "A3", FILE),
        (PLAIN, (("background-audio", "a", ""),), "A2", FILE),
        (PLAIN, (("select_one_from_file a.csv", "a", "A"),), "A2", LACKS % "a.csv"),
        (PLAIN, (("select multiple from file a.xml", "a", "A"),), "A2", LACKS % "a.xml"),
        (PLAIN, (("csv-external", "a", ""),), "B2", LACKS % "a.csv"),
        (PLAIN, (("select_one_external city", "a", "A"),), "A2", LIST),
        ((*PLAIN, "appearance"), (("select_one yn", "a", "A", "minimal search('x')"),), "D2", LIST),
        ((*PLAIN, "calculation"), (("calculate", "a", "", "pulldata('x', 'a', 'b', '1')"),), "D2", LACKS % "x.csv"),
        ((*PLAIN, "default"), (("text", "a", "A", "${last-saved#a}"),), "D2",
         "Lo último que se guardó no se pone en otra encuesta: puede ser de otra mujer."),
        (PLAIN, (("include", "other", ""),), "A2",
         "Otro formulario en un archivo no se incorpora: escriba aquí sus filas."),
        (PLAIN, (("select one", "a", "A"),), "A2", NO_LIST),
        (PLAIN, (("rank", "a", "A"),), "A2", NO_LIST),
        (PLAIN, (("select_one ${r}", "a", "A"),), "A2", "Ninguna pregunta se llama «r»."),
        (PLAIN, (("cascading_select city", "a", "A"),), "A2", "No hay un tipo de pregunta «cascading_select city»."),
        ((*PLAIN, "constraint"), (("text", "a", "A", "length(.) > 2"),), "D2",
         "La expresión de la columna constraint no se puede leer."),
        ((*PLAIN, "label"), (("text", "a", "A", "B"),), "D1", "El encabezado «label» está dos veces: quite uno."),
        ((*PLAIN, "relevant", "relevance"), (("text", "a", "A", "", ""),), "D1",
         "Las columnas relevant y relevance son lo mismo: quite una."),
        (("name", "label"), (("a", "A"),), "1", "La hoja survey no tiene la columna type."),
        ((*PLAIN, "trigger"), (("background-geopoint", "a", "", ""),), "A2",
         "La columna trigger debe decir qué pregunta lo activa."),
        (PLAIN, (), "2", "No hay ninguna pregunta en esta hoja."),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else None,
)  # fmt: skip
def test_what_cannot_be_asked_here_is_refused_by_one_sentence_with_its_cell(headings, rows, place, said):
    assert refusals(sheets(headings, *rows)) == [("survey", place, said)]


@pytest.mark.parametrize(
    ("headings", "row", "remark"),
    [
        (("type", "name", "label::Español (es)", "label::English (en)"), ("text", "a", "A", ""),
         "survey, D2: no words in “English (en)”"),
        ((*PLAIN, "media::audio::Español (es)"), ("text", "a", "A", "x.mp3"),
         "survey, D2: sound and films are not played: it is asked without them"),
        (PLAIN, ("geoshape", "a", "A"),
         "survey, A2: the map stays empty, as its pictures would come from somebody else's server"),
        ((*PLAIN, "appearance"), ("geopoint", "a", "A", "placement-map"),
         "survey, D2: the map stays empty, as its pictures would come from somebody else's server"),
        (PLAIN, ("dateTime", "a", "A"),
         "survey, A2: a day with its hour is typed as text on the page: ask a date and a time"),
        ((*PLAIN, "constraint"), ("geoshape", "a", "A", "area(.) > 5"),
         "survey, D2: the constraint uses area(), which devices run and the server does not check"),
    ],
)  # fmt: skip
def test_what_is_asked_otherwise_than_its_author_expects_is_told_with_its_cell(headings, row, remark):
    _rules, content = loaded(sheets(headings, row))
    assert remark in content["warnings"]


def test_a_form_that_uses_nothing_of_that_has_nothing_to_be_told():
    _rules, content = loaded(sheets(PLAIN, ("start", "s", ""), ("date", "d", "D"), ("select_one yn", "a", "A")))
    assert content["warnings"] == []


@pytest.mark.parametrize("kind", ["username", "email", "phonenumber", "deviceid", "subscriberid", "start-geopoint"])
def test_what_a_device_says_of_whoever_holds_it_is_kept_like_her_words(kind):
    _rules, content = loaded(sheets(PLAIN, (kind, "a", "")))
    assert [question["may_identify"] for question in content["questions"]] == [True]


@pytest.mark.parametrize("kind", ["start", "end", "today"])
def test_what_a_clock_says_is_no_name(kind):
    _rules, content = loaded(sheets(PLAIN, (kind, "a", "")))
    assert [question["may_identify"] for question in content["questions"]] == [False]
