"""All that lies in a release's archive, by name: from frozen rows and what is known of them, and from nothing else."""

import csv
import io
from pathlib import Path

import polars as pl

from panel.codebook import codebook_csv
from panel.release_files.codebook_html import codebook_html
from panel.release_files.datapackage import datapackage_json
from panel.release_files.ddi import ddi_xml
from panel.release_files.facts import Facts
from panel.release_files.headline import DATASET, headline_csv, headline_source
from panel.release_files.manifest import NAME, manifest_json
from panel.release_files.readme import readme_text
from panel.release_files.scripts import do_file, r_script

Member = tuple[str, bytes | Path]


def contents(facts: Facts, cuts: dict[str, Path]) -> list[Member]:
    """Return the members of the archive; `cuts` are the frozen rows as Parquet, by name of the data set."""
    members: list[Member] = [(file.name, file.path) for file in facts.files]
    source = headline_source(facts.datasets)
    texts = {
        "README.md": readme_text(facts, headline=source is not None),
        "codebook.csv": _codebook(facts),
        "codebook.html": codebook_html(facts),
        "datapackage.json": datapackage_json(facts),
    }
    if source is not None:
        texts |= {
            "headline.csv": headline_csv(pl.scan_parquet(cuts[DATASET])),
            "headline.do": do_file(facts, source),
            "headline.R": r_script(facts, source),
        }
    members += [(name, text.encode()) for name, text in texts.items()]
    members.append(("codebook.xml", ddi_xml(facts)))
    return [*members, (NAME, manifest_json(facts, members).encode())]


def _codebook(facts: Facts) -> str:
    """Return the codebooks of all data sets in one table, which says first whose column each is."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for place, dataset in enumerate(facts.datasets):
        header, *rows = csv.reader(io.StringIO(codebook_csv(dataset.columns)))
        if place == 0:
            writer.writerow(["dataset", *header])
        writer.writerows([dataset.name, *row] for row in rows)
    return out.getvalue()
