"""What in a Spanish transcript may name somebody or somewhere: suggestions, which a person accepts or refuses.

Rules of our own, meant to miss little and therefore to suggest too much: numbers of telephones and documents, e-mail,
addresses, districts, places by their kind (a school, a market), names after a form of address, common given names and
surnames, and any other word with a capital that does not begin a sentence.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from interviews.name_lists import GIVEN_NAMES, SURNAMES
from interviews.transcript_file import Paragraph


class Mask(TextChoices):
    """What is put in the place of words."""

    NAME = "nombre", _("Name")
    PLACE = "lugar", _("Place")
    ADDRESS = "dirección", _("Address")
    CONTACT = "contacto", _("Telephone or e-mail")
    DOCUMENT = "documento", _("Document number")


@dataclass(frozen=True, slots=True, order=True)
class Suggestion:
    """Words of a paragraph (both numbered from 0, `end` not among them) that may tell who or where."""

    paragraph: int
    start: int
    end: int
    mask: str
    words: str


_CAPITAL = r"[A-ZÁÉÍÓÚÜÑ][a-záéíóúüñ]+"
_NAME = rf"{_CAPITAL}(?:(?:\s+(?:de|del|la|las|los|y)){{0,2}}\s+{_CAPITAL})*"
_WORD = re.compile(r"[^\W\d_]+")
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (Mask.CONTACT, re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    (Mask.CONTACT, re.compile(r"(?<![\d+])(?:\+?51[ -]?)?9\d{2}[ -]?\d{3}[ -]?\d{3}(?!\d)")),
    (Mask.CONTACT, re.compile(r"(?<![\d+])(?:\(?01\)?[ -]?)?[2-7]\d{2}[ -]\d{4}(?!\d)")),
    (Mask.DOCUMENT, re.compile(r"(?<!\d)\d{8}(?!\d)")),
    (
        Mask.ADDRESS,
        re.compile(
            r"\b(?:Jr|Jir[oó]n|Av|Avenida|Calle|Ca|Psje|Pasaje|Prolongaci[oó]n|Urb|Urbanizaci[oó]n|AA\.?\s?HH|Asentamiento"
            rf" [Hh]umano)\b\.?\s+(?:{_NAME}|\d[\w-]*)(?:\s+(?:N[°º.]?\s*)?\d+)?",
        ),
    ),
    (Mask.ADDRESS, re.compile(r"\b(?:[Mm]z|[Mm]anzana)\.?\s+[A-Z0-9]{1,3}\b(?:,?\s+(?:[Ll]t|[Ll]ote)\.?\s*\d+)?")),
    (
        Mask.PLACE,
        re.compile(
            r"\b(?:comisar[ií]a|colegio|escuela|hospital|posta|mercado|parroquia|iglesia|barrio|pueblo|distrito|provincia"
            rf"|caser[ií]o|restaurante|bodega|parque)(?:\s+(?:de|del|la|el|los|las))*\s+(?P<found>{_NAME})"
        ),
    ),
    (
        Mask.NAME,
        re.compile(
            r"\b(?:[Ss]eñor(?:a|ita)?|[Ss]ra?\.|[Ss]rta\.|[Dd]on|[Dd]oña|[Dd]octora?|[Dd]ra?\.|[Pp]rofesora?|[Tt][ií][oa]|"
            r"[Cc]omadre|[Cc]ompadre|[Mm]adrina|[Pp]adrino|[Hh]erman[oa]|[Ll]icenciada|se llama|me llamo)"
            rf"\s+(?P<found>{_NAME})"
        ),
    ),
)
# With a capital by rule or habit, and of nobody.
_WORDS_OF_NOBODY = """
dios virgen navidad señor jesús cristo perú dni cem biblia facebook whatsapp messenger tiktok internet lunes martes
miércoles jueves viernes sábado domingo enero febrero marzo abril mayo junio julio agosto setiembre septiembre octubre
noviembre diciembre usted ustedes estado año nuevo semana santa fiestas patrias
"""
_HARMLESS = frozenset(_WORDS_OF_NOBODY.split())
# How transcripts call those who speak, without accents; E, P2 and the like besides.
_WORDS_OF_SPEAKERS = """
entrevistadora entrevistador entrevistada entrevistado encuestadora encuestador investigadora investigador moderadora
moderador participante mujer senora persona voz hablante informante interlocutora acompanante interviewer interviewee
participant woman speaker moderator
"""
_SPEAKS = frozenset(_WORDS_OF_SPEAKERS.split())
_LETTER = re.compile(r"[^\W\d_]\.?(?: ?\d{1,2})?\.?")
_NUMBER = re.compile(r"\d{1,2}\.?")
_SENTENCE_ENDS = '.?!…:"“”«»—–-¿¡('
_SHORTEST_NAME = 2


def suggestions(paragraphs: Sequence[Paragraph], *, places: Collection[str]) -> list[Suggestion]:
    """Return what may name somebody or somewhere, in order and without overlap; `places` are names of districts."""
    by_name = _places_pattern(places)
    found = []
    for number, paragraph in enumerate(paragraphs):
        taken: list[tuple[int, int]] = []
        for mask, start, end in _spans(paragraph.text, by_name):
            if all(end <= begins or start >= ends for begins, ends in taken):
                taken.append((start, end))
                found.append(Suggestion(number, start, end, mask, paragraph.text[start:end]))
    return sorted(found)


def occurrences(paragraphs: Sequence[Paragraph], words: str, *, mask: str) -> list[Suggestion]:
    """Return every place where somebody's own words stand, whole and whatever their capitals."""
    pattern = re.compile(rf"(?<!\w){re.escape(words.strip())}(?!\w)", re.IGNORECASE)
    return [
        Suggestion(number, found.start(), found.end(), mask, found.group())
        for number, paragraph in enumerate(paragraphs)
        for found in pattern.finditer(paragraph.text)
        if words.strip()
    ]


