"""README of a release, in its language: what is here, what it must not be used for, how to begin."""

from panel.columns import Label
from panel.data_locks import locks_text
from panel.release_files.facts import Facts

_LINES = (
    Label("Fecha del corte: {as_of}.", "As of: {as_of}."),
    Label("Para qué: {purpose}", "Purpose: {purpose}"),
    Label("Pedida por: {requested_by}.", "Asked for by: {requested_by}."),
    Label("Aprobada por: {approved_by}.", "Approved by: {approved_by}."),
    Label("Protocolo: {protocol} (SHA-256 {protocol_sha256}).", "Protocol: {protocol} (SHA-256 {protocol_sha256})."),
    Label("Versión del programa: {code_version}.", "Version of the program: {code_version}."),
    Label("Datos cerrados: {locks}", "Data locked: {locks}"),
)
_CODES_FRESH = Label(
    "Los códigos de esta entrega son solo de ella: no se pueden unir con los de otra.",
    "The codes are this release's own: they cannot be joined with those of another.",
)
_CODES_STABLE = Label(
    "Los códigos son los mismos que en otros archivos con códigos estables.",
    "The codes are the same as in other files with stable codes.",
)
_REMOVED = Label(
    "Desde la primera versión se quitaron {rows} filas de quienes ya no están de acuerdo en que se entreguen sus "
    "datos. La primera versión ya no se puede rehacer byte por byte. Borre toda copia de una versión anterior.",
    "Since the first revision, {rows} rows were taken out of those who do not agree any more that their data are given "
    "out. The first revision cannot be made again byte for byte. Delete every copy of an earlier one.",
)
_RULES = Label(
    "No intente saber quién es nadie, no una estos datos con otros que lo permitan, no los pase a otra persona, y "
    "borre su copia cuando ya no la necesite.",
    "Do not try to find out who anybody is, do not join these data with others that would allow it, do not pass them "
    "on, and delete your copy when you need it no more.",
)
_FILES = Label("Archivos", "Files")
_TABLE = Label("{rows} filas. {row}", "{rows} rows. {row}")
_OTHERS = Label(
    "`codebook.html`, `codebook.csv` y `codebook.xml` (DDI-Codebook 2.5) explican cada columna; `datapackage.json` "
    "describe los archivos (Frictionless); `MANIFEST.json` tiene el SHA-256 de cada uno.",
    "`codebook.html`, `codebook.csv` and `codebook.xml` (DDI-Codebook 2.5) explain each column; `datapackage.json` "
    "describes the files (Frictionless); `MANIFEST.json` has the SHA-256 of each.",
)
_HEADLINE = Label(
    "`headline.csv` es la tabla principal, con las celdas pequeñas en blanco. Para obtenerla de los datos, en esta "
    "carpeta: `do headline.do` en Stata, o `Rscript headline.R`.",
    "`headline.csv` is the headline table, small cells left empty. To get it from the data, in this folder: "
    "`do headline.do` in Stata, or `Rscript headline.R`.",
)


def readme_text(facts: Facts, *, headline: bool) -> str:
    """Return README.md; `headline` says whether the table and its scripts come along."""
    said = {
        "as_of": facts.as_of.isoformat(),
        "purpose": facts.purpose,
        "requested_by": facts.requested_by,
        "approved_by": facts.approved_by or "–",
        "protocol": facts.protocol,
        "protocol_sha256": facts.protocol_sha256,
        "code_version": facts.code_version,
        "rows": facts.rows_removed,
        "locks": locks_text(facts.locks, facts.language),
    }
    language = facts.language
    codes = _CODES_STABLE if facts.stable_codes else _CODES_FRESH
    parts = [f"# {facts.title}", "\n".join(f"- {line.in_language(language).format(**said)}" for line in _LINES)]
    parts += [label.in_language(language).format(**said) for label in ((_REMOVED,) if facts.rows_removed else ())]
    parts += [codes.in_language(language), _RULES.in_language(language), f"## {_FILES.in_language(language)}"]
    parts.append("\n".join(_tables(facts)))
    parts.append(_OTHERS.in_language(language))
    if headline:
        parts.append(_HEADLINE.in_language(language))
    return "\n\n".join(parts) + "\n"


def _tables(facts: Facts) -> list[str]:
    return [
        f"- `{file.name}`: "
        + _TABLE.in_language(facts.language).format(rows=file.rows, row=file.dataset.row.in_language(facts.language))
        for file in sorted(facts.files, key=lambda one: one.name)
    ]
