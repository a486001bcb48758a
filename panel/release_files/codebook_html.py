"""The codebook as a page that opens by itself in any browser: no script, nothing loaded from anywhere."""

from collections.abc import Iterable
from html import escape

from panel.columns import UNITS, Column, DataSet, Label
from panel.release_files.facts import Facts

_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b}"
    "table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid #ccc}"
    "code{font-size:.95em}"
)
_TITLE = Label("Libro de códigos", "Codebook")
_HEADS = (
    Label("Columna", "Column"),
    Label("Qué es", "What it is"),
    Label("Valores", "Values"),
    Label("Unidad", "Unit"),
    Label("De dónde viene", "Where it comes from"),
)
_CONTENTS = Label("Tablas", "Tables")
_ROWS = Label("filas", "rows")


def codebook_html(facts: Facts) -> str:
    """Return the page, in the release's language."""
    language = facts.language
    title = f"{_TITLE.in_language(language)} · {facts.title}"
    links = "".join(f'<li><a href="#{name}"><code>{name}</code></a></li>' for name in _names(facts.datasets))
    body = "".join(_dataset(dataset, facts.rows_of(dataset), language) for dataset in facts.datasets)
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body><main><h1>{escape(title)}</h1>"
        f"<nav><h2>{escape(_CONTENTS.in_language(language))}</h2><ul>{links}</ul></nav>{body}</main></body></html>\n"
    )


def _names(datasets: Iterable[DataSet]) -> list[str]:
    return [escape(dataset.name) for dataset in datasets]


def _dataset(dataset: DataSet, rows: int, language: str) -> str:
    heads = "".join(f'<th scope="col">{escape(head.in_language(language))}</th>' for head in _HEADS)
    lines = "".join(_column(column, language) for column in dataset.columns)
    notes = "".join(f"<p>{escape(note.in_language(language))}</p>" for note in dataset.notes)
    name = escape(dataset.name)
    return (
        f'<section><h2 id="{name}"><code>{name}</code></h2><p>{escape(dataset.row.in_language(language))}</p>'
        f"<p>{rows} {_ROWS.in_language(language)}</p>{notes}"
        f"<table><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table></section>"
    )


def _column(column: Column, language: str) -> str:
    values = "<br>".join(
        f"<code>{escape(code)}</code> {escape(label.in_language(language))}" for code, label in column.values
    )
    unit = UNITS[column.unit].in_language(language) if column.unit else ""
    return (
        f'<tr><th scope="row"><code>{escape(column.name)}</code></th>'
        f"<td>{escape(column.label.in_language(language))}</td><td>{values}</td><td>{escape(unit)}</td>"
        f"<td>{escape(column.source)}</td></tr>"
    )
