"""The data for programs: by a key or in a session, by pages or whole, never more than the role and the key allow."""

import csv
import io
import json
from datetime import timedelta

import polars as pl
import pyreadstat
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Token
from accounts.roles import Role
from accounts.services import end_token, make_token
from accounts.tokens import TokenScope
from audit.models import Event
from panel.api.answers import FilePart
from panel.queries import datasets, rows_page
from panel.row_pages import KEYS
from panel.tables import find
from tests.factories import UserFactory

ADDRESSES = ("dataset_api_list", "dataset_api_detail", "dataset_api_rows")


def with_key(role=Role.RESEARCHER, scopes=(TokenScope.DATASETS,), user=None) -> Client:
    user = user or UserFactory(role=role)
    _token, text = make_token(by=user, purpose="Report", scopes=scopes, days=7, now=timezone.now())
    return Client(headers={"Authorization": f"Bearer {text}"})


def in_session(user=None) -> Client:
    client = Client()
    client.force_login(user or UserFactory(role=Role.RESEARCHER), backend="django.contrib.auth.backends.ModelBackend")
    return client


def address(name, dataset="panel_wave") -> str:
    return reverse(name) if name == "dataset_api_list" else reverse(name, args=[dataset])


def rows_url(dataset="panel_wave") -> str:
    return address("dataset_api_rows", dataset)


def whole(response) -> bytes:
    """Read a file to its end, which closes it, too."""
    return b"".join(response.streaming_content)


def all_pages(client, first) -> list[dict]:
    rows, url = [], first
    while url:
        answer = client.get(url)
        assert answer.status_code == 200, answer.content
        rows += answer.json()["rows"]
        url = answer.json()["next"]
    return rows


@pytest.mark.requirement("F47", "F45")
def test_a_program_finds_the_data_sets_and_their_codebooks(small_study):
    client = with_key()
    listed = client.get(address("dataset_api_list")).json()
    assert [found["name"] for found in listed] == [dataset.name for dataset in datasets(reads_arm=False)]
    described = client.get(listed[0]["url"]).json()
    first = client.get(listed[0]["rows_url"]).json()["rows"][0]
    assert [column["name"] for column in described["columns"]] == list(first)
    assert len(first) == listed[0]["columns"]
    by_name = {column["name"]: column for column in described["columns"]}
    assert by_name["survey_status"]["values"][0]["meaning"].keys() == {"es", "en"}
    actions = list(Event.objects.filter(action__startswith="panel.").order_by("pk").values_list("action", flat=True))
    assert actions == ["panel.read_codebook", "panel.read_rows"]


@pytest.mark.requirement("F37")
@pytest.mark.parametrize(("role", "arms"), [(Role.RESEARCHER, False), (Role.STATISTICIAN, True)])
def test_a_key_reads_the_arm_only_where_its_owner_may(small_study, role, arms):
    client = with_key(role)
    names = {found["name"] for found in client.get(address("dataset_api_list")).json()}
    row = client.get(rows_url()).json()["rows"][0]
    said = client.get(address("dataset_api_detail")).content.decode()
    assert ("training" in names, "training" in row, '"training"' in said) == (arms, arms, arms)
    assert client.get(rows_url("training")).status_code == (200 if arms else 404)


def test_every_data_set_has_a_key_that_no_two_rows_share(small_study):
    client = with_key(Role.STATISTICIAN)
    for dataset in datasets(reads_arm=True):
        assert dataset.name in KEYS, f"{dataset.name}: say in panel/row_pages.py what no two of its rows share"
        rows = all_pages(client, f"{rows_url(dataset.name)}?limit=10000")
        keys = [tuple(row[part] for part in KEYS[dataset.name]) for row in rows]
        assert len(set(keys)) == len(keys) > 0, dataset.name


