"""Asking for a release."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from panel import queries
from panel.building import request_build
from panel.formats import Form
from panel.generalising import rules_for
from panel.models import Release
from panel.release_keys import new_secret
from panel.services.arms import require_arm
from panel.shapes import Shape
from panel.tables.wide import has_wide_form
from participants.services import hold_secret
from protocol.queries import active_version, current_protocol

FORMS = tuple(Form)


class ReleaseTermsUnclear(StudyError):
    """Something was asked for that there is not."""

    code = "release_terms_unclear"
    message = _("Choose at least one table and one form of those that there are, and say what for.")


class ReleaseAskedAlready(StudyError):
    """One of a kind at a time."""

    code = "release_asked_already"
    message = _("You asked for the same already, and it is not there yet.")
    http_status = 409


@dataclass(frozen=True, slots=True)
class Terms:
    """What somebody asks for: data sets, forms, language, shape, and what goes beyond or behind the usual."""

    datasets: tuple[str, ...]
    forms: tuple[str, ...]
    language: str = "es"
    shape: str = Shape.LONG
    with_arm: bool = False
    stable_codes: bool = False
    shift_days: bool = False
    generalised: tuple[str, ...] = ()

    def sha256(self, as_of: str) -> str:
        """Return what tells the same terms again on the same day."""
        return hashlib.sha256(json.dumps([asdict(self), as_of], sort_keys=True).encode()).hexdigest()


@transaction.atomic
def ask_release(*, by: User, terms: Terms, purpose: str, now: datetime) -> Release:
    """Ask for data sets as they are today; they are frozen and packed by a task. The arm needs its permission.

    Raise ReleaseTermsUnclear or ReleaseAskedAlready.
    """
    require(by, Permission.EXPORT_PANEL)
    if terms.with_arm:
        require_arm(by)
    _check(terms, purpose)
    today = timezone.localdate(now)
    protocol = active_version()
    try:
        with transaction.atomic():
            release = Release.objects.create(
                **{name: list(value) if isinstance(value, tuple) else value for name, value in asdict(terms).items()},
                purpose=purpose.strip(),
                requested_by=by,
                requested_at=now,
                terms_sha256=terms.sha256(today.isoformat()),
                protocol=protocol,
                as_of=today,
                kept_until=today + timedelta(days=current_protocol().releases.keep_days),
                secret=hold_secret(by=by, name=f"release {uuid4().hex}", secret=new_secret()),
                state_changed_at=now,
            )
    except IntegrityError as error:
        raise ReleaseAskedAlready from error
    record(
        actor=by,
        action="panel.ask_release",
        **described(release, {"forms": release.forms, "shape": release.shape, "generalised": release.generalised}),
    )
    request_build(release.pk)
    return release


def described(release: Release, details: dict[str, Any]) -> dict[str, Any]:
    """Return what an audit row says of a release: its terms in short, and nothing of its rows."""
    said = {"datasets": release.datasets, "stable_codes": release.stable_codes, "revision": release.revision}
    return {"object_type": "release", "object_id": release.pk, "details": {**said, **details}}


def _check(terms: Terms, purpose: str) -> None:
    declared = [dataset for dataset in queries.datasets(reads_arm=terms.with_arm) if dataset.name in terms.datasets]
    is_known = len(declared) == len(set(terms.datasets)) == len(terms.datasets) > 0
    forms_known = bool(terms.forms) and set(terms.forms) <= set(Form) and terms.shape in Shape.values
    if not (is_known and forms_known and set(terms.generalised) <= set(rules_for(declared)) and purpose.strip()):
        raise ReleaseTermsUnclear
    if terms.shape != Shape.LONG and not any(map(has_wide_form, declared)):
        raise ReleaseTermsUnclear(_("None of these tables has a wide form: choose panel_wave or panel_month too."))
