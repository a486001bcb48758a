from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.urls import reverse

from accounts.actors import SystemActor
from accounts.permissions import Permission, PermissionMissing
from accounts.roles import Role
from audit.models import Event
from referrals.directory_file import DirectoryFileError, parse_directory
from referrals.management.commands.load_directory import SHIPPED
from referrals.models import SupportService
from referrals.services import (
    DistrictUnknown,
    ServiceKnown,
    ServiceRetired,
    add_service,
    change_service,
    load_directory,
    retire_service,
)
from tests.factories import NOW, DistrictFactory, SupportServiceFactory, UserFactory
from tests.participants.test_views import signed_in

SYSTEM = SystemActor("test", frozenset({Permission.KEEP_DIRECTORY}))
TEXT = SHIPPED.read_text(encoding="utf-8")
LATER = NOW + timedelta(days=1)
ONE = """
[[services]]
code = "casa"
kind = "shelter"
source = "Ejemplo"
telephone = "100"
name = { es = "Casa", en = "House" }
purpose = { es = "Refugio", en = "Shelter" }
hours = { es = "Siempre", en = "Always" }
for_whom = { es = "Mujeres", en = "Women" }
"""
TYPED = {
    "kind": "centre", "name_es": "CEM Ñaña", "name_en": "CEM Ñaña", "purpose_es": "Abogada", "purpose_en": "A lawyer",
    "for_whom_es": "Mujeres", "for_whom_en": "Women", "telephone": "01 419 7260", "hours_es": "Siempre",
    "hours_en": "Always", "address": "Jr. Lima 1", "source": "MIMP",
}  # fmt: skip


def entry(changes: str = "", code: str = "casa"):
    text = ONE.replace('"casa"', f'"{code}"') + changes
    return parse_directory(text, name="x.toml").services[0]


def test_shipped_directory_holds_every_service_that_the_study_promises():
    numbers = {service.code: (service.kind, service.telephone) for service in parse_directory(TEXT, name="x").services}
    assert numbers == {
        "linea_100": ("line", "100"),
        "cem": ("centre", "100"),
        "pnp_105": ("emergency", "105"),
        "salud_113": ("health", "113"),
        "samu_106": ("emergency", "106"),
        "chat_100": ("line", ""),
        "hogares_refugio": ("shelter", "100"),
        "defensa_publica": ("legal", "1884"),
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("services = [", "not valid TOML"),
        ("", "services"),
        (ONE.replace('"shelter"', '"hotel"'), "kind"),
        (ONE + 'address = "Jr. Lima 1"\n', "the address of a shelter is never written"),
        (ONE + ONE, "each code may stand once, twice: casa"),
        (ONE.replace('"100"', '"cien"'), "telephone"),
        (ONE.replace(', en = "House"', ""), "name.en"),
    ],
)
def test_bad_file_is_told_with_file_and_key(text, told):
    with pytest.raises(DirectoryFileError, match=told) as error:
        parse_directory(text, name="dir.toml")
    assert "dir.toml" in str(error.value)


@pytest.mark.django_db
def test_loading_adds_what_is_new_and_leaves_what_was_changed_or_retired():
    assert load_directory(by=SYSTEM, text=TEXT, name="x", now=NOW) == 8
    retire_service(by=SYSTEM, service=SupportService.objects.get(code="chat_100"), now=LATER)
    line = SupportService.objects.get(code="linea_100")
    change_service(by=SYSTEM, service=line, entry=entry(), now=LATER)

    assert load_directory(by=SYSTEM, text=TEXT + ONE, name="x", now=LATER) == 1

    assert SupportService.objects.filter(code="chat_100", retired_at=None).count() == 0
    assert SupportService.objects.get(code="linea_100", retired_at=None).name_es == "Casa"
    assert Event.objects.filter(action="referrals.load_directory").last().details == {"added": ["casa"]}


@pytest.mark.django_db
def test_change_keeps_the_version_before():
    before = SupportServiceFactory(code="casa")
    after = change_service(by=SYSTEM, service=before, entry=entry(code="otra"), now=LATER)
    before.refresh_from_db()
    assert (before.retired_at, after.valid_from, after.code) == (LATER, LATER, "casa")
    event = Event.objects.get(action="referrals.change_service")
    assert event.details == {"code": "casa", "before": before.pk}


