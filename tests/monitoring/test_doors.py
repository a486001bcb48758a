"""Whoever keeps the accounts hears of an address that tries the names of many people."""

from datetime import timedelta

from django.urls import reverse

from accounts.models import AddressHold
from accounts.roles import Role
from monitoring.presenters.needs import need_rows
from tests.factories import NOW, ProtocolVersionFactory, UserFactory
from tests.monitoring.sent import addresses, keep, send

HOUR = timedelta(hours=1)


def test_administrators_hear_once_of_an_address_that_tries_many_names_and_read_neither_it_nor_a_name(db, settings):
    keep(settings)
    ProtocolVersionFactory()
    settings.ADMIN_NOTICES_TO = ["oficina@example.org"]
    hold = AddressHold.objects.create(network="198.51.100.7", began_at=NOW, until=NOW + HOUR, names=30)
    people = [UserFactory(role=role, work_email=f"{role}@example.org") for role in Role]
    boss = next(one for one in people if one.role == Role.ADMINISTRATOR)
    assert [row.url for row in need_rows(boss, now=NOW) if "intentos" in row.url] == [reverse("address_hold_list")]

    told = send(NOW, "address_held")

    words = "Hay algo nuevo que atender en la agenda. Ingrese para verlo."
    assert told == [("administrator@example.org", words), ("oficina@example.org", words)]
    AddressHold.objects.filter(pk=hold.pk).update(until=NOW + 2 * HOUR)
    assert addresses(NOW + HOUR, "address_held") == []
    assert [row.url for row in need_rows(boss, now=NOW + 2 * HOUR) if "intentos" in row.url] == []
