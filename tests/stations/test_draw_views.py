"""The pages from a frame to a locked allocation, step by step, and who is kept out of them."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import BLINDED_ROLES, Role
from audit.models import Event
from protocol.services import load_protocol
from stations.models import Allocation, AllocationCheck, Commitment, Station
from stations.services import allocate_stations, commit_draw, import_frame
from tests.factories import NOW, PROTOCOL_FILE, TODAY, UserFactory
from tests.fixtures.study import SYSTEM, approved_by, frame_of_lima, revealed_draw

pytestmark = pytest.mark.django_db

SOURCE = "Lottery X, draw of 6 December 2026"
NUMBERS = {"public_draw": "03 11 42", "again": "03 11  42"}


def signed_in(role: Role) -> Client:
    client = Client()
    client.force_login(UserFactory(role=role))
    client.cookies["idioma"] = "en"
    return client


@pytest.fixture
def administrator():
    return signed_in(Role.ADMINISTRATOR)


@pytest.fixture
def statistician():
    return signed_in(Role.STATISTICIAN)


def text(response) -> str:
    return " ".join(response.content.decode().split())


def accepting(response) -> dict[str, object]:
    """Everything ticked, as the page offers it."""
    choices = response.context["form"].fields["accepted"].choices
    return {"compared": "on", "understood": "on", "accepted": [name for name, _label in choices]}


@pytest.mark.requirement("N16")
def test_promise_reveal_and_two_approvals_by_pages(frame, administrator, statistician):
    promised = administrator.post(reverse("commitment_create"), {"public_draw_source": SOURCE}, follow=True)
    commitment = Commitment.objects.get()
    assert commitment.sha256 in text(promised)
    assert bytes(commitment.nonce).hex() not in text(promised)
    address = reverse("commitment_detail", args=[commitment.pk])
    revealed = administrator.post(address, NUMBERS, follow=True)
    allocation = Allocation.objects.get()
    assert "0 of 2 people have approved" in text(revealed)
    approve = reverse("allocation_approve", args=[allocation.pk])
    first = administrator.post(approve, accepting(administrator.get(approve)), follow=True)
    assert "A second person must approve." in text(first)
    assert "1 of 2 people has approved" in text(first)
    second = statistician.post(approve, accepting(statistician.get(approve)), follow=True)
    assert "The allocation is locked." in text(second)
    assert text(second).count('<div class="item-title">Estación') == 16
    assert "Poverty in the district, 2018 (%)" in text(second)
    certificate = json.loads(administrator.get(reverse("allocation_certificate", args=[allocation.pk])).content)
    assert certificate == allocation.certificate
    assert Event.objects.filter(action="stations.download_certificate").count() == 1


@pytest.mark.requirement("N16")
def test_nobody_sees_the_arms_before_two_have_approved(frame, administrator, statistician):
    draft = revealed_draw()
    approved_by(UserFactory(role=Role.ADMINISTRATOR), draft)
    secrets = [
        draft.seed,
        bytes(draft.commitment.nonce).hex(),
        draft.certificate["sha256"],
        "Stations by arm",
        "arm-mark",
        "chart-dot",
    ]
    for client in (administrator, statistician):
        page = text(client.get(reverse("allocation_detail", args=[draft.pk])))
        assert "The arms are shown once both have." in page
        assert "Stations drawn" in page
        assert [secret for secret in secrets if secret in page] == []
        assert client.get(reverse("allocation_certificate", args=[draft.pk])).status_code == 403
    assert not Event.objects.filter(action="stations.download_certificate").exists()


def test_page_says_what_chance_had_to_choose_from_and_what_can_be_compared(frame, administrator):
    rehearsal = allocate_stations(by=SYSTEM, seed="7", now=NOW)
    response = administrator.get(reverse("allocation_detail", args=[rehearsal.pk]))
    page = text(response)
    assert "All 63,063,000 ways to give the arms were scored; the 6,306,312 best balanced were kept" in page
    assert "No two stations share an arm always or never" in page
    matrix = dict(response.context["constraint"].matrix)
    assert len(matrix) == 16
    assert {shares.count(None) for shares in matrix.values()} == {1}
    assert [sum(share or 0 for share in shares) for shares in matrix.values()] == pytest.approx([3.0] * 16)
    assert "Out of reach" in page
    assert "Within reach" in page
    assert "A rehearsal: it can never count." in page


def test_love_plot_has_a_dot_for_each_pair_of_arms_and_its_numbers_as_a_table(frame, administrator):
    rehearsal = allocate_stations(by=SYSTEM, seed="7", now=NOW)
    response = administrator.get(reverse("allocation_detail", args=[rehearsal.pk]))
    love, balance = response.context["love"], response.context["balance"]
    assert [len(row.dots) for row in love.plot.rows] == [6] * 6
    assert love.pairs[0] == "Training against Visits as usual"
    assert [max(numbers) for _label, numbers in love.rows] == pytest.approx([line.difference for line in balance])
    page = response.content.decode()
    assert page.count('<circle class="chart-dot') == 36
    assert page.count("is-largest") == 6
    assert "Differences between arms, by covariate" in page


def test_scores_of_all_assignments_are_drawn_with_the_cutoff_and_the_drawn_one(frame, administrator):
    rehearsal = allocate_stations(by=SYSTEM, seed="7", now=NOW)
    response = administrator.get(reverse("allocation_detail", args=[rehearsal.pk]))
    scores, constraint, page = response.context["scores"], response.context["constraint"], text(response)
    assert sum(count for _low, _high, count, _share in scores.rows) == 63_063_000
    assert sum(share for *_bin, share in scores.rows) == pytest.approx(100)
    assert constraint.least <= scores.drawn <= scores.cutoff
    assert f"kept: up to {scores.cutoff:.2f}" in page
    assert f"drawn: {scores.drawn:.2f}" in page
    assert response.content.decode().count('<rect class="chart-bar"') == len(scores.rows)


def test_method_without_scores_shows_none(frame, administrator):
    simple = PROTOCOL_FILE.read_text().replace('"constrained"\ncandidate_pct = 10', '"simple"')
    load_protocol(by=SYSTEM, text=simple.replace('version = "1"', 'version = "2"', 1), name="simple.toml", now=NOW)
    rehearsal = allocate_stations(by=SYSTEM, seed="7", now=NOW)
    response = administrator.get(reverse("allocation_detail", args=[rehearsal.pk]))
    assert response.context["scores"] is None
    assert "Balance score of all assignments" not in text(response)
    assert "Differences between arms, by covariate" in text(response)


def test_map_marks_each_drawn_station_in_its_district_by_arm(frame, administrator):
    rehearsal = allocate_stations(by=SYSTEM, seed="7", now=NOW)
    response = administrator.get(reverse("allocation_detail", args=[rehearsal.pk]))
    city, page = response.context["city"], response.content.decode()
    drawn = rehearsal.allocated.select_related("station__district")
    labels = dict(zip(["control", "training", "risk_scale", "both"], response.context["arm_labels"], strict=True))
    assert {(mark.name, symbol.label) for mark, symbol in city.marks} == {
        (station.study_code, labels[station.arm]) for station in drawn
    }
    assert len({symbol.path for symbol in city.legend}) == len({symbol.colour for symbol in city.legend}) == 4
    assert sorted((name, entry) for name, _population, entries in city.rows for entry in entries) == sorted(
        (station.station.district.name, f"{station.study_code} · {labels[station.arm]}") for station in drawn
    )
    assert len(city.rows) == page.count('class="chart-place"') == 43
    assert page.count('<path class="arm-mark') == 4 + 16
    assert "Names without room are in the table." in page


def test_map_follows_the_frozen_frame_when_a_station_moved_since(frame, administrator):
    rehearsal = allocate_stations(by=SYSTEM, seed="7", now=NOW)
    before = administrator.get(reverse("allocation_detail", args=[rehearsal.pk])).context["city"]
    Station.objects.update(district="150101")
    assert administrator.get(reverse("allocation_detail", args=[rehearsal.pk])).context["city"] == before


def test_draw_of_one_station_an_arm_is_shown_without_a_verdict(administrator):
    text_of_four = PROTOCOL_FILE.read_text().replace('"simple"\nstations = 16', '"simple"\nstations = 4')
    load_protocol(by=SYSTEM, text=text_of_four, name="four.toml", now=NOW)
    import_frame(by=SYSTEM, stations=(rows := frame_of_lima())[0], districts=rows[1])
    rehearsal = allocate_stations(by=SYSTEM, seed="7", now=NOW)
    page = text(administrator.get(reverse("allocation_detail", args=[rehearsal.pk])))
    assert "With one station an arm there is nothing to measure a difference against." in page
    assert "Differences between arms, by covariate" not in page
    assert rehearsal.certificate["candidates"]["assignments"] == 24


def test_numbers_that_differ_are_not_taken_and_what_was_typed_stays(frame, administrator):
    commitment = commit_draw(by=SYSTEM, public_draw_source=SOURCE, now=NOW)
    address = reverse("commitment_detail", args=[commitment.pk])
    answer = administrator.post(address, {"public_draw": "03 11 42", "again": "03 11 43"})
    assert "The two differ" in text(answer)
    assert 'value="03 11 42"' in text(answer)
    answer = administrator.post(address, {"public_draw": "1 2", "again": "1 2"})
    assert "Write the numbers that were drawn" in text(answer)
    assert not Allocation.objects.exists()


def test_approval_needs_every_box_ticked(frame, administrator):
    draft = revealed_draw()
    approve = reverse("allocation_approve", args=[draft.pk])
    ticked = accepting(administrator.get(approve))
    for lacking in ({"compared": ""}, {"understood": ""}, {"accepted": ticked["accepted"][1:]}):
        answer = administrator.post(approve, {**ticked, **lacking})
        assert answer.context["form"].errors
    assert not draft.approvals.exists()


def test_promise_is_given_up_with_a_reason_and_stays_on_the_list(frame, administrator):
    commitment = commit_draw(by=SYSTEM, public_draw_source=SOURCE, now=NOW)
    address = reverse("commitment_abandon", args=[commitment.pk])
    assert administrator.post(address, {"reason": ""}).context["form"].errors
    answer = administrator.post(address, {"reason": "The lottery was cancelled"}, follow=True)
    assert "Promises given up" in text(answer)
    assert "The lottery was cancelled" in text(answer)
    assert "Abandoned" in text(administrator.get(reverse("commitment_detail", args=[commitment.pk])))


def test_revealed_draw_is_put_aside_only_with_a_reason(frame, administrator):
    draft = revealed_draw()
    address = reverse("allocation_discard", args=[draft.pk])
    assert administrator.post(address, {"reason": ""}).context["form"].errors
    answer = administrator.post(address, {"reason": "A station closed meanwhile"}, follow=True)
    assert "It stays on record" in text(answer)
    assert "Discarded" in text(answer)


def test_rehearsal_is_put_aside_without_one(frame, administrator):
    rehearsal = allocate_stations(by=SYSTEM, seed="7", now=NOW)
    answer = administrator.post(reverse("allocation_discard", args=[rehearsal.pk]), follow=True)
    assert "It stays on record" in text(answer)


def test_seed_that_is_no_number_keeps_what_was_typed(frame, administrator):
    answer = administrator.post(reverse("allocation_list"), {"seed": "siete"})
    assert "The seed must be a whole number" in text(answer)
    assert 'value="siete"' in text(answer)


def test_second_promise_is_refused_with_what_was_typed(frame, administrator):
    commit_draw(by=SYSTEM, public_draw_source=SOURCE, now=NOW)
    answer = administrator.post(reverse("commitment_create"), {"public_draw_source": "Another"})
    assert Commitment.objects.count() == 1
    assert answer.status_code == 200
    assert "A draw was promised" in text(answer)


def test_lost_station_is_recorded_and_shown(allocated, administrator):
    drawn = allocated.allocated.get(study_number=3)
    address = reverse("station_loss")
    assert "lies in the future" in text(
        administrator.post(address, {"station": drawn.pk, "lost_on": "2999-01-01", "reason": "Closed"})
    )
    answer = administrator.post(
        address, {"station": drawn.pk, "lost_on": TODAY.isoformat(), "reason": "Merged"}, follow=True
    )
    assert "Merged" in text(answer)
    assert drawn not in administrator.get(address).context["form"].fields["station"].queryset


def test_alarm_stands_on_the_draw_and_on_the_overview(allocated, administrator):
    AllocationCheck.objects.create(checked_at=NOW, problem="the stored arms differ from the certificate")
    assert "Planning has stopped" in text(administrator.get(reverse("allocation_detail", args=[allocated.pk])))
    assert "No visit is planned until this is cleared up" in text(administrator.get(reverse("study_overview")))


@pytest.mark.requirement("N16")
def test_script_to_draw_again_is_given_out(administrator):
    answer = administrator.get(reverse("redraw_script"))
    assert b"".join(answer.streaming_content).startswith(b'"""Draw an allocation again from its certificate')


