"""The frame by pages: the dry run and what it writes, finding stations, frozen copies."""

import csv
import hashlib
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.roles import Role
from audit.models import Event
from stations.frame_file import read_frame
from stations.models import Station
from stations.services import freeze_frame
from tests.documents.test_tables import as_xlsx
from tests.factories import NOW, StationFactory, UserFactory
from tests.fixtures.study import DISTRICTS_FILE, STATIONS_FILE, SYSTEM

pytestmark = pytest.mark.django_db

STATIONS, DISTRICTS = STATIONS_FILE.read_bytes(), DISTRICTS_FILE.read_bytes()
CHANGED = STATIONS.replace(b",68,4,3,3", b",69,4,3,3", 1)
WRONG = STATIONS.replace(b",68,4,3,3", b",-68,x,3,3", 1)


@pytest.fixture
def administrator(client):
    user = UserFactory(role=Role.ADMINISTRATOR)
    client.force_login(user)
    client.cookies["idioma"] = "en"
    return user


def text(response) -> str:
    visible = re.sub(r'<input type="hidden"[^>]*>', "", response.content.decode())
    return " ".join(re.sub(r"<[^>]+>", " ", visible).replace("&nbsp;", " ").split())


def check(client, **sent):
    chosen = {
        name: SimpleUploadedFile(f"{name}.{'xlsx' if content.startswith(b'PK') else 'csv'}", content)
        if isinstance(content, bytes)
        else content
        for name, content in sent.items()
    }
    return client.post(reverse("frame_import"), chosen)


def sent_back(response) -> dict[str, str]:
    """Return what the page's hidden fields hold, as a browser would send it."""
    kept = {key: value for key, value in response.context["form"].kept.items() if key.endswith(("_text", "_name"))}
    plan = response.context.get("plan")
    return {**kept, **({"seen": plan.fingerprint} if plan else {})}


def test_dry_run_shows_every_fate_with_its_count(client, administrator, frame):
    lines = CHANGED.splitlines(keepends=True)
    response = check(
        client, stations=b"".join([lines[0], *lines[2:], b"9999,150101,Lima,Nueva,8,8,2,1\n"]), districts=DISTRICTS
    )
    shown = text(response)
    assert "Problems · 0 New · 1 Changed · 1 Not in the files: left as they are · 1 Unchanged · 154" in shown
    assert "9999 Nueva Station New" in shown
    changed = client.post(reverse("frame_import"), {**sent_back(response), "show": "changed.1"})
    assert "0406 Conde La Vega Station officers: 68 → 69" in text(changed)
    absent = client.post(reverse("frame_import"), {**sent_back(response), "show": "absent.1"})
    assert "0405 Alfonso Ugarte Station Not in the files: left as they are" in text(absent)


@pytest.mark.parametrize(
    ("page", "first", "last"),
    [("1", "150101", "0462"), ("2", "0463", "0511"), ("9", "0463", "0511"), ("x", "150101", "0462")],
)
def test_long_dry_run_is_shown_by_pages(client, administrator, frame, page, first, last):
    response = client.post(
        reverse("frame_import"),
        {**sent_back(check(client, stations=STATIONS, districts=DISTRICTS)), "show": f"unchanged.{page}"},
    )
    rows = response.context["rows"]
    assert (rows[0][0].code, rows[-1][0].code) == (first, last)


def test_wrong_rows_are_named_beside_the_right_ones(client, administrator, frame):
    response = check(client, stations=WRONG, districts=DISTRICTS)
    shown = text(response)
    assert "2 problems: nothing can be written until they are mended." in shown
    assert "3 stations.csv officers expected a whole number from 0, found &#x27;-68&#x27;" in shown
    assert "3 stations.csv officers_women expected a whole number from 0, found &#x27;x&#x27;" in shown
    assert "Problems · 2 New · 0 Changed · 0 Unchanged · 155" in shown
    assert "Write it" not in shown


def test_file_that_was_right_need_not_be_chosen_again(client, administrator, protocol):
    wrong = check(client, stations=WRONG, districts=DISTRICTS)
    assert "districts.csv has been read; choose a file only to replace it." in text(wrong)
    mended = check(client, **sent_back(wrong), stations=STATIONS)
    assert "New · 156" in text(mended)
    client.post(reverse("frame_confirm"), sent_back(mended))
    assert Station.objects.count() == 113


def test_forgotten_file_is_asked_for_and_the_other_kept(client, administrator, protocol):
    response = check(client, stations=STATIONS)
    assert response.context["form"].errors == {"districts": ["Choose the file."]}
    assert "stations.csv has been read" in text(response)
    assert "New · 156" in text(check(client, **sent_back(response), districts=DISTRICTS))


def test_workbook_is_kept_as_its_csv(client, administrator, protocol):
    content = as_xlsx([line.split(",") for line in STATIONS.decode().splitlines()])
    response = check(client, stations=content, districts=DISTRICTS)
    assert sent_back(response)["stations_name"] == "stations.xlsx"
    confirmed = client.post(reverse("frame_confirm"), sent_back(response), follow=True)
    assert "The frame is up to date." in text(confirmed)
    assert Station.objects.count() == 113


def test_browser_that_sends_other_line_ends_writes_what_it_showed(client, administrator, protocol):
    sent = sent_back(check(client, stations=STATIONS, districts=DISTRICTS))
    response = client.post(reverse("frame_confirm"), {key: value.replace("\n", "\r\n") for key, value in sent.items()})
    assert response.url == reverse("frame")


