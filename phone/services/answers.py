"""What women answered in part, given to the phone of whoever asks them, so that it goes on where there is no signal."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from surveys.models import SurveyCase
from surveys.queries.sittings import Earlier, answers_to_take_along


@transaction.atomic
def give_answers(
    *, by: User, device_id: UUID, cases: Collection[SurveyCase], now: datetime
) -> Mapping[object, Sequence[Earlier]]:
    """Return by case what was answered of it before; whose answers went to which phone is on record.

    `cases` are those of her week (`cases_of_week`) whose women's cards that phone was given.
    """
    require(by, Permission.COLLECT_SURVEYS)
    given = answers_to_take_along(cases, now)
    begun = sorted(str(case) for case, earlier in given.items() if earlier)
    if begun:
        details = {"surveys": begun}
        record(actor=by, action="phone.give_answers", object_type="device", object_id=device_id, details=details)
    return given
