"""One written form for an address, so that the same home is found again however it was typed."""

import re

# What people shorten, each with the forms that stand for it; the left one is kept.
_SAME_WORDS = {
    "jr": ("jiron",),
    "av": ("avenida", "avda", "ave"),
    "ca": ("calle", "cl"),
    "psj": ("pasaje", "psje", "pje"),
    "mz": ("manzana", "mza"),
    "lt": ("lote", "lte"),
    "urb": ("urbanizacion",),
    "dpto": ("departamento", "depto", "dep", "dpt"),
    "int": ("interior",),
    "blk": ("block", "bloque", "blq"),
    "sta": ("santa",),
    "sto": ("santo",),
}
_KEPT = {written: short for short, forms in _SAME_WORDS.items() for written in forms}
# Words that some write and others leave out.
_SILENT = frozenset({"de", "del", "la", "las", "el", "los"})
_SETTLEMENT = re.compile(r"\ba\W*a\W*h\W*h\b|\basentamiento humano\b")
# Said before a number, and no more than the number itself.
_NUMBER_SIGNS = frozenset({"n", "no", "nro", "num", "numero"})
_WORD = re.compile(r"\d+|[^\W\d_]+")


def normalised_address(plain: str) -> str:
    """Return an address in one form: words in their order, shortened alike, numbers without leading zeros.

    `plain` is in small letters without accents. The order stays: block A lot 2 is not block 2 lot A.
    """
    written = (_KEPT.get(word, word) for word in _WORD.findall(_SETTLEMENT.sub(" aahh ", plain)))
    words: list[str] = []
    for word in (word for word in written if word not in _SILENT):
        if word.isdigit():
            while words and words[-1] in _NUMBER_SIGNS:
                words.pop()
        words.append(word.lstrip("0") or "0" if word.isdigit() else word)
    return " ".join(words)