@pytest.mark.django_db
def test_what_cannot_be_changed_is_refused_in_words():
    service = SupportServiceFactory(code="casa")
    with pytest.raises(ServiceKnown):
        add_service(by=SYSTEM, entry=entry(), now=NOW)
    with pytest.raises(DistrictUnknown):
        add_service(by=SYSTEM, entry=entry('ubigeo = "000000"\n', code="otra"), now=NOW)
    retire_service(by=SYSTEM, service=service, now=LATER)
    for change in (
        lambda: retire_service(by=SYSTEM, service=service, now=LATER),
        lambda: change_service(by=SYSTEM, service=service, entry=entry(), now=LATER),
    ):
        with pytest.raises(ServiceRetired):
            change()
    # once retired, the same may be offered again
    assert add_service(by=SYSTEM, entry=entry(), now=LATER).retired_at is None


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
def test_administrators_alone_keep_the_directory(role):
    user = UserFactory(role=role)
    with pytest.raises(PermissionMissing):
        load_directory(by=user, text=TEXT, name="x", now=NOW)
    with pytest.raises(PermissionMissing):
        add_service(by=user, entry=entry(), now=NOW)


@pytest.mark.django_db
def test_database_holds_no_address_of_a_shelter():
    with pytest.raises(IntegrityError, match="referrals_shelter_without_address"):
        SupportServiceFactory(kind="shelter", address="Jr. Lima 1")


@pytest.mark.django_db
def test_command_loads_the_shipped_directory_once_and_tells_a_bad_file(tmp_path, capsys):
    call_command("load_directory")
    call_command("load_directory")
    assert capsys.readouterr().out.split("\n")[:2] == [
        "8 services added; what is known already stays as it is.",
        "0 services added; what is known already stays as it is.",
    ]
    (tmp_path / "bad.toml").write_text("x = ")
    for file, told in (("bad.toml", "not valid TOML"), ("none.toml", "cannot be read")):
        with pytest.raises(CommandError, match=told):
            call_command("load_directory", str(tmp_path / file))


# --- Pages -----------------------------------------------------------------------------------------------------------


def test_help_page_puts_the_own_district_first_and_dials(care):
    SupportServiceFactory(code="pais", name_es="País")
    SupportServiceFactory(code="otro", name_es="Ajeno", district=DistrictFactory(name="Lejos"))
    SupportServiceFactory(code="mio", name_es="Mío", district=care.station.district, telephone="01 555 0100")
    SupportServiceFactory(code="viejo", name_es="Viejo", retired_at=NOW)
    page = signed_in(care.officer).get(reverse("help_directory")).content.decode()
    assert 'href="tel:015550100"' in page
    assert "Viejo" not in page
    assert page.index("Mío") < page.index("País") < page.index("Ajeno")


@pytest.mark.parametrize("who", ["supervisor", "officer", "interviewer"])
def test_help_page_opens_for_everyone_in_the_field_even_when_empty(care, who):
    page = signed_in(getattr(care, who)).get(reverse("help_directory")).content.decode()
    assert "Línea 100" in page
    assert reverse("service_add") not in page


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("help_directory", 4), ("service_list", 4)])
def test_number_of_queries_does_not_grow(care, django_assert_num_queries, name, queries, rows):
    for _row in range(rows):
        SupportServiceFactory(district=DistrictFactory())
    user = care.officer if name == "help_directory" else UserFactory(role=Role.ADMINISTRATOR)
    client = signed_in(user)
    with django_assert_num_queries(queries):
        client.get(reverse(name))


@pytest.fixture
def administrator(db):
    return UserFactory(role=Role.ADMINISTRATOR)


def test_administrator_adds_changes_and_retires_a_service(administrator):
    client, district = signed_in(administrator), DistrictFactory()
    client.post(reverse("service_add"), TYPED | {"district": district.pk})
    added = SupportService.objects.get()
    assert (added.code, added.district, added.written_by) == ("cem_nana", district, administrator)

    change = reverse("service_change", args=[added.pk])
    assert "01 419 7260" in client.get(change).content.decode()
    client.post(change, TYPED | {"telephone": "100"})
    changed = SupportService.objects.get(retired_at=None)
    assert (changed.telephone, changed.code, changed.district) == ("100", "cem_nana", None)
    assert client.get(change).status_code == 404

    client.post(reverse("service_retire", args=[changed.pk]))
    assert SupportService.objects.filter(retired_at=None).count() == 0
    page = client.post(reverse("service_retire", args=[changed.pk]), follow=True).content.decode()
    assert "mientras tanto" in page


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"telephone": "cien"}, "telephone"),
        ({"kind": "shelter"}, "address"),
        ({"name_es": "123"}, "name_es"),
        ({"name_en": ""}, "name_en"),
        ({"source": ""}, "source"),
        ({"district": "000000"}, "district"),
    ],
)
def test_bad_entry_is_told_and_what_was_typed_is_kept(administrator, changes, field):
    response = signed_in(administrator).post(reverse("service_add"), TYPED | changes)
    assert list(response.context["form"].errors) == [field]
    assert "Abogada" in response.content.decode()
    assert not SupportService.objects.exists()


def test_service_known_already_is_told_on_the_form(administrator):
    SupportServiceFactory(code="cem_nana")
    response = signed_in(administrator).post(reverse("service_add"), TYPED)
    assert "ya está en el directorio" in response.content.decode()
