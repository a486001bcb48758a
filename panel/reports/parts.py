"""A report in the parts in which it is kept and given out: in both languages, from one run of the analysis."""

from pathlib import Path

from panel.report_parts import LANGUAGES, ReportPart, key_of
from panel.reports.analysis import Progress
from panel.reports.making import Order, Run, run_analysis
from panel.reports.writing import Edition, results_of, write_scripts, write_texts


def write_parts(order: Order, folder: Path, *, progress: Progress) -> dict[str, Path]:
    """Run the analysis and write every part into the folder; return where each is, by `key_of`.

    Writing a language is a step like those of the analysis. Raise DataInvalid, DesignInvalid or OSError.
    """
    steps = 0

    def tell(done: int, total: int) -> None:
        nonlocal steps
        steps = total
        progress(done, total + len(LANGUAGES))

    run = run_analysis(order, progress=tell)
    folder.mkdir(parents=True, exist_ok=True)
    parts = _shared(run, folder)
    for number, language in enumerate(LANGUAGES, start=1):
        parts |= _of_language(Edition(run.found, order.cover(language)), folder, language)
        progress(steps + number, steps + len(LANGUAGES))
    return parts


def _shared(run: Run, folder: Path) -> dict[str, Path]:
    results = results_of(run.found)
    kept, scripts = (folder / key_of(part, "") for part in (ReportPart.RESULTS, ReportPart.SCRIPTS))
    kept.write_text(results, encoding="utf-8")
    return {kept.name: kept, scripts.name: write_scripts(scripts, results, run.inputs)}


def _of_language(edition: Edition, folder: Path, language: str) -> dict[str, Path]:
    def path(part: ReportPart) -> Path:
        return folder / key_of(part, language)

    path(ReportPart.BODY).write_text(edition.body(), encoding="utf-8")
    path(ReportPart.PAGE).write_text(edition.page(), encoding="utf-8")
    path(ReportPart.PAPER).write_bytes(edition.paper())
    write_texts(path(ReportPart.LATEX), edition.latex())
    write_texts(path(ReportPart.TABLES), edition.csvs())
    own = (ReportPart.BODY, ReportPart.PAGE, ReportPart.PAPER, ReportPart.LATEX, ReportPart.TABLES)
    return {path(part).name: path(part) for part in own}
