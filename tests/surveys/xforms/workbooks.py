"""Workbooks as a researcher would make them, for the tests of forms."""

import copy
import io
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import xlsxwriter

from surveys.xforms.rules import FormRules, form_rules
from surveys.xforms.submission import CheckedSubmission, check_submission
from surveys.xforms.xlsform import convert_xlsform

LIMA = ZoneInfo("America/Lima")
NOW = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)  # 10:00 in Lima

HOUSEHOLD = {
    "survey": [
        ["type", "name", "label::Español (es)", "label::English (en)", "required", "relevant", "constraint",
         "calculation", "constraint_message::Español (es)", "constraint_message::English (en)", "choice_filter"],
        ["start", "start"],
        ["select_one yes_no", "private", "¿Puede hablar a solas?", "Can you talk alone?", "yes"],
        ["begin_group", "home", "Su hogar", "Your home", "", "${private} = 'yes'"],
        ["integer", "age", "Edad", "Age", "yes", "", ". >= 18 and . <= 110", "", "De 18 a 110", "From 18 to 110"],
        ["date", "moved_in", "¿Desde cuándo?", "Since when?", "", "", ". <= today()", "", "No futuro", "Not later"],
        ["select_multiple things", "things", "¿Qué tiene?", "What is there?", "", "",
         "not(selected(., 'none') and count-selected(.) > 1)", "", "Nada, o algo", "None, or some"],
        ["select_one region", "region", "Región", "Region"],
        ["select_one city", "city", "Ciudad", "City", "", "", "", "", "", "", "region = ${region}"],
        ["decimal", "income", "Ingreso", "Income"],
        ["begin_repeat", "child", "Hijos", "Children"],
        ["text", "nickname", "Apodo", "Nickname", "yes"],
        ["integer", "child_age", "Edad", "Age", "", "", ". < ${age}", "", "Menor que usted", "Younger than you"],
        ["end_repeat"],
        ["calculate", "children", "", "", "", "", "", "count(${child})"],
        ["calculate", "oldest", "", "", "", "", "", "max(${child_age})"],
        ["end_group"],
        ["time", "best_hour", "Mejor hora", "Best hour"],
        ["select_one yes_no or_other", "again", "¿Otra vez?", "Again?"],
        ["note", "thanks", "Gracias", "Thank you"],
    ],
    "choices": [
        ["list_name", "name", "label::Español (es)", "label::English (en)", "region"],
        ["yes_no", "yes", "Sí", "Yes"],
        ["yes_no", "no", "No", "No"],
        ["things", "radio", "Radio", "Radio"],
        ["things", "bed", "Cama", "Bed"],
        ["things", "none", "Nada", "None"],
        ["region", "coast", "Costa", "Coast"],
        ["region", "andes", "Sierra", "Andes"],
        ["city", "lima", "Lima", "Lima", "coast"],
        ["city", "cusco", "Cusco", "Cusco", "andes"],
    ],
    "settings": [["form_title", "form_id", "version", "default_language"], ["Hogar", "household", "1", "Español (es)"]],
}  # fmt: skip

ANSWERS = {
    "start": "2026-11-18T09:58:00.000-05:00", "private": "yes", "age": "34", "moved_in": "2019-04-01",
    "things": "radio bed", "region": "andes", "city": "cusco", "income": "1200.50", "best_hour": "18:30:00.000-05:00",
    "again": "other", "again_other": "tal vez", "children": "2", "oldest": "9",
    "child": [("Lucho", "9"), ("Ana", "4")],
}  # fmt: skip


def workbook(sheets):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    sheet.write_string(row, column, cell) if cell else None
    return out.getvalue()


def changed(sheet, row, column, value):
    """The household form with one cell written over; rows and columns as Excel counts them (1, "A")."""
    sheets = copy.deepcopy(HOUSEHOLD)
    cells = sheets[sheet][row - 1]
    place = ord(column) - ord("A")
    cells += [""] * (place + 1 - len(cells))
    cells[place] = value
    return workbook(sheets)


def household() -> FormRules:
    return form_rules(convert_xlsform(workbook(HOUSEHOLD)).xform, zone=LIMA)


def submission(**answers):
    said = {**ANSWERS, **answers}
    children = "".join(
        f"<child><nickname>{name}</nickname><child_age>{age}</child_age></child>" for name, age in said["child"]
    )
    leaf = {name: f"<{name}>{value}</{name}>" for name, value in said.items() if name != "child" and value is not None}
    home = "".join(leaf.get(name, "") for name in ("age", "moved_in", "things", "region", "city", "income"))
    home += children + leaf.get("children", "") + leaf.get("oldest", "")
    rest = "".join(leaf.get(name, "") for name in ("best_hour", "again", "again_other"))
    start, private = leaf.get("start", ""), leaf.get("private", "")
    return (
        f'<data id="household" version="1">{start}{private}<home>{home}</home>{rest}'
        "<meta><instanceID>uuid:0001</instanceID></meta></data>"
    ).encode()


def check(content, rules=None) -> CheckedSubmission:
    return check_submission(content, rules or household(), zone=LIMA, now=NOW)
