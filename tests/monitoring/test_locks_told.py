"""A lock of data that waits for a signature is told once to whoever may give it, and to nobody else."""

from datetime import timedelta

import pytest

from accounts.roles import Role
from data_lock.services import ask_lifting
from tests.data_lock.locking import person, proposed, signed
from tests.factories import NOW, PASSWORD, ProtocolVersionFactory
from tests.monitoring.sent import addresses, keep, send

DAY = timedelta(days=1)


def somebody(role: Role, name: str):
    user = person(role)
    user.work_email, user.language = f"{name}@example.org", "es"
    user.save()
    return user


@pytest.mark.requirement("F55")
def test_a_lock_of_data_is_told_once_to_whoever_may_sign_it_and_so_is_its_lifting(db, settings):
    keep(settings)
    ProtocolVersionFactory(loaded_at=NOW - 90 * DAY)
    administrator, researcher, statistician, _second, _board, _supervisor = (
        somebody(role, name)
        for role, name in (
            (Role.ADMINISTRATOR, "administrator"), (Role.RESEARCHER, "researcher"), (Role.STATISTICIAN, "statistician"),
            (Role.RESEARCHER, "second"), (Role.ETHICS_BOARD, "board"), (Role.SUPERVISOR, "supervisor"),
        )
    )  # fmt: skip
    lock = proposed(administrator)
    signed(lock, researcher)
    assert sorted(addresses(NOW, "lock_waiting")) == ["second@example.org", "statistician@example.org"]

    signed(lock, statistician)
    assert addresses(NOW + DAY, "lock_waiting") == []
    ask_lifting(by=researcher, lock=lock, password=PASSWORD, reason="A file came late", now=NOW + DAY)

    told = send(NOW + DAY, "lock_waiting")

    assert sorted(address for address, _text in told) == [
        "administrator@example.org", "second@example.org", "statistician@example.org",
    ]  # fmt: skip
    assert {text for _address, text in told} == {"Algo espera su decisión en la agenda. Ingrese para verlo."}
    assert addresses(NOW + DAY + timedelta(hours=1), "lock_waiting") == []
