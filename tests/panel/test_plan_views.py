"""The pages of the plan and of unblinding, and the command that brings a plan."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.roles import Role
from panel import queries, services
from panel.models import PlanVersion, Unblinding
from tests.factories import NOW, ProtocolVersionFactory, UserFactory
from tests.panel.planning import AMENDED, SHIPPED, administrator, asked, locked_plan, proposed, statistician, stored
from tests.panel.test_analysis_plan import FILE
from tests.panel.test_unblinding import open_survey

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def protocol(db):
    ProtocolVersionFactory()


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["idioma"] = "en"
    return client


def page(user, name, **where) -> str:
    return signed_in(user).get(reverse(name, kwargs=where)).content.decode()


def post(user, name, data=None, **where):
    return signed_in(user).post(reverse(name, kwargs=where), data or {}, follow=True).content.decode()


def upload(user, content, **more) -> str:
    return post(user, "plan_upload", {"file": SimpleUploadedFile("plan.toml", content), **more})


def test_without_a_plan_the_list_says_what_one_is():
    content = page(statistician(), "plan_list")
    assert content.count("empty-title") == 1
    assert reverse("plan_upload") in content
    assert "No plan is locked." in content


def test_plan_is_brought_and_read_in_plain_words():
    content = upload(UserFactory(role=Role.RESEARCHER), SHIPPED)
    assert "Stored as a draft." in content
    for told in (
        "Psychological aggression", "asked in the survey", "counted in records", "Romano and Wolf", "the primary one",
        "Lee&#x27;s bounds", "Level of the first form", PlanVersion.objects.get().sha256,
    ):  # fmt: skip
        assert told in content
    assert "Propose this version" not in content


def test_what_does_not_hold_is_listed_line_by_line_and_nothing_is_stored():
    wrong = SHIPPED.replace(b"alpha = 0.05", b"alpha = 0.7").replace(b'base = "0"\n', b"")
    content = upload(statistician(), wrong)
    assert "plan.toml: alpha: expected a number below 0.5, found 0.7" in content
    assert "plan.toml: base: missing; the file must say it" in content
    assert not PlanVersion.objects.exists()


def test_amendment_without_a_reason_is_told_beside_the_field():
    locked_plan()
    assert "This field is required." in upload(statistician(), AMENDED)
    assert "Stored as a draft." in upload(statistician(), AMENDED, reason="A better name")


def test_file_comes_back_byte_for_byte():
    kept = stored()
    response = signed_in(UserFactory(role=Role.ETHICS_BOARD)).get(reverse("plan_file", args=[kept.pk]))
    assert response.content == SHIPPED
    assert response["Content-Disposition"] == 'attachment; filename="plan-1.toml"'


def test_statistician_proposes_and_the_administrator_locks():
    first, second = statistician(), administrator()
    kept = stored(first)
    assert "Somebody else locks it." in post(first, "plan_propose", plan_id=kept.pk)
    assert "Lock it…" not in page(first, "plan_detail", plan_id=kept.pk)
    assert "Lock it…" in page(second, "plan_detail", plan_id=kept.pk)
    assert "This field is required." in post(second, "plan_lock", {"lock": "1"}, plan_id=kept.pk)
    agreed = {"read": "on", "understood": "on"}
    assert "You proposed this plan" in post(first, "plan_lock", agreed, plan_id=kept.pk)
    assert "Nobody can change it any more." in post(second, "plan_lock", agreed, plan_id=kept.pk)
    assert "This version counts." in page(first, "plan_detail", plan_id=kept.pk)
    assert f"Version {kept.version} counts." in page(UserFactory(role=Role.RESEARCHER), "plan_list")
    assert "not where it was" in post(second, "plan_call_off", plan_id=kept.pk)


def test_either_calls_a_proposal_off():
    who = statistician()
    waiting = proposed(who)
    assert "It is a draft again." in post(who, "plan_call_off", plan_id=waiting.pk)


@pytest.mark.parametrize("rows", [1, 3])
def test_list_costs_the_same_queries_for_any_number(django_assert_num_queries, rows):
    who = statistician()
    for _ in range(rows):
        stored(who)
    client = signed_in(who)
    client.get(reverse("plan_list"))
    with django_assert_num_queries(5):
        client.get(reverse("plan_list"))


@pytest.mark.parametrize("roles", [(Role.STATISTICIAN, Role.ADMINISTRATOR), (Role.ADMINISTRATOR, Role.STATISTICIAN)])
def test_unblinding_from_asking_to_the_names(small_study, roles):
    plan = locked_plan()
    open_survey(until=NOW.date().replace(year=NOW.year + 10))
    asker, second = (UserFactory(role=role) for role in roles)
    assert "Follow-up is not over" in page(asker, "unblinding_page")
    refused = post(asker, "unblinding_ask", {"reason": "Paper one"})
    assert "Paper one" in refused
    assert "This field is required." in refused
    post(asker, "unblinding_ask", {"reason": "Paper one", "early_reason": "The board stopped the study"})
    assert "of another role than whoever asked" in page(asker, "unblinding_page")
    shown = {"request": queries.open_request().pk, "understood": "on"}
    mistyped = post(second, "unblinding_approve", {"typed_hash": "00000000", **shown})
    assert "This is not how the hash" in mistyped
    assert "Group 1:" not in page(second, "unblinding_page")
    done = post(second, "unblinding_approve", {"typed_hash": plan.sha256[:8], **shown})
    assert "Which group is which" in done
    assert "Group 1: Training" in done
    researcher, board = UserFactory(role=Role.RESEARCHER), UserFactory(role=Role.ETHICS_BOARD)
    assert "Group 1: Training" in page(researcher, "unblinding_page")
    assert "Your role goes on without the names." in page(board, "unblinding_page")
    assert queries.is_unblinded()


def test_call_off_stays_on_the_page():
    locked_plan()
    who = statistician()
    asked(who, reason="Too soon after all")
    shown = {"request": queries.open_request().pk}
    assert "Nothing was named." in post(administrator(), "unblinding_call_off", shown)
    assert "Too soon after all" in page(who, "unblinding_page")
    for again in (shown, {}, {"request": "x"}):
        assert "is not waiting any more" in post(who, "unblinding_call_off", again)
    assert Unblinding.objects.get().state == "called_off"


def test_nobody_approves_or_calls_off_a_request_that_her_page_did_not_show():
    plan, who, second = locked_plan(), statistician(), administrator()
    seen = {"request": asked(who).pk, "typed_hash": plan.sha256[:8], "understood": "on"}
    services.call_off_unblinding(by=who, request=queries.open_request(), now=NOW)
    asked(who, reason="Another reason altogether")
    for act in ("unblinding_approve", "unblinding_call_off"):
        content = post(second, act, seen)
        assert "is not waiting any more" in content
        assert "Another reason altogether" in content
    assert queries.open_request() is not None
    assert not queries.is_unblinded()


def test_what_is_refused_is_said_where_its_form_is_gone():
    plan, who = locked_plan(), statistician()
    asked(who)
    other = statistician()
    assert "Somebody asked for it already" in post(other, "unblinding_ask", {"reason": "Paper two"})
    seen = {"request": queries.open_request().pk, "typed_hash": plan.sha256[:8], "understood": "on"}
    assert "of another role than whoever asked" in post(other, "unblinding_approve", seen)
    locked_plan(source=AMENDED, reason="A better name")
    content = page(administrator(), "unblinding_page")
    assert "A later version of the plan was locked since" in content
    assert "typed_hash" not in content


def test_no_plan_no_form():
    assert reverse("unblinding_ask") not in page(statistician(), "unblinding_page")
    assert "No plan is locked." in post(statistician(), "unblinding_ask", {"reason": "Paper one"})


def test_command_stores_a_draft(capsys):
    call_command("load_plan", str(FILE), "--by", statistician().username)
    kept = PlanVersion.objects.get()
    assert capsys.readouterr().out == f"Plan, version 1: stored as a draft (SHA-256 {kept.sha256}).\n"


@pytest.mark.parametrize(
    ("name", "content", "by", "sentence"),
    [
        ("plan.toml", SHIPPED, "nobody", "nobody: there is no such account"),
        ("gone.toml", None, "estadistica", "gone.toml: No such file or directory"),
        ("plan.toml", b"alpha =\nx", "estadistica", "plan.toml: line 1, column 8: expected TOML 1.0"),
        ("plan.toml", SHIPPED, "oficial", "Your role does not allow this."),
    ],
)
def test_command_answers_bad_input_with_a_line(tmp_path, name, content, by, sentence):
    UserFactory(username="estadistica", role=Role.STATISTICIAN)
    UserFactory(username="oficial", role=Role.OFFICER)
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with translation.override("en"), pytest.raises(CommandError) as refused:
        call_command("load_plan", str(tmp_path / name), "--by", by)
    assert str(refused.value).removeprefix(f"{tmp_path}/") == sentence
    assert refused.value.returncode == 2