@pytest.mark.requirement("F47")
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    limit=st.integers(1, 150),
    low=st.integers(-1, 5) | st.none(),
    high=st.integers(-1, 5) | st.none(),
    stations=st.lists(st.sampled_from("ABCDX"), max_size=3),
)
def test_pages_hold_what_was_asked_for_each_row_once_in_order(small_study, limit, low, high, stations):
    client = in_session()
    every = client.get(rows_url(), {"limit": 10_000}).json()["rows"]
    wanted = [
        row for row in every
        if (low is None or row["wave"] >= low) and (high is None or row["wave"] <= high)
        and (not stations or row["station"] in stations)
    ]  # fmt: skip
    asked = {"limit": limit, "station": stations} | {
        part: value for part, value in (("wave__gte", low), ("wave__lte", high)) if value is not None
    }
    query = Client().get("/", asked).wsgi_request.GET.urlencode()
    assert all_pages(client, f"{rows_url()}?{query}") == wanted


@pytest.mark.requirement("F47")
@pytest.mark.parametrize("dataset", sorted(KEYS))
@pytest.mark.parametrize("limit", [1, 7, 60])
def test_pages_of_every_data_set_hold_each_row_once_in_order(small_study, dataset, limit):
    client = with_key(Role.STATISTICIAN)
    rows = client.get(rows_url(dataset), {"limit": 10_000}).json()["rows"][: 3 * limit + 1]
    found, url = [], f"{rows_url(dataset)}?limit={limit}"
    while url and len(found) < len(rows):
        answer = client.get(url).json()
        found, url = found + answer["rows"], answer["next"]
    assert found[: len(rows)] == rows


@pytest.mark.requirement("F47")
@pytest.mark.parametrize(
    ("dataset", "asked"),
    [
        ("participants", {"status": ["moved"]}),
        ("participants", {"surveys_done__gte": ["4"]}),
        ("visits", {"status": ["missed", "done"], "number__gte": ["9"]}),
        ("risk", {"level": ["3"]}),
        ("surveys", {"wave": ["4"], "physical": ["1"]}),
        ("panel_month", {"month": ["11"], "has_left": ["1"]}),
        ("stations", {"station": ["C"]}),
    ],
)
def test_filters_that_leave_few_rows_find_them_all(small_study, dataset, asked):
    client = with_key(Role.STATISTICIAN)
    every = client.get(rows_url(dataset), {"limit": 10_000}).json()["rows"]
    wanted = [row for row in every if all(holds(row, part, values) for part, values in asked.items())]
    query = Client().get("/", {**asked, "limit": 2}).wsgi_request.GET.urlencode()
    assert all_pages(client, f"{rows_url(dataset)}?{query}") == wanted
    assert wanted


def holds(row, part, values) -> bool:
    name, _, operator = part.partition("__")
    if operator == "gte":
        return row[name] is not None and row[name] >= int(values[0])
    return str(row[name]) in values


@pytest.mark.requirement("F47")
def test_rows_of_one_woman_are_found_by_her_code(small_study):
    client = with_key(Role.STATISTICIAN)
    every = client.get(rows_url("visits"), {"limit": 10_000}).json()["rows"]
    codes = sorted({row["woman"] for row in every})
    asked = {"woman": [codes[7], codes[2], "W0"], "limit": 3}
    query = Client().get("/", asked).wsgi_request.GET.urlencode()
    assert all_pages(client, f"{rows_url('visits')}?{query}") == [
        row for row in every if row["woman"] in (codes[2], codes[7])
    ]


@pytest.mark.requirement("F47")
def test_a_page_makes_the_rows_of_its_own_women_alone(small_study):
    dataset, today = find(datasets(reads_arm=True), "visits"), timezone.localdate()
    with CaptureQueriesContext(connection) as asked:
        names, rows = rows_page(dataset, filters=[], after=None, limit=40, today=today, reads_arm=True)
    statements = [query["sql"] for query in asked.captured_queries]
    chosen = [one for one in statements if "ORDER BY w.woman LIMIT" in one]
    made = [one for one in statements if one.startswith("SELECT r.* FROM")]
    # Not every woman has twelve visits: four times as many women are asked for until the page is full.
    limits = [int(one.rsplit("LIMIT ", 1)[1]) for one in chosen]
    assert limits == [3 * 4**number for number in range(len(limits))]
    assert [one.count("NULL::bigint[]") for one in made] == [0] * len(limits)
    assert (len(rows), len(limits) <= 3) == (40, True)
    assert len({row[names.index("woman")] for row in rows}) <= sum(limits)


