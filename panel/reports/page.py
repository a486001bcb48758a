"""The report as one page that opens by itself in any browser: no script, nothing loaded from anywhere."""

from collections.abc import Sequence
from html import escape

from documents.pdf import Diagram
from panel.reports.figures import Figure
from panel.reports.table import Table
from panel.reports.words import SAYS

_STYLE = (
    ":root{color-scheme:light dark}"
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}"
    "caption{text-align:left;font-weight:600;padding:.5rem 0}"
    "th,td{text-align:left;padding:.25rem .6rem;white-space:nowrap}"
    "table{border-top:2px solid;border-bottom:2px solid}thead th{border-bottom:1px solid}"
    ".scroll{overflow-x:auto}.mark{font-weight:600}.blinded{border:2px solid;padding:.5rem 1rem}"
    "svg{width:100%;min-width:32rem;max-width:45rem;height:auto}figure{margin:2rem 0;overflow-x:auto}"
    "figcaption{font-weight:600;font-size:1.05rem}"
    "code{overflow-wrap:anywhere}"
)


def report_page(
    facts: Sequence[tuple[str, str]],
    tables: Sequence[Table],
    figures: Sequence[Figure],
    language: str,
    *,
    blinded: bool,
) -> str:
    """Return the page: what it is of, then each chart with its table, and the tables that have none."""
    title = SAYS["title"].in_language(language)
    by_table: dict[str, list[Figure]] = {}
    for figure in figures:
        by_table.setdefault(figure.table, []).append(figure)
    warning = f'<p class="blinded mark">{escape(SAYS["blinded"].in_language(language))}</p>' if blinded else ""
    told = "".join(f"<dt>{escape(name)}</dt><dd><code>{escape(value)}</code></dd>" for name, value in facts)
    links = "".join(f'<li><a href="#{table.code}">{escape(table.title)}</a></li>' for table in tables)
    body = "".join(
        "".join(_figure(figure) for figure in by_table.get(table.code, ())) + _table(table) for table in tables
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body><main><h1>{escape(title)}</h1>{warning}<dl>{told}</dl>"
        f"<p>{escape(SAYS['few'].in_language(language))}</p>"
        f"<nav><h2>{escape(SAYS['contents'].in_language(language))}</h2><ul>{links}</ul></nav>{body}"
        "</main></body></html>\n"
    )


def _figure(figure: Figure) -> str:
    return f"<figure><figcaption>{escape(figure.title)}</figcaption>{svg_of(figure.diagram, figure.title)}</figure>"


def _table(table: Table) -> str:
    heads = "".join(f'<th scope="col">{escape(head)}</th>' for head in table.header)
    lines = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>' + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:]) + "</tr>"
        for row in table.rows
    )
    marks = "".join(f'<p class="mark">{escape(mark)}</p>' for mark in table.marks)
    notes = "".join(f"<p>{escape(note)}</p>" for note in table.notes)
    return (
        f'<section id="{escape(table.code)}">{marks}<div class="scroll" tabindex="0" role="region" '
        f'aria-label="{escape(table.title)}"><table><caption>{escape(table.title)}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table></div>{notes}</section>"
    )


def svg_of(diagram: Diagram, title: str) -> str:
    """Return a diagram as SVG in the colour of the text around it."""
    boxes = "".join(
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"/>'
        for x, y, width, height in diagram.boxes
    )
    lines = "".join(f'<path d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}"/>' for x1, y1, x2, y2 in diagram.lines)
    texts = "".join(
        f'<text x="{text.x:.1f}" y="{text.y:.1f}"{_anchor(ends=text.ends_at_x)}>{escape(text.words)}</text>'
        for text in diagram.texts
    )
    return (
        f'<svg viewBox="0 0 {diagram.width:.0f} {diagram.height:.0f}" role="img" aria-label="{escape(title)}">'
        f'<g fill="currentColor" fill-opacity=".35" stroke="currentColor">{boxes}{lines}</g>'
        f'<g fill="currentColor" font-size="13" font-family="system-ui,sans-serif">{texts}</g></svg>'
    )


def _anchor(*, ends: bool) -> str:
    return ' text-anchor="end"' if ends else ""
