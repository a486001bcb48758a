"""The phone in other hands, left in a hurry, closed from afar, older than its pages: nothing readable, nothing lost."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from accounts.roles import Role
from audit.models import Event
from data_protection.services import report_lost_phone
from risk.models import Assessment
from simulation.team import DEMO_PASSWORD
from tests.browser.conftest import TwoStations, sign_in
from tests.browser.phones import (
    Line,
    give_pin,
    kept,
    line_to,
    log_met,
    phone_at,
    set_up,
    sign_in_again,
)
from tests.browser.test_phone_story import code, expect_nothing_waits, expect_receipts, expect_waiting, visit_on
from tests.factories import UserFactory
from tests.fixtures.browser import assert_accessible
from visits.models import VisitLog

pytestmark = pytest.mark.browser
STORES = ["meta", "days", "queue", "drafts"]


@pytest.fixture
def line(web_server: str) -> Iterator[Line]:
    with line_to(web_server) as line:
        yield line


def what_is_stored(page: Page) -> dict[str, int]:
    """Return how many entries each store of the phone has."""
    return page.evaluate(
        """async (names) => {
            const result = (request) => new Promise((done) => { request.onsuccess = () => done(request.result); });
            const database = await result(indexedDB.open("agenda"));
            const count = (name) => result(database.transaction(name).objectStore(name).count());
            const counts = await Promise.all(names.map(async (name) => [name, await count(name)]));
            database.close();
            return Object.fromEntries(counts);
        }""",
        STORES,
    )


@pytest.mark.requirement("F22")
def test_five_wrong_pins_delete_the_cards_and_what_was_unsent_comes_back_under_a_new_one(
    two_stations: TwoStations, chromium: Browser, line: Line, tmp_path: Path
):
    # given a phone with a log and a draft that were not sent
    sent, begun = visit_on(two_stations.by_risk), visit_on(two_stations.by_risk)
    with phone_at(chromium, line, tmp_path / "phone") as page:
        set_up(page)
        kept(page)
        line.is_cut = True
        log_met(page, code(sent))
        page.locator(".item-card", has_text=code(begun)).click()
        page.get_by_role("button", name="A solas: registrar la visita").click()
        page.locator("#id_note").fill("hasta aquí")
        expect(page.get_by_text("Guardado en este teléfono")).to_be_visible()
        # when somebody tries five PINs, closing the page in between
        for n in range(5):
            page.goto("/telefono/")
            give_pin(page, f"24681{n}")
            said = f"Quedan {4 - n} intentos" if n < 3 else "Queda un intento" if n == 3 else "Se borraron las tarjetas"
            expect(page.get_by_text(said).first).to_be_visible()
        # then the days are gone, and what was unsent waits sealed
        assert what_is_stored(page) == {"meta": 2, "days": 0, "queue": 1, "drafts": 1}
        assert_accessible(page)
        # and once she signs in with a signal and chooses a new PIN, both are there again, and the log arrives
        line.is_cut = False
        page.goto("/telefono/")
        expect(page.get_by_role("heading", name="Entrar")).to_be_visible()
        set_up(page, pin="975310")
        expect(page.get_by_role("status").filter(has_text="sin terminar")).to_be_visible()
        expect_nothing_waits(page)
        page.locator(".item-card", has_text=code(begun)).click()
        page.get_by_role("button", name="Seguir con el registro").click()
        expect(page.locator("#id_note")).to_have_value("hasta aquí")
    assert VisitLog.objects.get().visit_id == sent.pk
    assert Event.objects.filter(action__startswith="phone.").exclude(action="phone.give_cards").exists()


@pytest.mark.requirement("N5")
def test_exit_leads_to_a_harmless_page_and_the_pin_leads_back(
    two_stations: TwoStations, chromium: Browser, line: Line, tmp_path: Path
):
    # given a log that she is writing without a signal
    visit = visit_on(two_stations.by_risk)
    with phone_at(chromium, line, tmp_path / "phone") as page:
        set_up(page)
        kept(page)
        page.locator(".item-card", has_text=code(visit)).click()
        page.get_by_role("button", name="No hablé con ella").click()
        page.locator("#id_outcome_nobody_home").check()
        page.context.set_offline(True)
        line.is_cut = True
        # when she leaves by Shift three times
        for _n in range(3):
            page.keyboard.press("Shift")
        # then there is a calendar, and nothing of hers
        expect(page.locator(".calendar")).to_be_visible()
        expect(page.get_by_text(code(visit))).to_have_count(0)
        assert "Agenda" not in page.title()
        assert_accessible(page)
        # and today in it leads to the PIN, and the PIN to what she wrote
        page.locator("[aria-current=date]").click()
        give_pin(page)
        page.locator(".item-card", has_text=code(visit)).click()
        page.get_by_role("button", name="Seguir con el registro").click()
        expect(page.locator("#id_outcome_nobody_home")).to_be_checked()
        # and shaking the phone leads there as well, and back
        page.evaluate(SHAKE)
        expect(page.locator(".calendar")).to_be_visible()
        page.locator("[aria-current=date]").click()
        give_pin(page)
        # and with a signal the button leads away, and the session ends
        line.is_cut = False
        page.context.set_offline(False)
        page.get_by_role("link", name="Días").click()
        expect(page.get_by_text("Sin señal")).to_have_count(0)
        page.route(
            "https://www.senamhi.gob.pe/",
            lambda route: route.fulfill(body="<title>Clima</title>", content_type="text/html"),
        )
        page.get_by_role("link", name="Salir rápido").click()
        expect(page).to_have_title("Clima")
        page.goto("/visitas/")
        expect(page).to_have_url(re.compile("/entrar/"))


@pytest.mark.requirement("N5")
def test_exit_that_nobody_heard_ends_the_session_with_the_next_page(
    two_stations: TwoStations, chromium: Browser, line: Line, tmp_path: Path
):
    # given a telephone that was opened by its PIN without a signal, so that it holds no token of the server
    visit_on(two_stations.by_risk)
    with phone_at(chromium, line, tmp_path / "phone") as page:
        set_up(page)
        kept(page)
        line.is_cut = True
        page.goto("/telefono/")
        give_pin(page)
        expect(page.get_by_role("heading", name="Hoy", level=1)).to_be_visible()
        # when she leaves in a hurry
        page.context.set_offline(True)
        for _n in range(3):
            page.keyboard.press("Shift")
        expect(page.locator(".calendar")).to_be_visible()
        # then whoever opens any page of it, once there is a signal, finds nobody signed in
        line.is_cut = False
        page.context.set_offline(False)
        page.goto("/visitas/")
        expect(page).to_have_url(re.compile("/entrar/"))
    assert not Session.objects.exists()


def test_signing_out_warns_of_what_is_unsent_and_the_supervisor_brings_its_file_in(
    two_stations: TwoStations, chromium: Browser, line: Line, tmp_path: Path, desk: Page
):
    # given a log that cannot be sent
    visit = visit_on(two_stations.by_risk)
    with phone_at(chromium, line, tmp_path / "phone") as page:
        set_up(page)
        kept(page)
        line.is_cut = True
        log_met(page, code(visit))
        # when she wants to sign out
        page.get_by_role("link", name="Más").click()
        assert_accessible(page)
        page.get_by_role("button", name="Cerrar sesión").click()
        # then she is warned, and can save it as a sealed file
        expect(page.get_by_text("1 cosa que usted escribió no se envió")).to_be_visible()
        assert_accessible(page)
        with page.expect_download() as saving:
            page.get_by_role("button", name="Guardar como archivo sellado").click()
        file = tmp_path / "agenda.json"
        saving.value.save_as(file)
        assert code(visit) not in file.read_text()
        # and when she signs out all the same, only the sealed log stays
        page.get_by_role("button", name="Cerrar sesión igual").click()
        expect(page.get_by_text("está guardada y sellada")).to_be_visible()
        assert what_is_stored(page) == {"meta": 2, "days": 0, "queue": 1, "drafts": 0}
    # and the supervisor brings the file in
    sign_in(desk, "supervisora")
    desk.get_by_role("link", name="Visitas", exact=True).first.click()
    desk.get_by_role("link", name="Por decidir", exact=True).click()
    desk.get_by_role("link", name="Traer un archivo").click()
    desk.get_by_label("Archivo guardado").set_input_files(file)
    desk.get_by_role("button", name="Traer lo que contiene").click()
    expect(desk.get_by_role("status")).to_be_visible()
    assert VisitLog.objects.get().visit_id == visit.pk


@pytest.mark.requirement("N4")
def test_not_alone_covers_her_data_and_logs_that_she_broke_off(
    two_stations: TwoStations, chromium: Browser, line: Line, tmp_path: Path
):
    # given a visit at the door
    visit = visit_on(two_stations.by_risk)
    with phone_at(chromium, line, tmp_path / "phone") as page:
        set_up(page)
        kept(page)
        page.locator(".item-card", has_text=code(visit)).click()
        expect(page.get_by_text("Jr. Los Jilgueros 123")).to_be_visible()
        expect(page.get_by_text("lun, mar, mié, jue, vie, sáb, dom, 09:00")).to_be_visible()
        assert_accessible(page)
        # when somebody comes, one tap covers everything and logs it; a slip can be undone
        page.get_by_role("button", name="No a solas: interrumpir").click()
        expect(page.get_by_text("Sus datos están cubiertos")).to_be_visible()
        expect(page.get_by_text("Jr. Los Jilgueros 123")).to_have_count(0)
        assert_accessible(page)
        page.get_by_role("button", name="Deshacer").click()
        expect(page.get_by_text("Jr. Los Jilgueros 123")).to_be_visible()
        # and a finger that comes down twice logs it once
        page.get_by_role("button", name="No a solas: interrumpir").evaluate("(no) => { no.click(); no.click(); }")
        # then it stays covered, whoever opens the visit again, until she asks for it
        page.get_by_role("link", name="Días").click()
        page.locator(".item-card", has_text=code(visit)).click()
        expect(page.get_by_text("Sus datos están cubiertos")).to_be_visible()
        expect(page.get_by_text("Jr. Los Jilgueros 123")).to_have_count(0)
        page.get_by_role("button", name="Mostrarlos otra vez").click()
        expect(page.get_by_text("Jr. Los Jilgueros 123")).to_be_visible()
        # and once the moment is over, it is sent
        page.get_by_role("link", name="Días").click()
        expect_nothing_waits(page)
    log = VisitLog.objects.get()
    assert (log.outcome, log.reason, log.in_private) == ("aborted", "not_private", "no")


def test_refused_log_is_corrected_and_a_sheet_is_scored_without_signal(
    two_stations: TwoStations, chromium: Browser, line: Line, tmp_path: Path
):
    # given a log of a day before she joined, which only the server can know
    visit = visit_on(two_stations.by_risk)
    with phone_at(chromium, line, tmp_path / "phone") as page:
        set_up(page)
        kept(page)
        page.locator(".item-card", has_text=code(visit)).click()
        page.get_by_role("button", name="No hablé con ella").click()
        page.locator("#id_outcome_nobody_home").check()
        page.locator("#id_occurred_at").fill("2020-01-01T10:00")
        page.get_by_role("button", name="Guardar la visita").first.click()
        # when the server refuses it, she is told and corrects it
        expect(page.get_by_role("heading", name="Hoy", level=1)).to_be_visible()
        page.get_by_role("link", name=re.compile("Envíos")).click()
        expect(page.get_by_role("heading", name="Hoy", level=1)).to_have_count(0)
        page.locator("button.item-card", has_text="Por corregir").click()
        expect(page.get_by_text("El servidor no lo aceptó")).to_be_visible()
        expect(page.locator("#id_outcome_nobody_home")).to_be_checked()
        page.get_by_role("button", name="Guardar la visita").first.click()
        page.locator(".item-card", has_text=code(visit)).click()
        page.get_by_role("button", name="Corregir").click()
        assert_accessible(page)
        now = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
        page.locator("#id_occurred_at").fill(now)
        page.get_by_role("button", name="Guardar la visita").first.click()
        expect_nothing_waits(page)
        # and without a signal a sheet tells its score
        line.is_cut = True
        page.locator(".item-card", has_text=code(visit)).click()
        page.get_by_role("button", name="Llenar la ficha").click()
        expect(page.get_by_role("button", name="Guardar la ficha")).to_be_visible()
        for answer in page.locator("input[id^=id_item_][value=no]").all():
            if answer.is_visible():
                answer.check()
        expect(page.get_by_text("4 puntos")).to_be_visible()
        assert_accessible(page)
        page.get_by_role("button", name="Guardar la ficha").click()
        expect_waiting(page, 1)
        line.is_cut = False
        page.evaluate("window.dispatchEvent(new Event('online'))")
        expect_nothing_waits(page)
        expect_receipts(page, 2)
    assert VisitLog.objects.get().visit_id == visit.pk
    assert Assessment.objects.get(participant=visit.participant).score == 4


def test_store_of_the_version_before_is_taken_over_with_its_unsent_logs(
    two_stations: TwoStations, chromium: Browser, line: Line, tmp_path: Path
):
    # given a phone whose store is of the first version, with a log that was not sent
    visit = visit_on(two_stations.by_risk)
    with phone_at(chromium, line, tmp_path / "phone") as page:
        set_up(page)
        Session.objects.all().delete()
        log_met(page, code(visit))
        expect_waiting(page, 1)
        page.goto("/entrar/")
        page.evaluate(MAKE_FIRST_VERSION, STORES)
        # when the pages of today open it
        sign_in_again(page)
        # then the log arrives
        expect_nothing_waits(page)
        expect_receipts(page, 1)
    assert VisitLog.objects.get().visit_id == visit.pk


def test_phone_that_was_reported_lost_forgets_all_but_what_is_unsent(
    two_stations: TwoStations, chromium: Browser, line: Line, tmp_path: Path
):
    # given a phone with an unsent log that its officer reports lost from elsewhere
    visit = visit_on(two_stations.by_risk)
    officer = User.objects.get(username="oficial")
    with phone_at(chromium, line, tmp_path / "phone") as page:
        set_up(page)
        kept(page)
        line.is_cut = True
        log_met(page, code(visit))
        expect_waiting(page, 1)
        report_lost_phone(by=officer, user=officer, now=timezone.now())
        # when the phone reaches the server again
        line.is_cut = False
        page.evaluate("window.dispatchEvent(new Event('online'))")
        # then its cards are gone, and the log is kept sealed
        expect(page.get_by_role("heading", name="Este teléfono fue cerrado")).to_be_visible()
        assert_accessible(page)
        assert what_is_stored(page) == {"meta": 2, "days": 0, "queue": 1, "drafts": 0}
    assert VisitLog.objects.count() == 0


def test_door_asks_to_sign_in_and_says_whose_it_is_not(
    two_stations: TwoStations, chromium: Browser, line: Line, tmp_path: Path
):
    # given an account of somebody who visits nobody
    someone = UserFactory(username="investigadora", role=Role.RESEARCHER)
    someone.set_password(DEMO_PASSWORD)
    someone.save()
    with phone_at(chromium, line, tmp_path / "phone") as page:
        # when nobody is signed in, the door asks for it
        page.goto("/telefono/")
        expect(page.get_by_role("heading", name="Entrar")).to_be_visible()
        assert_accessible(page)
        # and when she is, it says that it is not for her
        page.goto("/entrar/?next=/telefono/")
        page.get_by_label("Usuario").fill("investigadora")
        page.get_by_label("Contraseña").fill(DEMO_PASSWORD)
        page.get_by_role("main").get_by_role("button", name="Entrar").click()
        expect(page.get_by_role("heading", name="No es para esta cuenta")).to_be_visible()
        assert_accessible(page)
        # and an officer chooses a PIN, which opens it from then on
        Session.objects.all().delete()
        set_up(page)
        page.get_by_role("link", name="Más").click()
        page.get_by_role("button", name="Bloquear").click()
        expect(page.get_by_label("PIN (seis dígitos)")).to_be_visible()
        assert_accessible(page)


SHAKE = """() => {
    for (const x of [12, -12, 12, -12, 12, -12]) {
        const accelerationIncludingGravity = { x, y: 0, z: 9.8 };
        window.dispatchEvent(new DeviceMotionEvent("devicemotion", { accelerationIncludingGravity }));
    }
}"""
MAKE_FIRST_VERSION = """async (names) => {
    const wait = (request) => new Promise((done, failed) => {
        request.onsuccess = () => done(request.result);
        request.onerror = () => failed(request.error);
    });
    const newer = await wait(indexedDB.open("agenda"));
    const held = await Promise.all(names.map((name) => wait(newer.transaction(name).objectStore(name).getAll())));
    newer.close();
    await wait(indexedDB.deleteDatabase("agenda"));
    const opening = indexedDB.open("agenda", 1);
    opening.onupgradeneeded = () => {
        for (const [name, keyPath] of [["meta", "name"], ["days", "user"], ["queue", "id"], ["drafts", "id"]]) {
            opening.result.createObjectStore(name, { keyPath });
        }
    };
    const first = await wait(opening);
    const writing = first.transaction(names, "readwrite");
    names.forEach((name, n) => held[n].forEach(({ kind: _kind, ...value }) => writing.objectStore(name).put(value)));
    await new Promise((done) => { writing.oncomplete = done; });
    first.close();
}"""