@pytest.mark.requirement("F47")
def test_the_whole_as_csv_is_what_the_page_gives(small_study):
    user = UserFactory(role=Role.RESEARCHER)
    by_program = with_key(user=user).get(rows_url(), headers={"Accept": "text/csv"})
    by_page = in_session(user).get(reverse("dataset_download", args=["panel_wave"]))
    content = whole(by_program)
    assert content == whole(by_page)
    assert len(list(csv.DictReader(io.StringIO(content.decode())))) == 110
    event = Event.objects.get(action="panel.read_file")
    said = {name: event.details[name] for name in ("rows", "form", "key")}
    assert (event.actor, said) == (user.audit_name, {"rows": 110, "form": "csv", "key": Token.objects.get().pk})


@pytest.mark.parametrize(
    ("accept", "read"),
    [
        ("application/vnd.apache.parquet", lambda file: pl.read_parquet(file).height),
        ("application/x-stata-dta", lambda file: pyreadstat.read_dta(file)[1].number_rows),
        ("application/x-spss-sav", lambda file: pyreadstat.read_sav(file)[1].number_rows),
    ],
)
def test_the_whole_comes_in_every_form(small_study, tmp_path, accept, read):
    answer = with_key().get(rows_url(), headers={"Accept": accept})
    file = tmp_path / "file"
    file.write_bytes(whole(answer))
    assert (answer["Content-Type"], read(file)) == (accept, 110)


@pytest.mark.parametrize("accept", ["application/json", "text/csv"])
def test_what_did_not_change_is_not_sent_again(small_study, accept):
    client, headers = with_key(), {"Accept": accept}
    read = (lambda answer: answer.content) if accept == "application/json" else whole
    first = client.get(rows_url(), headers=headers)
    sent = read(first)
    again = client.get(rows_url(), headers={**headers, "If-None-Match": f'W/"x", {first["ETag"]}'})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    other = client.get(rows_url(), headers={**headers, "If-None-Match": '"other"'})
    assert (other.status_code, read(other)) == (200, sent)


def test_a_file_that_nobody_reads_is_closed(small_study):
    answer = with_key().head(rows_url(), headers={"Accept": "text/csv"})
    parts = [closer.__self__ for closer in answer._resource_closers if isinstance(closer.__self__, FilePart)]
    # As the web server does once an answer is sent.
    for part in parts:
        part.close()
    assert [part.file.closed for part in parts] == [True]


def test_a_long_download_goes_on_where_it_stopped(small_study):
    client, accept = with_key(), {"Accept": "text/csv", "Accept-Encoding": "gzip"}
    first = client.get(rows_url(), headers=accept)
    content = whole(first)
    rest = client.get(rows_url(), headers={**accept, "Range": "bytes=1000-", "If-Range": first["ETag"]})
    assert (rest.status_code, whole(rest)) == (206, content[1000:])
    assert rest["Content-Range"] == f"bytes 1000-{len(content) - 1}/{len(content)}"
    assert int(rest["Content-Length"]) == len(content) - 1000
    changed = client.get(rows_url(), headers={**accept, "Range": "bytes=1000-", "If-Range": '"other"'})
    assert (changed.status_code, whole(changed)) == (200, content)
    beyond = client.get(rows_url(), headers={**accept, "Range": f"bytes={len(content)}-"})
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{len(content)}")


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ("name=Ana", "filter_unknown", "name"),
        ("training=1", "filter_unknown", "training"),  # would tell the arm
        ("wave__lt=1", "filter_unknown", "wave__lt"),
        ("station__gte=A", "filter_unknown", "station__gte"),
        ("wave=first", "filter_invalid", "wave"),
        ("wave=1.5", "filter_invalid", "wave"),
        ("wave=99999999999999999999", "filter_invalid", "wave"),
        ("wave__gte=1&wave__gte=2", "filter_invalid", "wave__gte"),
        ("station=A%00", "filter_invalid", "station"),
        ("wave=", "filter_invalid", "wave"),
        ("limit=0", "limit_invalid", "limit"),
        ("limit=10001", "limit_invalid", "limit"),
        ("limit=²", "limit_invalid", "limit"),
        ("cursor=abc", "cursor_invalid", "cursor"),
        ("cursor=ñ", "cursor_invalid", "cursor"),
        ("cursor=", "cursor_invalid", "cursor"),
    ],
)
def test_what_cannot_be_asked_is_said_in_a_sentence(small_study, query, code, field):
    answer = with_key().get(f"{rows_url()}?{query}")
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (400, code, field)
    assert answer.json()["detail"].endswith(".")


