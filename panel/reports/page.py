"""The report as one page that opens by itself in any browser, and as a part of another: no script, no style inline."""

from collections.abc import Sequence
from html import escape

from documents.pdf import Diagram, Words
from panel.reports.figures import Figure
from panel.reports.table import Table
from panel.reports.words import SAYS

_STYLE = (
    ":root{color-scheme:light dark}"
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}"
    ".visually-hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}"
    "th,td{text-align:left;padding:.25rem .6rem;white-space:nowrap}"
    "table{border-top:2px solid;border-bottom:2px solid}thead th{border-bottom:1px solid}"
    ".scroll{overflow-x:auto}.mark{font-weight:600}.blinded{border:2px solid;padding:.5rem 1rem}"
    "svg{width:100%;min-width:32rem;max-width:45rem;height:auto}svg.wide{min-width:60rem;max-width:none}"
    "figure{margin:2rem 0}"
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
    """Return the whole page."""
    title = SAYS["title"].in_language(language)
    body = report_body(facts, tables, figures, language, blinded=blinded)
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body><main><h1>{escape(title)}</h1>{body}</main></body></html>\n"
    )


def report_body(
    facts: Sequence[tuple[str, str]],
    tables: Sequence[Table],
    figures: Sequence[Figure],
    language: str,
    *,
    blinded: bool,
) -> str:
    """Return what it is of, then each chart with its table, and the tables that have none.

    The numbers of a chart that no other table has stand folded below it.
    """
    by_table: dict[str, list[Figure]] = {}
    for figure in figures:
        by_table.setdefault(figure.table, []).append(figure)
    warning = f'<p class="blinded mark">{escape(SAYS["blinded"].in_language(language))}</p>' if blinded else ""
    told = "".join(f"<dt>{escape(name)}</dt><dd>{_told(value)}</dd>" for name, value in facts)
    links = "".join(f'<li><a href="#{table.code}">{escape(table.title)}</a></li>' for table in tables)
    body = "".join(_section(table, by_table.get(table.code, ()), language) for table in tables)
    contents = escape(SAYS["contents"].in_language(language))
    return (
        f"{warning}<dl>{told}</dl><p>{escape(SAYS['few'].in_language(language))}</p>"
        f'<nav aria-label="{contents}"><details><summary>{contents}</summary><ul>{links}</ul></details></nav>{body}'
    )


def _section(table: Table, figures: Sequence[Figure], language: str) -> str:
    charts, marks = (
        "".join(map(_figure, figures)),
        "".join(f'<p class="mark">{escape(mark)}</p>' for mark in table.marks),
    )
    numbers = (_table(table) if table.rows else "") + "".join(f"<p>{escape(note)}</p>" for note in table.below)
    if table.is_of_chart:
        summary = escape(SAYS["numbers"].in_language(language))
        numbers = f"<details><summary>{summary}</summary>{numbers}</details>"
    return f'<section id="{escape(table.code)}"><h2>{escape(table.title)}</h2>{marks}{charts}{numbers}</section>'


def _told(value: str) -> str:
    """Set a file's name or a hash as what it is, and a sentence as one."""
    return escape(value) if " " in value else f"<code>{escape(value)}</code>"


def _figure(figure: Figure) -> str:
    title = escape(figure.title)
    return (
        f'<figure><figcaption>{title}</figcaption><div class="scroll" tabindex="0" role="group" aria-label="{title}">'
        f"{svg_of(figure.diagram, figure.title)}</div></figure>"
    )


def _table(table: Table) -> str:
    title = escape(table.title)
    heads = "".join(f'<th scope="col">{escape(head)}</th>' if head else "<td></td>" for head in table.header)
    lines = "".join(
        f"<tr>{_first(row[0])}" + "".join(f"<td>{escape(c)}</td>" for c in row[1:]) + "</tr>" for row in table.rows
    )
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{title}"><table>'
        f'<caption class="visually-hidden">{title}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table></div>"
    )


def _first(cell: str) -> str:
    """Head a row; a row that goes on with what the one above it names has none."""
    return f'<th scope="row">{escape(cell)}</th>' if cell else "<td></td>"


def svg_of(diagram: Diagram, title: str) -> str:
    """Return a diagram as SVG in the colour of the text around it."""
    boxes = "".join(
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"/>'
        for x, y, width, height in diagram.boxes
    )
    lines = "".join(f'<path d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}"/>' for x1, y1, x2, y2 in diagram.lines)
    texts = "".join(_text(text) for text in diagram.texts)
    fill = 'fill="currentColor" fill-opacity=".35"' if diagram.filled else 'fill="none"'
    wide = "" if diagram.filled else ' class="wide"'
    return (
        f'<svg{wide} viewBox="0 0 {diagram.width:.0f} {diagram.height:.0f}" role="img" aria-label="{escape(title)}">'
        f'<g {fill} stroke="currentColor">{boxes}{lines}</g>'
        f'<g fill="currentColor" font-family="system-ui,sans-serif">{texts}</g></svg>'
    )


def _text(text: Words) -> str:
    anchor = ' text-anchor="end"' if text.ends_at_x else ""
    weight = ' font-weight="600"' if text.is_bold else ""
    size = f' font-size="{text.size:.0f}"'
    return f'<text x="{text.x:.1f}" y="{text.y:.1f}"{size}{anchor}{weight}>{escape(text.words)}</text>'
