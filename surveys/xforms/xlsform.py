"""A questionnaire as people write it, in a spreadsheet (XLSForm), made into the form that devices ask (XForm)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC

from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from documents.spreadsheet import LAST_COLUMN, FormulaError, MergedCells, NotReadable, TooLarge, workbook_rows
from surveys.xforms.form import XForm, XFormInvalid, read_xform, read_xml
from surveys.xforms.kinds import asked_otherwise, cannot_be_asked, is_left_out, is_played
from surveys.xforms.media import FormFile, ReadFiles, needed_files, read_files, unnamed_files, wrong_with_choices
from surveys.xforms.problems import NAME_HEADINGS, Problem, Rows, XLSFormInvalid, column_letters, plain_heading
from surveys.xforms.proofreading import all_faults
from surveys.xforms.references import faults
from surveys.xforms.rules import form_rules

_USED = ("survey", "choices", "settings", "external_choices", "entities", "osm")
_HEADERS = {"calculate": "calculation", "choices": "choice_filter", "readonly": "read_only"}
# What forms of other years call the same: the converter knows both.
_FORM_ID = ("form_id", "id_string", "set_form_id")
# What the converter ends in where it meets what its authors did not expect: the file is refused like any other.
_UNFORESEEN = (AttributeError, KeyError, IndexError, TypeError, ValueError, RecursionError)
# Settings that make a device send what a woman answered to somebody else's server, or sealed with his key.
_ELSEWHERE = frozenset({"submission_url", "public_key"})
_CELL_END = re.compile(r"(?<!\\)\|")
_CELL = re.compile(r"(?P<column>[A-Z]+)(?P<row>\d+)")
_SPACES = re.compile(r"\s+")
_ROW = re.compile(r"\[row\s*:\s*(\d+)\]\s*")
_SHEETS = "(survey|choices|settings|external_choices|entities)"
_SHEET_NAMED = re.compile(rf"['\"“]?{_SHEETS}['\"”]?\s+sheet|sheet: '{_SHEETS}'", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"See \[([^\]]+)\]")
_QUOTED = re.compile(r"['\"“‘`]([^'\"”’`]+)['\"”’`]")
_IDENTIFIER = re.compile(r"^[A-Za-z][A-Za-z0-9_.-]{0,63}$")
# A heading of ours: forms have one title, which the sheet settings may give in other languages, too.
_TITLE_IN = "form_title::"
_LIST_NAMED = re.compile(r"""\b(?:instance|pulldata)\s*\(\s*(['"])(.*?)\1""")
MOST_ROWS = 5_000
# Code and version name a questionnaire together, with a sign between, where 64 letters are kept.
MOST_VERSION_LETTERS, MOST_NAME_LETTERS = 32, 63


@dataclass(frozen=True, slots=True)
class ConvertedForm:
    """A form in both shapes, its titles by language where it has several, what its author should know, its files."""

    xform: XForm
    xml: bytes
    titles: Mapping[str, str]
    warnings: tuple[str, ...]
    files: tuple[FormFile, ...] = field(default=())


def convert_xlsform(content: bytes, given: Mapping[str, bytes] | None = None) -> ConvertedForm:
    """Make an XForm of a workbook with the sheets survey, choices and settings, and of the files that it names.

    Raise XLSFormInvalid, also for a file that is missing, or that the form does not name.
    """
    return _made(_sheets(content), given or {})


def convert_markdown(text: str, given: Mapping[str, bytes] | None = None) -> ConvertedForm:
    """Make an XForm of the same sheets written as tables of Markdown, as this project ships its own.

    A table's first line names the sheet, its first cell stays empty from then on; other lines are remarks. Raise
    XLSFormInvalid, with the rows counted as a spreadsheet would.
    """
    return _made(_tables(text), given or {})


def _made(sheets: dict[str, Rows], given: Mapping[str, bytes]) -> ConvertedForm:
    if problems := _found_first(sheets):
        raise XLSFormInvalid(problems)
    xml, warnings = _converted(sheets)
    try:
        read = _with_files(xml, given, sheets)
        xform = read_xform(xml, read.lists)
    except XFormInvalid as error:
        raise XLSFormInvalid([Problem(str(error))]) from error
    if wrong := [_naming(name, what, sheets) for name, what in wrong_with_choices(xform)]:
        raise XLSFormInvalid(wrong)
    unread, trusted = _unusable(xform, sheets)
    if unread := [*_unlisted(xform, sheets), *unread]:
        raise XLSFormInvalid(unread)
    remarks = [str(problem) for problem in _remarks(sheets)]
    return ConvertedForm(xform, xml, _titles(sheets["settings"], xform), (*warnings, *trusted, *remarks), read.files)


def _with_files(xml: bytes, given: Mapping[str, bytes], sheets: dict[str, Rows]) -> ReadFiles:
    """Return the files that a form names. Raise XLSFormInvalid for each that lacks, is not read, or is not named."""
    needed = needed_files(read_xml(xml))
    read = read_files(needed, given)
    wrong = [_naming(name, what, sheets) for name, what in read.wrong.items()]
    wrong += [Problem(f"no cell names the file “{name}”: take it away") for name in unnamed_files(needed, given)]
    if wrong:
        raise XLSFormInvalid(wrong)
    return read


def _naming(name: str, what: str, sheets: dict[str, Rows]) -> Problem:
    """Return what is wrong with a file at the first cell that names it, whole or, for a list, without its ending."""
    stem, whole = name.rpartition(".")[0], re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w.-])")
    for names in (whole.search, lambda cell: f"'{stem}'" in cell or f'"{stem}"' in cell, stem.__eq__):
        for sheet in ("survey", "choices"):
            for row, cells in sheets.get(sheet, [])[1:]:
                for column, cell in enumerate(cells):
                    if names(cell.strip()):
                        return Problem(what, sheet, row, column_letters(column))
    return Problem(what, "survey")


def _unlisted(xform: XForm, sheets: dict[str, Rows]) -> Iterator[Problem]:
    """Yield the cells that look something up in a list that the form has not."""
    for row, headings, cells in _by_heading(sheets["survey"]):
        for heading, written in cells.items():
            for _quote, name in _LIST_NAMED.findall(written):
                if name not in xform.lists:
                    yield Problem(f"there is no list “{name}”", "survey", row, column_letters(headings.index(heading)))


def _titles(settings: Rows, xform: XForm) -> dict[str, str]:
    """Return the form's title by language, that of the first one first; nothing where it is in one language alone."""
    written = dict(zip(_headers(settings), _first_row(settings), strict=False))
    others = {
        header.removeprefix(_TITLE_IN): title
        for header, title in written.items()
        if header.startswith(_TITLE_IN) and title and header.removeprefix(_TITLE_IN) in xform.languages
    }
    return {written.get("default_language", ""): xform.title, **others} if others else {}


def _converted(sheets: dict[str, Rows]) -> tuple[bytes, list[str]]:
    """Return the XForm as XML, and the converter's warnings. Raise XLSFormInvalid with every fault."""
    warnings: list[str] = []
    try:
        made = convert(_as_pyxform_reads(sheets), warnings=warnings)
    except PyXFormError as error:
        raise XLSFormInvalid(all_faults(_located(str(error), sheets), sheets, _stop)) from error
    except _UNFORESEEN as error:
        what = "the form cannot be made from these sheets: something in them is not as an XLSForm has it"
        raise XLSFormInvalid([Problem(what)]) from error
    return made.xform.encode(), [str(_located(warning, sheets)) for warning in warnings]


def _stop(sheets: dict[str, Rows]) -> Problem | None:
    """Return what the converter stops at; None where it makes a form, or cannot say."""
    try:
        convert(_as_pyxform_reads(sheets), warnings=[])
    except PyXFormError as error:
        return _located(str(error), sheets)
    except _UNFORESEEN:
        return None
    return None


def _sheets(content: bytes) -> dict[str, Rows]:
    """Return the sheets that a form is made of, by their name in small letters."""
    try:
        found = [(name.strip().lower(), rows) for name, rows in workbook_rows(content, read=_USED)]
    except MergedCells as error:
        what, first = f"cells {error.cells} are merged; take the merging back", _CELL.match(error.cells)
        place = (error.sheet.strip(), int(first["row"]), first["column"]) if first else (error.sheet.strip(),)
        raise XLSFormInvalid([Problem(what, *place)]) from error
    except TooLarge as error:
        raise XLSFormInvalid([Problem("the workbook unpacks to more than a questionnaire needs")]) from error
    except NotReadable as error:
        raise XLSFormInvalid([Problem("this is no XLSX workbook that opens without a password")]) from error
    if problems := [*_twice([name for name, _rows in found]), *_without_result(found)]:
        raise XLSFormInvalid(problems)
    return dict(found)


def _twice(names: list[str]) -> Iterator[Problem]:
    """Yield the sheets that two have the name of, but for capitals and spaces: one would take the other's place."""
    for place, name in enumerate(names):
        if name in _USED and name in names[:place]:
            yield Problem(f"there are two sheets “{name}”", name)


def _without_result(sheets: list[tuple[str, Rows]]) -> Iterator[Problem]:
    for name, rows in sheets:
        for row, cells in rows:
            for column, cell in enumerate(cells):
                if isinstance(cell, FormulaError):
                    what = f"the formula of this cell came to {cell}: write what it should say"
                    yield Problem(what, name, row, column_letters(column))


def _tables(text: str) -> dict[str, Rows]:
    r"""Return the sheets of a Markdown text; \| stands for a line within a cell."""
    sheets: dict[str, Rows] = {}
    rows: Rows = []
    for line in text.splitlines():
        if not line.startswith("|"):
            continue
        name, *cells = (cell.strip().replace("\\|", "|") for cell in _CELL_END.split(line.strip().strip("|")))
        if name:
            rows = sheets.setdefault(name.lower(), [])
        elif any(cells):
            rows.append((len(rows) + 1, cells))
    return sheets


def _found_first(sheets: dict[str, Rows]) -> list[Problem]:
    """Return what can be said before the form is made, and more exactly than by whoever makes it."""
    missing = [
        Problem(f"there is no sheet “{name}”", sheet=name) for name in ("survey", "settings") if not sheets.get(name)
    ]
    if missing:
        return missing
    problems = [
        Problem(f"{len(rows):,} rows; expected at most {MOST_ROWS:,}", sheet=name)
        for name, rows in sheets.items()
        if len(rows) > MOST_ROWS
    ]
    headers = [plain_heading(header) for header in _headers(sheets["settings"])]
    settings = dict(zip(headers, _first_row(sheets["settings"]), strict=False))
    settings["form_id"] = next((settings[name] for name in _FORM_ID if settings.get(name)), "")
    for setting in ("form_id", "version"):
        written = settings.get(setting, "")
        if not _IDENTIFIER.match(written) and not (setting == "version" and written):
            what = f"“{written}” is no {setting}" if written else f"{setting} is missing"
            problems.append(Problem(f"{what}; expected letters, digits and _, as follow_up", "settings", 2))
    problems += _sent_elsewhere(sheets["settings"], headers)
    version, both = settings.get("version", ""), settings["form_id"] + settings.get("version", "")
    if len(version) > MOST_VERSION_LETTERS or len(both) > MOST_NAME_LETTERS:
        what = f"form_id and version are too long; expected at most {MOST_NAME_LETTERS} letters"
        problems.append(Problem(f"{what}, {MOST_VERSION_LETTERS} of them the version", "settings", 2))
    return (
        problems
        + [problem for name in _USED for problem in _headed_twice(name, sheets.get(name, []))]
        + _unasked(sheets)
    )


def _sent_elsewhere(settings: Rows, headers: list[str]) -> Iterator[Problem]:
    """Yield the cells that would have a device send answers to another server, or sealed for somebody else."""
    for column, (heading, written) in enumerate(zip(headers, _first_row(settings), strict=False)):
        if written and heading in _ELSEWHERE:
            what = f"answers are sent to this study alone, which reads them: take {heading} away"
            yield Problem(what, "settings", settings[1][0], column_letters(column))


def _headed_twice(sheet: str, rows: Rows) -> list[Problem]:
    """Return the headings that stand twice: what one column holds would take the place of the other's."""
    headers = _headers(rows)
    return [
        Problem(f"the heading “{header}” stands twice", sheet, rows[0][0], column_letters(column))
        for column, header in enumerate(headers)
        if header and header in headers[:column]
    ]


def _unasked(sheets: dict[str, Rows]) -> list[Problem]:
    """Return the rows of the survey that cannot be asked here, or that there is none."""
    if len(sheets["survey"]) == 1:
        return [Problem("there is no question on this sheet", "survey", 2)]
    return [
        Problem(found[1], "survey", row, column_letters(headings.index(found[0])))
        for row, headings, cells in _by_heading(sheets["survey"])
        if not is_left_out(cells) and (found := cannot_be_asked(cells))
    ]


def _remarks(sheets: dict[str, Rows]) -> Iterator[Problem]:
    """Yield what is asked otherwise than its author may expect, each kind once a column, and words that lack."""
    for sheet in ("survey", "choices"):
        told: set[tuple[str, str]] = set()
        for row, headings, cells in _by_heading(sheets.get(sheet, [])):
            for heading, what in asked_otherwise(cells):
                if (heading, what) not in told:
                    yield Problem(what, sheet, row, column_letters(headings.index(heading)))
                told.add((heading, what))
            labels = [heading for heading in headings if heading.startswith("label::") or heading == "label"]
            lacking = [heading for heading in labels if heading not in cells]
            for heading in lacking if len(lacking) < len(labels) else ():
                language = _headers(sheets[sheet])[headings.index(heading)].partition("::")[2] or "label"
                yield Problem(f"no words in “{language}”", sheet, row, column_letters(headings.index(heading)))


def _by_heading(rows: Rows) -> Iterator[tuple[int, list[str], dict[str, str]]]:
    """Yield each row of a sheet by its number, with the headings, and what stands in it under each."""
    headings = [plain_heading(header) for header in _headers(rows)]
    for row, cells in rows[1:]:
        yield row, headings, {name: cell.strip() for name, cell in zip(headings, cells, strict=False) if cell.strip()}


def _headers(rows: Rows) -> list[str]:
    return [cell.strip() for cell in rows[0][1]] if rows else []


def _first_row(rows: Rows) -> list[str]:
    return [cell.strip() for cell in rows[1][1]] if len(rows) > 1 else []


def _as_pyxform_reads(sheets: dict[str, Rows]) -> dict[str, object]:
    """Return the sheets as rows by header, an empty one for each line without a value: rows keep their number."""
    found: dict[str, object] = {"sheet_names": list(sheets)}
    for name in _USED:
        if rows := sheets.get(name):
            headers = ["" if _is_ours(header, name) else header for header in _headers(rows)]
            lines = dict(rows[1:])
            found[name] = [
                {
                    header: cell.strip()
                    for header, cell in zip(headers, lines.get(number, ()), strict=False)
                    if header and cell.strip()
                }
                for number in range(rows[0][0] + 1, max(lines, default=rows[0][0]) + 1)
            ]
            found[f"{name}_header"] = [dict.fromkeys(header for header in headers if header)]
    return found


def _is_ours(header: str, sheet: str) -> bool:
    """Say whether the converter is not to see a column: what we read ourselves, and what no device here plays."""
    return header.startswith(_TITLE_IN) or (sheet in {"survey", "choices"} and is_played(plain_heading(header)))


def _located(message: str, sheets: dict[str, Rows]) -> Problem:
    """Find the cell that a message of the converter speaks of: by the row it names, and the words it quotes."""
    text = _SPACES.sub(" ", message).strip()
    number = int(found[1]) if (found := _ROW.search(text)) else 0
    words = [word.strip() for word in (*_QUOTED.findall(text), *_IN_BRACKETS.findall(text))]
    words += [last] if (last := text.rpartition(": ")[2].strip(" .")) and " " not in last else []
    named = _SHEET_NAMED.search(text)
    first = (named[1] or named[2]).lower() if named else ""
    order = sorted((name for name in _USED if sheets.get(name)), key=lambda name: name != first)
    for sheet in order:
        for row, cells in sheets[sheet][1:]:
            if (
                number in {0, row}
                and (column := _column(cells, _headers(sheets[sheet]), words, is_sure=not number)) is not None
            ):
                return Problem(_ROW.sub("", text), sheet, row, column_letters(column))
    for sheet in order:
        if (place := _said_anywhere(sheets[sheet], words)) is not None:
            return Problem(_ROW.sub("", text), sheet, number or place[0], column_letters(place[1]))
    number = number or int(text.startswith("Invalid headers"))
    return Problem(_ROW.sub("", text), order[0] if order and (number or named) else "", number)


def _said_anywhere(rows: Rows, words: list[str]) -> tuple[int, int] | None:
    """Return row and column of the first cell that speaks of ${word}, or of the heading that is one of the words."""
    for row, cells in rows:
        for column, cell in enumerate(cells):
            if any("${" + word + "}" in cell or (row == rows[0][0] and word == cell.strip()) for word in words):
                return row, column
    return None


def _column(cells: list[str], headers: list[str], words: list[str], *, is_sure: bool) -> int | None:
    """Return the column of the cell that says one of the words, or that holds it or is headed so unless `is_sure`."""
    written = [cell.strip() for cell in cells]
    for word in words:
        if word in written:
            return written.index(word)
    for word in () if is_sure else words:
        for column, cell in enumerate(written):
            if "${" + word + "}" in cell or word in cell.split():
                return column
    for word in () if is_sure else words:
        if word in headers:
            return headers.index(word)
    return None


def _unusable(xform: XForm, sheets: dict[str, Rows]) -> tuple[list[Problem], list[str]]:
    """Return the rules that nobody can read, and a line for each that the server takes on trust."""
    rules, headers = (
        form_rules(xform, zone=UTC).unusable,
        [plain_heading(header) for header in _headers(sheets["survey"])],
    )
    rules = (*rules, *faults(xform, rules))
    named = next((headers.index(name) for name in NAME_HEADINGS if name in headers), LAST_COLUMN)
    rows = {cells[named].strip(): row for row, cells in sheets["survey"][1:] if named < len(cells)}
    unread, trusted = [], []
    for rule in rules:
        header = _HEADERS.get(rule.rule, rule.rule)
        column = column_letters(headers.index(header)) if header in headers else ""
        place = Problem("", "survey", rows.get(rule.path.rpartition("/")[2], 0), column)
        if rule.is_unreadable:
            unread.append(Problem(f"the {header} cannot be read: {rule.why}", place.sheet, place.row, place.column))
        else:
            what = f"the {header} uses {rule.why}, which devices run and the server does not check"
            trusted.append(str(Problem(what, place.sheet, place.row, place.column)))
    return unread, trusted
