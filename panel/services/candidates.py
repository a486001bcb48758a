"""Giving out what the allocation was drawn from, by the letters of blinded files."""

import json

from django.db import transaction

from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from panel import queries
from panel.allocation_file import candidate_set
from panel.candidate_file import candidates_by_letter
from panel.services.unblinding import NotUnblinded
from stations.queries import locked_allocation, study_stations


@transaction.atomic
def give_candidates(*, by: User) -> str:
    """Return the file of the candidates by letter, for who may read the certificate. Raise NotUnblinded."""
    require(by, Permission.READ_ARM)
    allocation = locked_allocation()
    if allocation is None or not queries.is_unblinded():
        raise NotUnblinded
    names = dict(study_stations().values_list("blinded_letter", "station__code"))
    certificate_sha256 = allocation.certificate.get("sha256", "")
    content = candidates_by_letter(candidate_set(allocation.certificate), names, certificate_sha256=certificate_sha256)
    details = {"certificate_sha256": certificate_sha256, "sha256": content["sha256"]}
    record(actor=by, action="panel.give_candidates", object_type="allocation", object_id=allocation.pk, details=details)
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"
