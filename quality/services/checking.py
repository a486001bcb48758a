"""The nightly run: what is found becomes a query, once; found no more, it closes; found again, it opens again."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from accounts.actors import Actor
from accounts.permissions import Permission, require
from audit.services import record
from quality.models import QualityQuery, QueryStep
from quality.queries.findings import Found, found_by
from quality.rules import OF_EVERYBODY, Rule, RuleCode
from quality.states import State

Kind = QueryStep.Kind


@dataclass(frozen=True, slots=True)
class Checked:
    """What a run of one rule changed."""

    opened: int = 0
    reopened: int = 0
    closed: int = 0


@transaction.atomic
def check_rule(*, by: Actor, rule: Rule, now: datetime) -> Checked:
    """Bring a rule's queries up to date with all that is stored; return what changed.

    What was accepted stays so while its numbers are the same. Safe to run twice; two at once run one after the other.
    """
    require(by, Permission.CHECK_DATA)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('quality_rule'), hashtext(%s))", (rule.code,))
    found = {one.key: one for one in found_by(rule, now=now)}
    known = {query.key: query for query in QualityQuery.objects.select_for_update().filter(rule=rule.code)}
    fresh = [_query(rule, one, now) for key, one in found.items() if key not in known]
    again = [query for key, query in known.items() if key in found and _is_news(query, found[key])]
    gone = [query for key, query in known.items() if key not in found and query.state != State.CLOSED]
    for query in again:
        query.state, query.state_changed_at, query.due_on = State.OPEN, now, _due_on(rule, now)
    for query in gone:
        query.state, query.state_changed_at = State.CLOSED, now
    moved = [query for key, query in known.items() if key in found and _take(query, found[key])]
    QualityQuery.objects.bulk_create(fresh, batch_size=1000)
    QualityQuery.objects.bulk_update(
        {query.pk: query for query in (*again, *gone, *moved)}.values(),
        ("state", "state_changed_at", "due_on", "facts", "happened_at", "participant", "station", "person", "about"),
        batch_size=500,
    )
    _note(Kind.OPENED, fresh, now)
    _note(Kind.REOPENED, again, now)
    _note(Kind.CLOSED, gone, now)
    done = Checked(len(fresh), len(again), len(gone))
    if done != Checked():
        details = {"rule": rule.code, **asdict(done)}
        record(actor=by, action="quality.check_rule", object_type="quality_rule", object_id=rule.code, details=details)
    return done


def _is_news(query: QualityQuery, found: Found) -> bool:
    """Say whether what is found opens a query again: it was put right before, or accepted with other numbers."""
    others = OF_EVERYBODY.get(RuleCode(query.rule), frozenset())
    before, after = (
        {name: said for name, said in facts.items() if name not in others} for facts in (query.facts, found.facts)
    )
    return query.state == State.CLOSED or (query.state == State.ACCEPTED and before != after)


def _take(query: QualityQuery, found: Found) -> bool:
    """Let a query say what is found now; say whether that differs from before."""
    fresh = {**asdict(found), "key": query.key}
    differs = any(getattr(query, name) != value for name, value in fresh.items())
    for name, value in fresh.items():
        setattr(query, name, value)
    return differs


def _query(rule: Rule, found: Found, now: datetime) -> QualityQuery:
    return QualityQuery(
        rule=rule.code,
        desk=rule.desk,
        state_changed_at=now,
        opened_at=now,
        due_on=_due_on(rule, now),
        **asdict(found),
    )


def _due_on(rule: Rule, now: datetime) -> date:
    return timezone.localdate(now) + timedelta(days=rule.days_to_answer)


def _note(kind: Kind, queries: Iterable[QualityQuery], now: datetime) -> None:
    QueryStep.objects.bulk_create((QueryStep(query=query, kind=kind, at=now) for query in queries), batch_size=1000)