def masked(paragraphs: Sequence[Paragraph], accepted: Iterable[Suggestion]) -> list[Paragraph]:
    """Return the text with each accepted place as [nombre 1], the same words under the same number everywhere.

    Of two that overlap the longer stands. Whoever speaks is masked too, unless she is called by what she does there.
    """
    chosen: list[Suggestion] = []
    for one in sorted(accepted, key=lambda one: (one.start - one.end, one)):
        if all(one.paragraph != o.paragraph or one.end <= o.start or one.start >= o.end for o in chosen):
            chosen.append(one)
    numbers: dict[tuple[str, str], int] = {}
    texts = [paragraph.text for paragraph in paragraphs]
    labels = {}
    for one in sorted(chosen):
        key = (one.mask, _plain(one.words))
        numbers.setdefault(key, 1 + sum(mask == one.mask for mask, _words in numbers))
        labels[one] = f"[{one.mask} {numbers[key]}]"
    for one in sorted(chosen, reverse=True):
        text = texts[one.paragraph]
        texts[one.paragraph] = text[: one.start] + labels[one] + text[one.end :]
    speakers = []
    for row in paragraphs:
        key = (Mask.NAME.value, _plain(row.speaker))
        if is_neutral(row.speaker):
            speakers.append(row.speaker)
        else:
            numbers.setdefault(key, 1 + sum(mask == key[0] for mask, _words in numbers))
            speakers.append(f"[{key[0]} {numbers[key]}]")
    return [Paragraph(speaker, text) for speaker, text in zip(speakers, texts, strict=True)]


def is_neutral(speaker: str) -> bool:
    """Say whether a speaker is called by a letter, a number or what she does there, and not by a name."""
    # Each word by itself: a name may stand behind what she is called by.
    return _LETTER.fullmatch(speaker) is not None or all(
        word in _SPEAKS or _NUMBER.fullmatch(word) is not None for word in _plain(speaker).split()
    )


def _spans(text: str, places: re.Pattern[str] | None) -> Iterator[tuple[str, int, int]]:
    """Yield what the rules find, the surer rules first."""
    for mask, pattern in _PATTERNS:
        for found in pattern.finditer(text):
            group = "found" if "found" in pattern.groupindex else 0
            yield mask, found.start(group), found.end(group)
    if places is not None:
        plain = _plain_same_length(text)
        for found in places.finditer(plain):
            if text[found.start()].isupper():
                yield Mask.PLACE, found.start(), found.end()
    yield from _capitals(text)


def _capitals(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield names by list, wherever they stand, with the capitals that follow; then other capitals within sentences.

    A name by list is found in capitals throughout, too, as some write whole transcripts.
    """
    for found in re.finditer(_NAME, text):
        words = list(_WORD.finditer(found.group()))
        known = [word for word in words if _plain(word.group()) in GIVEN_NAMES | SURNAMES]
        if known:
            first = known[0] if _begins_sentence(text, found.start()) else words[0]
            yield Mask.NAME, found.start() + first.start(), found.end()
    for word in _WORD.finditer(text):
        said = word.group()
        if said.isupper() and len(said) > _SHORTEST_NAME and _plain(said) in GIVEN_NAMES | SURNAMES:
            yield Mask.NAME, word.start(), word.end()
        is_capital = said[0].isupper() and not said.isupper() and len(said) > _SHORTEST_NAME
        if is_capital and said.casefold() not in _HARMLESS and not _begins_sentence(text, word.start()):
            yield Mask.NAME, word.start(), word.end()


def _begins_sentence(text: str, at: int) -> bool:
    before = text[:at].rstrip()
    return not before or before[-1] in _SENTENCE_ENDS


def _places_pattern(places: Collection[str]) -> re.Pattern[str] | None:
    names = sorted({_plain(place) for place in places if place.strip()}, key=lambda name: (-len(name), name))
    if not names:
        return None
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)")


def _plain(text: str) -> str:
    """Return a text in small letters without accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def _plain_same_length(text: str) -> str:
    """Return a text in small letters without accents, each sign in its place."""
    return "".join((_plain(sign) or sign)[0] for sign in text)
