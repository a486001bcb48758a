"""The directory of services: loaded once, then kept by administrators. Each change leaves the version before it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.permissions import Permission, require
from accounts.queries import person_of
from audit.services import record
from referrals.directory_file import ServiceEntry, parse_directory
from referrals.models import SupportService
from stations.models import District


class ServiceKnown(StudyError):
    """A service has one row in force."""

    code = "service_known"
    message = _("This service is in the directory already.")
    http_status = 409


class ServiceRetired(StudyError):
    """Another version took its place, or it is offered no more."""

    code = "service_retired"
    message = _("This entry was changed or retired meanwhile: look at the list again.")
    http_status = 409


class DistrictUnknown(StudyError):
    """The frame has no such district."""

    code = "district_unknown"
    message = _("This district is not in the frame of stations.")
    http_status = 422


@transaction.atomic
def load_directory(*, by: Actor, text: str, name: str, now: datetime) -> int:
    """Add the services of a file (TOML) whose code was never written here; return how many.

    What administrators changed or retired since stays as they left it. Raise DirectoryFileError or DistrictUnknown.
    """
    require(by, Permission.KEEP_DIRECTORY)
    file = parse_directory(text, name=name)
    known = set(SupportService.objects.values_list("code", flat=True))
    added = [_write(by, entry, now) for entry in file.services if entry.code not in known]
    record(
        actor=by,
        action="referrals.load_directory",
        object_type="support_service",
        details={"added": [service.code for service in added]},
    )
    return len(added)


@transaction.atomic
def add_service(*, by: Actor, entry: ServiceEntry, now: datetime) -> SupportService:
    """Write a service that is not in the directory now. Raise ServiceKnown or DistrictUnknown."""
    require(by, Permission.KEEP_DIRECTORY)
    if SupportService.objects.filter(code=entry.code, retired_at=None).exists():
        raise ServiceKnown
    service = _write(by, entry, now)
    _record(by, "referrals.add_service", service)
    return service


@transaction.atomic
def change_service(*, by: Actor, service: SupportService, entry: ServiceEntry, now: datetime) -> SupportService:
    """Write the next version of a service in force; the one before is kept. Raise ServiceRetired or DistrictUnknown."""
    require(by, Permission.KEEP_DIRECTORY)
    before = _retired(service, now)
    after = _write(by, entry.model_copy(update={"code": before.code}), now)
    _record(by, "referrals.change_service", after, before=before.pk)
    return after


@transaction.atomic
def retire_service(*, by: Actor, service: SupportService, now: datetime) -> SupportService:
    """Offer a service no more; what was offered goes on being followed. Raise ServiceRetired."""
    require(by, Permission.KEEP_DIRECTORY)
    retired = _retired(service, now)
    _record(by, "referrals.retire_service", retired)
    return retired


def _retired(service: SupportService, now: datetime) -> SupportService:
    locked = SupportService.objects.select_for_update().get(pk=service.pk)
    if locked.retired_at is not None:
        raise ServiceRetired
    locked.retired_at = now
    locked.save(update_fields=["retired_at"])
    return locked


def _write(by: Actor, entry: ServiceEntry, now: datetime) -> SupportService:
    if entry.ubigeo and not District.objects.filter(pk=entry.ubigeo).exists():
        raise DistrictUnknown
    return SupportService.objects.create(
        code=entry.code,
        kind=entry.kind,
        name_es=entry.name.es,
        name_en=entry.name.en,
        purpose_es=entry.purpose.es,
        purpose_en=entry.purpose.en,
        hours_es=entry.hours.es,
        hours_en=entry.hours.en,
        for_whom_es=entry.for_whom.es,
        for_whom_en=entry.for_whom.en,
        telephone=entry.telephone,
        address=entry.address,
        district_id=entry.ubigeo,
        source=entry.source,
        valid_from=now,
        written_by=person_of(by),
    )


def _record(by: Actor, action: str, service: SupportService, **details: object) -> None:
    record(
        actor=by,
        action=action,
        object_type="support_service",
        object_id=service.pk,
        details={"code": service.code, **details},
    )