def test_a_cursor_counts_for_its_own_list_alone(small_study):
    client = with_key(Role.STATISTICIAN)
    url = client.get(rows_url(), {"limit": 1}).json()["next"]
    other = client.get(url.replace("panel_wave", "surveys"))
    assert (other.status_code, other.json()["code"]) == (400, "cursor_invalid")
    assert small_study[0].study_code not in url


def test_a_file_takes_no_filters_and_refuses_in_json(small_study):
    answer = with_key().get(rows_url(), {"wave": "1"}, headers={"Accept": "text/csv"})
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/json")
    assert answer.json()["code"] == "whole_only"


def test_a_form_that_there_is_not_is_refused(small_study):
    answer = with_key().get(rows_url(), headers={"Accept": "application/pdf"})
    assert (answer.status_code, answer["Content-Type"]) == (406, "application/json")


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_key_that_is_over_opens_nothing_and_is_told_so(small_study, name):
    user = UserFactory(role=Role.RESEARCHER)
    client = with_key(user=user)
    assert client.get(address(name)).status_code == 200
    end_token(by=user, token=Token.objects.get(), now=timezone.now())
    answer = client.get(address(name))
    assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_key_made_for_something_else_reads_no_data_set(small_study):
    client = with_key(Role.STATISTICIAN, scopes=[TokenScope.VISITS])
    answers = [client.get(address(name)) for name in ADDRESSES]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(403, "scope_missing")}
    assert not Event.objects.filter(action__startswith="panel.").exists()


def test_a_key_follows_its_owners_role(small_study):
    user = UserFactory(role=Role.RESEARCHER)
    client = with_key(user=user)
    user.role = Role.INTERVIEWER
    user.save()
    answers = [client.get(address(name)) for name in ADDRESSES]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(403, "permission_missing")}


@pytest.mark.parametrize("name", ["visit_api_list", "schema", "dataset_list", "token_list", "home"])
def test_no_other_address_takes_a_key(small_study, name):
    answer = with_key().get(reverse(name))
    assert answer.status_code in (302, 403)


def test_use_of_a_key_is_noted(small_study):
    with_key().get(address("dataset_api_list"))
    assert timezone.now() - Token.objects.get().last_used_at < timedelta(minutes=5)


@pytest.mark.requirement("F47")
def test_each_key_may_ask_so_often_a_minute(small_study, settings):
    settings.TOKEN_CALLS_A_MINUTE = 2
    first, other = with_key(), with_key()
    # A minute may turn between two calls; then the count begins again, and three more are too many.
    statuses = [first.get(address("dataset_api_list")).status_code for _ in range(6)]
    assert 429 in statuses
    assert statuses[:2] == [200, 200]
    assert other.get(address("dataset_api_list")).status_code == 200


@pytest.mark.parametrize("name", ADDRESSES)
def test_answers_are_kept_by_nobody_on_the_way(small_study, name):
    assert with_key().get(address(name))["Cache-Control"] == "no-store"


@pytest.mark.parametrize("limit", [1, 3])
def test_a_page_costs_the_same_queries_for_any_number(small_study, django_assert_num_queries, limit):
    client = in_session()
    client.get(rows_url(), {"limit": limit})
    with django_assert_num_queries(14):
        client.get(rows_url(), {"limit": limit})


def test_rows_name_nobody(small_study):
    said = json.dumps(all_pages(with_key(Role.STATISTICIAN), rows_url()))
    assert [woman.study_code for woman in small_study if woman.study_code in said] == []
