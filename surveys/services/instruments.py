"""Versions of questionnaires: loaded, published, given to waves, retired."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from protocol.queries import current_protocol
from surveys import queries
from surveys.given_files import Limits, given_files
from surveys.instrument_source import ReadInstrument, read_instrument
from surveys.lifecycle import instrument_may_become
from surveys.models import Instrument, InstrumentFile, WaveInstrument
from surveys.xforms.problems import Problem, XLSFormInvalid

Status = Instrument.Status


class InstrumentRefused(StudyError):
    """The file cannot become a questionnaire; `problems` says of each what and where."""

    code = "instrument_refused"
    message = _("The file cannot become a questionnaire yet. Nothing was saved.")

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__()
        self.problems = tuple(problems)


class InstrumentVersionTaken(StudyError):
    """The version was published with another content: answers may point to it."""

    code = "instrument_version_taken"
    message = _("This version is already published with another content: write a new version on the sheet “settings”.")
    http_status = 409


class InstrumentNotPublished(StudyError):
    """Only what is frozen may be asked."""

    code = "instrument_not_published"
    message = _("Publish this version first: waves ask only what can no longer change.")
    http_status = 409


class InstrumentStatusFinal(StudyError):
    """The version cannot go from its status to that one."""

    code = "instrument_status_final"
    message = _("This version cannot be changed that way any more.")
    http_status = 409


class InstrumentInUse(StudyError):
    """A wave asks it."""

    code = "instrument_in_use"
    message = _("A wave asks this version: give the wave another one first.")
    http_status = 409


class WaveUnknown(StudyError):
    """The protocol has no such wave."""

    code = "wave_unknown"
    message = _("The protocol has no such wave.")


@transaction.atomic
def load_instrument(
    *,
    by: Actor,
    source: bytes,
    name: str,
    now: datetime,
    licence: str = Instrument.Licence.OPEN,
    files: Sequence[tuple[str, bytes]] = (),
) -> Instrument:
    """Store a questionnaire from its XLSX file (or .md) as a draft; the same again changes nothing.

    `files` are those that it names, each by its name, or packed in archives (NAME.zip). A draft of the same version is
    replaced with its files. Raise InstrumentRefused or InstrumentVersionTaken.
    """
    require(by, Permission.MANAGE_INSTRUMENTS)
    limits = Limits(settings.QUESTIONNAIRE_FILE_BYTES, settings.QUESTIONNAIRE_FILES_BYTES)
    try:
        read = read_instrument(source, name=name, given=given_files(files, limits=limits))
    except XLSFormInvalid as error:
        raise InstrumentRefused(error.problems) from error
    loaded = Instrument.objects.select_for_update().filter(code=read.code, version=read.version).first()
    is_same = loaded is not None and loaded.sha256 == read.sha256
    if loaded is not None and not is_same and loaded.status != Status.DRAFT:
        raise InstrumentVersionTaken
    stored = loaded if loaded is not None and is_same else _stored(loaded, read, by=by, licence=licence, now=now)
    record(
        actor=by,
        action="surveys.load_instrument",
        object_type="instrument",
        object_id=str(stored),
        details={
            "sha256": stored.sha256,
            "was_loaded": loaded is not None,
            "licence": stored.licence,
            "files": len(read.files),
        },
    )
    return stored


@transaction.atomic
def publish_instrument(*, by: Actor, instrument: Instrument, now: datetime) -> Instrument:
    """Freeze a draft, so that waves may ask it. Raise InstrumentStatusFinal."""
    require(by, Permission.MANAGE_INSTRUMENTS)
    return _moved(by, instrument, Status.PUBLISHED, now)


@transaction.atomic
def retire_instrument(*, by: Actor, instrument: Instrument, now: datetime) -> Instrument:
    """Take a version out of use; what was answered stays. Raise InstrumentStatusFinal or InstrumentInUse."""
    require(by, Permission.MANAGE_INSTRUMENTS)
    if instrument.pk in {pinned.pk for pinned in queries.instruments_by_wave().values()}:
        raise InstrumentInUse
    return _moved(by, instrument, Status.RETIRED, now)


@transaction.atomic
def pin_instrument(*, by: Actor, wave: str, instrument: Instrument, now: datetime) -> WaveInstrument:
    """Have a wave ask a version from now on; whoever was asked already keeps hers. The same again changes nothing.

    Raise WaveUnknown or InstrumentNotPublished.
    """
    require(by, Permission.MANAGE_INSTRUMENTS)
    if wave not in {known.code for known in current_protocol().waves}:
        raise WaveUnknown
    locked = Instrument.objects.listed().select_for_update().get(pk=instrument.pk)
    if locked.status != Status.PUBLISHED:
        raise InstrumentNotPublished
    before = WaveInstrument.objects.filter(wave=wave).select_related("instrument").first()
    if before is not None and before.instrument_id == locked.pk:
        pinned = before
    else:
        pinned = WaveInstrument.objects.create(
            wave=wave, instrument=locked, pinned_at=now, pinned_by=by if isinstance(by, User) else None
        )
    record(
        actor=by,
        action="surveys.pin_instrument",
        object_type="instrument",
        object_id=str(locked),
        details={"wave": wave, "before": str(before.instrument) if before else ""},
    )
    return pinned


def _stored(draft: Instrument | None, read: ReadInstrument, *, by: Actor, licence: str, now: datetime) -> Instrument:
    stored = draft or Instrument(code=read.code, version=read.version)
    stored.title, stored.titles, stored.licence, stored.sha256 = read.title, read.titles, licence, read.sha256
    stored.source, stored.source_name, stored.xform, stored.content = (
        read.source, read.source_name, read.xform, read.content,
    )  # fmt: skip
    stored.loaded_at, stored.loaded_by = now, by if isinstance(by, User) else None
    stored.save()
    InstrumentFile.objects.filter(instrument=stored).delete()
    InstrumentFile.objects.bulk_create(
        InstrumentFile(
            instrument=stored,
            name=file.name,
            kind=file.kind,
            content_type=file.content_type,
            content=file.content,
            sha256=file.sha256,
            md5=file.md5,
            given_sha256=file.given_sha256,
        )
        for file in read.files
    )
    return stored


def _moved(by: Actor, instrument: Instrument, status: Status, now: datetime) -> Instrument:
    locked = Instrument.objects.listed().select_for_update().get(pk=instrument.pk)
    if not instrument_may_become(locked.status, status):
        raise InstrumentStatusFinal
    locked.status = status
    if status == Status.PUBLISHED:
        locked.published_at = now
    else:
        locked.retired_at = now
    locked.save(update_fields=["status", "published_at", "retired_at"])
    record(
        actor=by,
        action=f"surveys.{'publish' if status == Status.PUBLISHED else 'retire'}_instrument",
        object_type="instrument",
        object_id=str(locked),
        details={"sha256": locked.sha256},
    )
    return locked
