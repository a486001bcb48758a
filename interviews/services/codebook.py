"""The codebook: codes are added, changed, merged and brought in; each act is kept with what was before."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from interviews import queries
from interviews.code_tree import COLOURS, may_stand_under, nearest_colour
from interviews.models import Code, CodeChange
from interviews.refi_qda import CodebookUnreadable, ExchangedCode, read_codebook, write_codebook

Kind = CodeChange.Kind
ORIGIN = "Agenda"


class CodeNameTaken(StudyError):
    """Two codes of one name would be taken for each other."""

    code = "code_name_taken"
    message = _("There is a code of this name already.")
    http_status = 409
    field = "name"


class CodeNotThere(StudyError):
    """It was merged into another meanwhile."""

    code = "code_not_there"
    message = _("This code was merged into another meanwhile.")
    http_status = 409


class CodeUnderItself(StudyError):
    """A tree has no circles."""

    code = "code_under_itself"
    message = _("A code cannot stand under itself, nor be merged into itself or into what stands under it.")
    http_status = 409
    field = "parent"


class CodebookNotTaken(StudyError):
    """The file is no codebook that others exchange."""

    code = "codebook_not_taken"
    message = _("This is no REFI-QDA codebook (.qdc) that can be read.")
    http_status = 422
    field = "file"


class CodeIsHeading(StudyError):
    """It holds others together."""

    code = "code_is_heading"
    message = _("This code is only a heading: nothing is marked with it, and nothing that is marked counts as it.")
    http_status = 409


class CodeIsUsed(StudyError):
    """A heading would hide what was marked."""

    code = "code_is_used"
    message = _("Passages are marked with this code: it cannot be a heading alone.")
    http_status = 409
    field = "is_heading"


class CodebookEmpty(StudyError):
    """The standard has no codebook without a code: other programs refuse such a file."""

    code = "codebook_empty"
    message = _("There are no codes yet: add one first.")
    http_status = 409


@dataclass(frozen=True, slots=True)
class CodeWords:
    """What a code says of itself; `colour` is a place in code_tree.COLOURS."""

    name: str
    memo: str = ""
    colour: int = 0
    parent: Code | None = None
    is_heading: bool = False


@transaction.atomic
def add_code(*, by: User, words: CodeWords, now: datetime) -> Code:
    """Add a code. Raise CodeNameTaken or CodeNotThere."""
    require(by, Permission.CODE_INTERVIEWS)
    _locked_codebook()
    _require_fits(None, words)
    code = _made(by, words, now)
    _keep(by, code, Kind.ADDED, {}, _said(code), now)
    return code


@transaction.atomic
def change_code(*, by: User, code: Code, words: CodeWords, now: datetime) -> Code:
    """Rename a code, move it, make it a heading, or change its memo or colour.

    Raise CodeNameTaken, CodeNotThere, CodeUnderItself or CodeIsUsed.
    """
    require(by, Permission.CODE_INTERVIEWS)
    locked = _locked_codebook()[code.pk]
    _require_fits(locked, words)
    before = _said(locked)
    if words.is_heading and not locked.is_heading and queries.is_marked(locked):
        raise CodeIsUsed
    locked.name, locked.memo, locked.colour, locked.parent = words.name, words.memo, words.colour, words.parent
    locked.is_heading = words.is_heading
    if _said(locked) != before:
        locked.save()
        _keep(by, locked, Kind.CHANGED, before, _said(locked), now)
    return locked


@transaction.atomic
def merge_codes(*, by: User, code: Code, into: Code, now: datetime) -> Code:
    """Let a code count as another from now on; what was marked with it stays as it was, and counts for the other.

    What stood under it stands under the other. Raise CodeNotThere, CodeIsHeading or CodeUnderItself.
    """
    require(by, Permission.CODE_INTERVIEWS)
    codes = _locked_codebook()
    locked, target = codes[code.pk], codes[into.pk]
    if locked.merged_into_id or target.merged_into_id:
        raise CodeNotThere
    if target.is_heading and not locked.is_heading:
        raise CodeIsHeading
    if not may_stand_under(locked.pk, target.pk, {one.pk: one.parent_id for one in codes.values()}):
        raise CodeUnderItself
    before = _said(locked)
    for child in (one for one in codes.values() if one.parent_id == locked.pk):
        was = _said(child)
        child.parent = target
        child.save(update_fields=["parent"])
        _keep(by, child, Kind.CHANGED, was, _said(child), now)
    locked.merged_into = target
    locked.save(update_fields=["merged_into"])
    _keep(by, locked, Kind.MERGED, before, {"into": str(target.pk), "name": target.name}, now)
    return target


@transaction.atomic
def export_codebook(*, by: User) -> bytes:
    """Return the codes that count today as a REFI-QDA codebook (.qdc). Raise CodebookEmpty."""
    require(by, Permission.CODE_INTERVIEWS)
    rows = queries.codebook()
    if not rows:
        raise CodebookEmpty
    codes = [_exchanged(code) for code, _depth in rows]
    content = write_codebook(codes, origin=ORIGIN)
    record(actor=by, action="interviews.export_codebook", object_type="codebook", details={"codes": len(codes)})
    return content


@transaction.atomic
def import_codebook(*, by: User, content: bytes, now: datetime) -> int:
    """Bring in the codes of a REFI-QDA codebook that are not here, by guid and name; return how many.

    Those that are here stay as they are, and take in what stands under them. Raise CodebookNotTaken.
    """
    require(by, Permission.CODE_INTERVIEWS)
    try:
        brought = read_codebook(content)
    except CodebookUnreadable as error:
        raise CodebookNotTaken from error
    _locked_codebook()
    counting = queries.standing_codes()
    by_name = {code.name.casefold(): code for code in counting.values()}
    placed: dict[UUID, Code] = {}
    made = 0
    for row in brought:
        here = counting.get(row.guid) or by_name.get(row.name.casefold())
        if here is None:
            parent = placed[row.parent] if row.parent else None
            words = CodeWords(row.name, row.memo, _colour(row.colour, made), parent, not row.is_codable)
            here = _made(by, words, now, guid=row.guid)
            by_name[row.name.casefold()] = here
            _keep(by, here, Kind.IMPORTED, {}, _said(here), now)
            made += 1
        placed[row.guid] = here
    record(actor=by, action="interviews.import_codebook", object_type="codebook", details={"codes": made})
    return made


def _locked_codebook() -> dict[UUID, Code]:
    """Return every code, locked: two changes of the tree at once could close a circle."""
    return {code.pk: code for code in Code.objects.select_for_update().order_by("pk")}


def _require_fits(code: Code | None, words: CodeWords) -> None:
    if (code is not None and code.merged_into_id) or (words.parent is not None and words.parent.merged_into_id):
        raise CodeNotThere
    alike = Code.objects.filter(merged_into=None, name__iexact=words.name)
    if (alike.exclude(pk=code.pk) if code else alike).exists():
        raise CodeNameTaken
    if code is not None and words.parent is not None:
        parents = dict(Code.objects.order_by("pk").values_list("pk", "parent_id"))
        if not may_stand_under(code.pk, words.parent.pk, parents):
            raise CodeUnderItself


def _made(by: User, words: CodeWords, now: datetime, *, guid: UUID | None = None) -> Code:
    said = {"name": words.name, "memo": words.memo, "colour": words.colour, "parent": words.parent}
    key = {"id": guid} if guid else {}
    return Code.objects.create(**key, **said, is_heading=words.is_heading, created_by=by, created_at=now)


def _exchanged(code: Code) -> ExchangedCode:
    return ExchangedCode(
        code.pk, code.name, code.parent_id, COLOURS[code.colour], code.memo, is_codable=not code.is_heading
    )


def _said(code: Code) -> dict[str, object]:
    parent = str(code.parent_id) if code.parent_id else ""
    said = {"name": code.name, "memo": code.memo, "colour": code.colour, "parent": parent}
    return said | {"is_heading": True} if code.is_heading else said


def _keep(by: User, code: Code, kind: CodeChange.Kind, before: object, after: object, now: datetime) -> None:
    CodeChange.objects.create(code=code, kind=kind, before=before, after=after, changed_by=by, changed_at=now)
    record(actor=by, action=f"interviews.code_{kind}", object_type="code", object_id=str(code.pk))


def _colour(written: str, number: int) -> int:
    return nearest_colour(written) if written else number % len(COLOURS)
