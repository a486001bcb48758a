"""A Stata do-file and an R script that load the data with their labels and make the headline table again."""

from panel.columns import Column, DataSet, Kind
from panel.release_files.facts import Facts
from panel.release_files.headline import OUTCOME, waves_of
from panel.small_cells import SMALLEST_SHOWN

# Stata takes labels of variables up to so many signs.
_LONGEST_LABEL = 80


def do_file(facts: Facts, dataset: DataSet) -> str:
    """Return `headline.do`, for Stata 14 or later: reads the .dta where there is one, or the CSV with its labels."""
    name = dataset.name
    loaded = f'use "data/{name}.dta", clear' if _has(facts, name, "dta") else _stata_from_csv(dataset, facts.language)
    return f"""* {facts.title}
version 14
clear all
{loaded}
{_stata_long(dataset)}
* Headline table: of the women who answered, the share who said yes, by wave and group. Small cells stay empty.
keep if !missing({OUTCOME})
collapse (count) answered={OUTCOME} (sum) yes={OUTCOME}, by(wave group)
generate no = answered - yes
generate byte small = inrange(yes, 1, {SMALLEST_SHOWN - 1}) | inrange(no, 1, {SMALLEST_SHOWN - 1})
generate share = round(yes / answered, 0.0001) if !small & answered >= {SMALLEST_SHOWN}
replace yes = . if small | answered < {SMALLEST_SHOWN}
replace answered = . if answered < {SMALLEST_SHOWN}
drop small no
format share %6.4f
list wave group answered yes share, noobs sepby(wave)
"""


def r_script(facts: Facts, dataset: DataSet) -> str:
    """Return `headline.R`, in base R: reads the CSV, sets labels, makes the table and compares it with headline.csv."""
    name, language = dataset.name, facts.language
    labels = "\n".join(
        f'attr(panel${column.name}, "label") <- {_quoted(column.label.in_language(language))}'
        for column in dataset.columns
    )
    factors = "\n".join(_factor(column, language) for column in dataset.columns if column.values)
    loaded = (
        f'panel <- read.csv("data/{name}.csv", na.strings = "", encoding = "UTF-8")'
        if _has(facts, name, "csv")
        else f'panel <- as.data.frame(arrow::read_parquet("data/{name}.parquet"))'
    )
    return f"""# {facts.title}
{loaded}
{labels}

# Headline table: of the women who answered, the share who said yes, by wave and group. Small cells stay empty.
{_r_long(dataset)}
given <- long[!is.na(long${OUTCOME}), ]
table <- aggregate(given${OUTCOME}, by = list(wave = given$wave, group = given$group),
                   FUN = function(x) c(answered = length(x), yes = sum(x)))
table <- data.frame(wave = table$wave, group = table$group, answered = table$x[, "answered"], yes = table$x[, "yes"])
table <- table[order(table$wave, table$group), ]
few <- function(n) n > 0 & n < {SMALLEST_SHOWN}
hidden <- few(table$yes) | few(table$answered - table$yes) | table$answered < {SMALLEST_SHOWN}
table$share <- ifelse(hidden, NA_real_, round(table$yes / table$answered, 4))
table$yes[hidden] <- NA
table$answered[table$answered < {SMALLEST_SHOWN}] <- NA
print(table, row.names = FALSE)
expected <- read.csv("headline.csv", colClasses = "numeric")
stopifnot(isTRUE(all.equal(table, expected, check.attributes = FALSE, tolerance = 1e-4)))

# The same with the values' labels, for tables and figures.
labelled <- panel
{factors}
"""


def _stata_long(dataset: DataSet) -> str:
    """Return the lines that bring a wide form's outcome back into a row for each wave; none for a long one."""
    waves = waves_of(dataset)
    if not waves:
        return ""
    outcomes = " ".join(f"{OUTCOME}_w{code}" for code in waves)
    return f"""keep woman group {outcomes}
reshape long {OUTCOME}_w, i(woman) j(wave)
rename {OUTCOME}_w {OUTCOME}
"""


def _r_long(dataset: DataSet) -> str:
    waves = waves_of(dataset)
    if not waves:
        return "long <- panel"
    return f"""long <- do.call(rbind, lapply(c({", ".join(waves)}), function(w) data.frame(
    wave = w, group = panel$group, {OUTCOME} = panel[[paste0("{OUTCOME}_w", w)]])))"""


def _has(facts: Facts, name: str, form: str) -> bool:
    return any(file.dataset.name == name and file.form == form for file in facts.files)


def _stata_from_csv(dataset: DataSet, language: str) -> str:
    lines = [f'import delimited "data/{dataset.name}.csv", varnames(1) case(preserve) encoding("utf-8") clear']
    for column in dataset.columns:
        lines.append(f"label variable {column.name} {_stata(column.label.in_language(language)[:_LONGEST_LABEL])}")
        if column.values and column.kind == Kind.INTEGER:
            pairs = " ".join(f"{code} {_stata(label.in_language(language))}" for code, label in column.values)
            lines += [f"label define {column.name} {pairs}", f"label values {column.name} {column.name}"]
    return "\n".join(lines)


def _factor(column: Column, language: str) -> str:
    codes = ", ".join(code if column.kind == Kind.INTEGER else _quoted(code) for code, _label in column.values)
    labels = ", ".join(_quoted(label.in_language(language)) for _code, label in column.values)
    return f"labelled${column.name} <- factor(panel${column.name}, levels = c({codes}), labels = c({labels}))"


def _stata(text: str) -> str:
    """Quote a text for Stata; its compound quotes take every sign but a lone backquote and a dollar."""
    plain = text.replace("`", "'").replace("$", "")
    return f'`"{plain}"\''


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