@pytest.mark.parametrize("role", sorted(BLINDED_ROLES))
@pytest.mark.parametrize(
    "page", ["frame", "allocation_list", "allocation_detail", "allocation_approve", "allocation_certificate"]
)
def test_blinded_roles_stay_outside(allocated, role, page):
    arguments = [allocated.pk] if page.startswith("allocation_") and page != "allocation_list" else []
    assert signed_in(role).get(reverse(page, args=arguments)).status_code == 403


def test_statistician_looks_and_approves_but_may_not_draw(frame, statistician):
    page = statistician.get(reverse("allocation_list"))
    assert (page.context["rehearsal"], page.context["commit"]) == (None, None)
    assert statistician.post(reverse("allocation_list"), {"seed": "7"}).status_code == 200
    assert statistician.post(reverse("commitment_create"), {"public_draw_source": SOURCE}).status_code == 403
    assert not Allocation.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_draws_takes_as_many_queries_for_three_as_for_one(
    administrator, frame, count, django_assert_num_queries
):
    for seed in range(count):
        allocate_stations(by=SYSTEM, seed=str(seed), now=NOW)
    with django_assert_num_queries(7):  # session, person, locked, promised, protocol, draws, abandoned
        administrator.get(reverse("allocation_list"))


def test_page_of_a_draw_takes_a_constant_number_of_queries(administrator, allocated, django_assert_num_queries):
    administrator.get(reverse("allocation_detail", args=[allocated.pk]))
    with django_assert_num_queries(9):  # session, person, draw, sample, approvals, locked, draws, check, stations
        administrator.get(reverse("allocation_detail", args=[allocated.pk]))