@pytest.mark.parametrize(("size", "is_refused"), [(512 * 1024, False), (512 * 1024 + 1, True)])
def test_file_larger_than_a_frame_is_refused(client, administrator, protocol, size, is_refused):
    response = check(client, stations=STATIONS + b"\n" * (size - len(STATIONS)), districts=DISTRICTS)
    assert ("The file is larger than 512 kB: that is no frame of stations." in text(response)) == is_refused


def test_frame_that_changed_meanwhile_is_shown_again(client, administrator, frame):
    shown = check(client, stations=CHANGED, districts=DISTRICTS)
    Station.objects.filter(code="0406").update(officers=67)
    again = client.post(reverse("frame_confirm"), sent_back(shown))
    assert "The stored frame has changed since you checked the files. Nothing was written; look again." in text(again)
    assert "officers: 67 → 69" in text(again)
    client.post(reverse("frame_confirm"), sent_back(again))
    assert Station.objects.get(code="0406").officers == 69


def test_confirming_wrong_files_shows_what_is_wrong(client, administrator, frame):
    response = client.post(reverse("frame_confirm"), sent_back(check(client, stations=WRONG, districts=DISTRICTS)))
    assert "2 problems" in text(response)
    assert client.post(reverse("frame_confirm"), {}).url == reverse("frame_import")


def test_locked_frame_says_so(client, administrator, allocated):
    shown = check(client, stations=CHANGED, districts=DISTRICTS)
    assert "Write it" not in text(shown)
    response = client.post(reverse("frame_confirm"), sent_back(shown))
    assert "An allocation is locked: the frame it was drawn from cannot change any more." in text(response)
    assert Station.objects.get(code="0406").officers == 68


# --- The list --------------------------------------------------------------------------------------------------------


def test_page_counts_who_was_assessed_excluded_and_eligible(client, administrator, frame):
    shown = text(client.get(reverse("frame")))
    assert "113 stations assessed 9 excluded 104 eligible 16 to be drawn" in shown
    assert (
        "Excluded, each station once: Too few officers (5); No officer for family matters (3); "
        "Too few officers + No officer for family matters (1)."
    ) in shown
    assert "All · 113 Eligible · 104 Too few officers · 6 No officer for family matters · 4" in shown


def test_station_is_found_and_filtered(client, administrator, frame):
    found = client.get(reverse("frame"), {"buscar": "cotabambas"})
    assert "0407 Cotabambas (Lima) Lima 96 0 – No: No officer for family matters" in text(found)
    assert "All · 1 Eligible · 0" in text(found)
    assert "No station found" in text(client.get(reverse("frame"), {"buscar": "cotabambas", "ver": "eligible"}))
    assert client.get(reverse("frame"), {"ver": "nothing"}).context["page"].paginator.count == 113


def test_pages_keep_what_was_looked_for(client, administrator, frame):
    response = client.get(reverse("frame"), {"ver": "eligible", "buscar": "0"})
    assert 'href="?ver=eligible&amp;buscar=0&amp;page=2"' in response.content.decode()
    assert len(client.get(reverse("frame"), {"ver": "eligible", "buscar": "0", "page": 2}).context["page"]) == 4


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_stations_takes_as_many_queries_for_three_as_for_one(
    client, administrator, protocol, count, django_assert_num_queries
):
    for _ in range(count):
        StationFactory()
        freeze_frame(by=SYSTEM, now=NOW)
    with django_assert_num_queries(7):  # session, person, protocol twice, stations, frozen frames, locked draw
        client.get(reverse("frame"))


# --- Frozen copies ---------------------------------------------------------------------------------------------------


def test_frozen_copy_has_the_hash_that_the_page_shows(client, administrator, allocated):
    frozen = allocated.frame
    shown = text(client.get(reverse("frame")))
    assert (
        f"{frozen.sha256} Frozen 18 Nov 2026, 10:00 · 113 stations · 1 draw JSON stations (CSV) districts (CSV)"
        in shown
    )
    taken = client.get(reverse("frame_download", args=[frozen.pk, "whole"]))
    assert hashlib.sha256(taken.content).hexdigest() == frozen.sha256
    assert taken["Content-Disposition"] == f'attachment; filename="frame-{frozen.sha256[:12]}-frame.json"'
    assert Event.objects.latest("id").details == {"part": "whole"}


def test_frozen_copy_can_be_imported_as_it_is(client, administrator, frame):
    frozen = freeze_frame(by=SYSTEM, now=NOW)
    parts = {
        part: client.get(reverse("frame_download", args=[frozen.pk, part])).content
        for part in ("stations", "districts")
    }
    stations, districts = read_frame(**parts, stations_name="s", districts_name="d")
    assert next(csv.reader(io.StringIO(parts["stations"].decode())))[-1] == "ipv_reports"
    assert (len(stations), sorted(districts, key=lambda row: row.ubigeo)) == (113, frame[1])


def test_part_that_does_not_exist_is_not_found(client, administrator, frame):
    frozen = freeze_frame(by=SYSTEM, now=NOW)
    assert client.get(reverse("frame_download", args=[frozen.pk, "arms"])).status_code == 404
    assert client.get(reverse("frame_download", args=[frozen.pk + 1, "whole"])).status_code == 404


def test_statistician_takes_a_frozen_copy_and_imports_nothing(client, allocated):
    client.force_login(UserFactory(role=Role.STATISTICIAN))
    taken = client.get(reverse("frame_download", args=[allocated.frame.pk, "stations"]))
    assert taken.content.startswith(b"code,ubigeo,district,name,officers")
    assert client.get(reverse("frame_import")).status_code == 403
