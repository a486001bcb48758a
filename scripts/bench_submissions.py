"""How many surveys of ODK Collect the server takes and checks, one at a time, with few and with many stored."""

import base64
from uuid import uuid4

from bench_server import THREADS, WORKERS
from bench_study import Result, analyse, owner_cursor, study
from bench_turns import FEW, MANY, REQUESTS_EACH, both_served, in_turns
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from back_checks.models import BackCheck
from surveys.models import Instrument, Submission
from surveys.openrosa import case_form_id
from surveys.queries import form_rules_of
from surveys.services import make_collect_key
from surveys.xforms.writing import written_submission

EACH, STORED = 300, 300_000
PROMISED_A_SECOND = 200
# Every case is due again as if nothing was answered, but for the few that were asked again by somebody else.
DUE_AGAIN = """
    SET CONSTRAINTS ALL IMMEDIATE;
    ALTER TABLE surveys_submission DISABLE TRIGGER surveys_submission_kept;
    DELETE FROM surveys_dataquery;
    DELETE FROM surveys_submission WHERE id NOT IN (SELECT submission_id FROM back_checks_backcheck);
    ALTER TABLE surveys_submission ENABLE TRIGGER surveys_submission_kept;
    UPDATE surveys_surveycase SET status = 'due', missed_reason = '', due_on = current_date,
        window_from = current_date - 1, window_until = current_date + 14
        WHERE id NOT IN (SELECT case_id FROM surveys_submission);
"""
# As many surveys more as are asked for, each like one that is stored, of waves that nobody is asked about.
STORE = """
    WITH one AS (SELECT * FROM surveys_submission ORDER BY id LIMIT 1), made AS (
        INSERT INTO surveys_surveycase (id, participant_id, wave, wave_number, due_on, window_from, window_until,
            status, status_changed_at, missed_reason)
        SELECT gen_random_uuid(), woman.id, 'stored ' || number, 100, current_date - 200, current_date - 200,
            current_date - 180, 'done', now(), ''
        FROM participants_participant woman CROSS JOIN generate_series(1, %s) AS number
        ORDER BY number, woman.id LIMIT %s RETURNING id
    )
    INSERT INTO surveys_submission (id, case_id, instrument_id, submitted_at, submitted_by_id, answers, scores,
        is_complete, instance_id, content_sha256, sealed_instance, findings)
    SELECT gen_random_uuid(), made.id, one.instrument_id, now(), one.submitted_by_id, one.answers, one.scores, true,
        'uuid:' || made.id, repeat('0', 64), one.sealed_instance, '[]' FROM made CROSS JOIN one
"""


def submissions() -> Result:
    """Send surveys one by one as ODK Collect does. Promised: 200 a second accepted and checked."""
    with study():
        requests = iter(prepared())
        few = Submission.objects.count()
        with both_served(store) as ports:
            single = in_turns(ports, requests, EACH, 201, "survey")
        return {
            "single": single,
            "milliseconds_each": slowest_milliseconds(single),
            "promised_milliseconds_each": 1000 / PROMISED_A_SECOND,
            "surveys_stored_before": {FEW: few, MANY: few + STORED},
            "gunicorn": {"workers": WORKERS, "threads": THREADS},
        }


def store() -> None:
    with owner_cursor() as cursor:
        cursor.execute(STORE, [STORED, STORED])


def slowest_milliseconds(single: Result) -> float:
    """Return what a survey took at the slowest of both sizes and of all numbers of connections."""
    rates = [at[size]["requests_a_second"] for at in single.values() for size in (FEW, MANY)]
    return round(1000 / min(rates), 2)


def prepared() -> list[str]:
    """Return as many surveys as are sent, as whole requests, each with the key of whoever sends it."""
    wanted = REQUESTS_EACH * EACH
    stored = Submission.objects.select_related("case__participant").filter(
        case__participant__status="enrolled", case__participant__interviewer__isnull=False
    )
    again = BackCheck.objects.values("submission")
    taken = list(stored.exclude(pk__in=again).order_by("pk")[:wanted])
    asked = Instrument.objects.listed().in_bulk({one.instrument_id for one in taken})
    bodies = []
    for one in taken:
        form = form_rules_of(asked[one.instrument_id]).form
        answers = {**one.answers, "child_danger": "no"}
        written = written_submission(form, answers, instance_id=f"uuid:{uuid4()}").decode()
        code = asked[one.instrument_id].code
        bodies.append(multipart(written.replace(f'id="{code}"', f'id="{case_form_id(code, one.case_id)}"', 1)))
    people = User.objects.in_bulk({one.case.participant.interviewer_id for one in taken})
    keys = {pk: basic(user, make_collect_key(by=user, now=timezone.now())) for pk, user in people.items()}
    with owner_cursor() as cursor:
        cursor.execute(DUE_AGAIN)
    analyse()
    return [head(body, keys[one.case.participant.interviewer_id]) for body, one in zip(bodies, taken, strict=True)]


def basic(user: User, token: str) -> str:
    """Return what a request shows of a key."""
    return "Basic " + base64.b64encode(f"{user.username}:{token}".encode()).decode()


def multipart(xml: str) -> bytes:
    """Return a submission as the body of its request."""
    head = 'Content-Disposition: form-data; name="xml_submission_file"; filename="s.xml"\r\nContent-Type: text/xml'
    return f"--bench\r\n{head}\r\n\r\n{xml}\r\n--bench--\r\n".encode()


def head(body: bytes, key: str) -> str:
    """Return a whole request."""
    return (
        f"POST {reverse('openrosa_submission')} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: {key}\r\n"
        f"Content-Type: multipart/form-data; boundary=bench\r\nContent-Length: {len(body)}\r\n\r\n"
        + body.decode("latin-1")
    )
