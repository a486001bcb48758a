"""What goes into the logs of web and workers when something fails: where and which kind, and nobody's name."""

import logging

import pytest
from celery import shared_task
from django.conf import settings
from django.core.handlers.exception import response_for_exception
from django.db import DatabaseError, connection, transaction
from django.test import RequestFactory
from django.utils.module_loading import import_string

from accounts.models import User
from ivp_study.celery import app
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("F36")]
MARKED = "Rosa Marcada"
LINE = settings.LOGGING["formatters"]["line"]


def as_written(caplog) -> str:
    """What the handler of the settings writes of what was logged."""
    formatter = import_string(LINE["class"])(LINE["format"])
    return "\n".join(formatter.format(record) for record in caplog.records)


def refused_row():
    """The database refuses a row, and quotes it whole."""
    with transaction.atomic():
        User.objects.filter(pk=UserFactory(display_name=MARKED).pk).update(role=None)


def misread():
    """The database says what it could not read."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT %s::int", [MARKED])


@pytest.mark.parametrize(("fails", "kind"), [(refused_row, "NotNullViolation (23502)"), (misread, "(22P02)")])
def test_a_page_that_fails_writes_where_and_not_whom(caplog, fails, kind):
    with pytest.raises(DatabaseError, match=MARKED) as raised:
        fails()
    response = response_for_exception(RequestFactory().get("/hoy/"), raised.value)
    written = as_written(caplog)
    assert response.status_code == 500
    assert MARKED not in written
    assert "Internal Server Error: /hoy/" in written
    assert kind in written
    assert f"in {fails.__name__}" in written


def test_a_task_that_fails_writes_where_and_not_whom(caplog):
    @shared_task(name="tests.misread")
    def task() -> None:
        misread()

    try:
        task.apply()
    finally:
        app.tasks.pop("tests.misread", None)
    written = as_written(caplog)
    assert MARKED not in written
    assert "tests.misread" in written
    assert "raised unexpected: DataError" in written
    assert "in misread" in written


def test_a_task_that_is_sent_again_writes_why_in_one_word(caplog):
    logger = logging.getLogger("celery.app.trace")
    said = {"name": "visits.plan", "id": "1", "exc": f"Retry in 2s: OperationalError('{MARKED}')"}
    logger.error("Task %(name)s[%(id)s] retry: %(exc)s", said)
    assert as_written(caplog).endswith("Task visits.plan[1] retry: OperationalError")


def test_what_another_handler_wrote_already_is_not_taken_over(caplog):
    try:
        int(MARKED)
    except ValueError:
        logging.getLogger(__name__).exception("a step failed")
    caplog.records[0].exc_text = MARKED
    written = as_written(caplog)
    assert MARKED not in written
    assert written.endswith("builtins.ValueError")
