"""How the versions of the consent text are shown: their state in a word, their parts under headings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from participants import queries
from participants.consent_file import ConsentFile, Piece, text_differences
from participants.consent_scopes import Scope
from participants.models import ConsentText

PARTS: dict[str, str | Promise] = {
    "title": _("Title"),
    "introduction": _("What is read first"),
    **{scope.value: scope.label for scope in Scope},
    "closing": _("What is read last"),
}


@dataclass(frozen=True, slots=True)
class TextRow:
    """One version in the list; `state` is a kind of `components/status.html` with its label."""

    text: ConsentText
    file: ConsentFile
    state: tuple[str, str | Promise]
    renewed: Sequence[str | Promise]


@dataclass(frozen=True, slots=True)
class TextPart:
    """One part of a version under its heading, as runs of words that stayed, went or came."""

    heading: str | Promise
    pieces: list[Piece]

    @property
    def is_changed(self) -> bool:
        return any(piece.kind != "same" for piece in self.pieces)


def text_rows(today: date) -> list[TextRow]:
    """Return every version of the text, the newest first."""
    in_force = queries.consent_text_in_force(today)
    rows = []
    for text in queries.consent_texts():
        file = queries.consent_file(text)
        renewed = [Scope(scope).label for scope in file.renews]
        rows.append(TextRow(text, file, _state(text, in_force, today), renewed))
    return rows


def text_parts(older: ConsentText | None, newer: ConsentText, language: str) -> list[TextPart]:
    """Return the parts of a version in a language, compared with an older one if there is one."""
    wording = queries.consent_file(newer).in_language(language)
    before = wording if older is None else queries.consent_file(older).in_language(language)
    return [TextPart(PARTS[name], pieces) for name, pieces in text_differences(before, wording).items()]


def _state(text: ConsentText, in_force: ConsentText | None, today: date) -> tuple[str, str | Promise]:
    if text == in_force:
        return "good", _("In force")
    return ("info", _("Still to come")) if text.valid_from > today else ("neutral", _("No longer signed"))
