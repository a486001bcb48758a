"""That the register of the data bank was taken out."""

from django.db import transaction

from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record


@transaction.atomic
def record_register(*, by: User) -> None:
    """Keep on record that the register was taken out on paper."""
    require(by, Permission.READ_DATA_REGISTER)
    record(actor=by, action="data_protection.take_register", object_type="data_register")
