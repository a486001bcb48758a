"""The API's description: without a warning, with examples, and what it says is what every address does.

Cases come from schemathesis, the same each time; they go through the whole stack of the web server, cookies and all.
"""

import io
from collections.abc import Iterator
from datetime import timedelta

import hypothesis
import pytest
import schemathesis
from django.conf import settings
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, status_code_conformance

from accounts.roles import Role
from accounts.services import make_token
from accounts.tokens import TokenScope
from tests.factories import OfficerFactory, UserFactory, VisitFactory
from visits.models import Visit

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance]
CSRF = "C" * 32
# Few of each operation: the machine that runs all tests has other work.
CASES = 6


def description() -> dict:
    return SchemaGenerator().get_schema(request=None, public=True)


OPERATIONS = sorted((method.upper(), path) for path, methods in description()["paths"].items() for method in methods)


@pytest.mark.requirement("F47")
def test_the_description_is_whole_and_valid():
    out, said = io.StringIO(), io.StringIO()
    call_command("spectacular", "--fail-on-warn", "--validate", stdout=out, stderr=said)
    assert said.getvalue() == ""
    assert out.getvalue().startswith("openapi: 3.1.0")


@pytest.mark.parametrize("path", [path for _method, path in OPERATIONS if "/datasets/" in path or "/logs/" in path])
def test_programs_are_told_how_to_show_a_key_and_what_comes_back(path):
    (operation,) = description()["paths"][path].values()
    assert {"key": []} in operation["security"]
    assert {"200", "304", "401", "403", "406", "429"} <= set(operation["responses"])
    assert operation["description"]


def test_answers_of_the_data_have_examples():
    paths = description()["paths"]
    found = {
        path: bool(paths[path]["get"]["responses"]["200"]["content"]["application/json"].get("examples"))
        for path in ("/api/v1/datasets/", "/api/v1/datasets/{name}/", "/api/v1/datasets/{name}/rows/", "/api/v1/logs/")
    }
    assert found == dict.fromkeys(found, True)


def session_of(user) -> dict[str, str]:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    held = {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}
    return {**held, settings.CSRF_COOKIE_NAME: CSRF}


def shown_by(user) -> dict[str, str]:
    _token, text = make_token(by=user, purpose="Report", scopes=list(TokenScope), days=7, now=timezone.now())
    return {"Authorization": f"Bearer {text}"}


@pytest.fixture
def one_connection(db) -> Iterator[None]:
    """Keep the test's own connection, as the framework's test client does; a request of a server ends with its own."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def callers(one_connection, small_study, stations) -> list[dict[str, dict[str, str]]]:
    """An officer in a session, a supervisor in a session, and a statistician's program."""
    officer = OfficerFactory(posted_at=stations[0]).user
    supervisor = OfficerFactory(posted_at=stations[0], user__role=Role.SUPERVISOR).user
    VisitFactory(
        participant=small_study[0], planned_on=timezone.localdate(), grace_ends_at=timezone.now() + timedelta(days=2)
    )
    statistician = UserFactory(role=Role.STATISTICIAN)
    in_session = [{"cookies": session_of(user), "headers": {"X-CSRFToken": CSRF}} for user in (officer, supervisor)]
    return [*in_session, {"cookies": {}, "headers": shown_by(statistician)}]


def real_values() -> dict[str, list[str]]:
    """What the path may name that there is."""
    return {
        "visit_id": [str(Visit.objects.latest("planned_on").pk)],
        "name": ["panel_wave", "training", "surveys"],
    }


@pytest.mark.requirement("F47")
@pytest.mark.parametrize(("method", "path"), OPERATIONS, ids=lambda said: said)
def test_no_address_errs_or_answers_what_it_does_not_say(callers, settings, method, path):
    settings.TOKEN_CALLS_A_MINUTE = 100_000
    schema = schemathesis.openapi.from_dict(description())
    schema.app = get_wsgi_application()
    operation = schema[path][method]
    real = real_values()

    @hypothesis.settings(
        max_examples=CASES, derandomize=True, deadline=None, database=None,
        phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy())
    def every_case(case):
        for caller in callers:
            case.call_and_validate(checks=CHECKS, **caller)
        for part in set(real) & set(case.path_parameters):
            for value in real[part]:
                case.path_parameters[part] = value
                for caller in callers:
                    case.call_and_validate(checks=CHECKS, **caller)

    every_case()
