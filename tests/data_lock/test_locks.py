"""Data locked: held still from the proposal, signed by two, hashed, refused to whoever would change them, lifted."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.confirming import MOST_TRIES, PasswordWrong, TooManyTries
from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from data_lock import queries, services
from data_lock.models import DataLock, LateArrival, LockSignature
from data_lock.services.locking import cut_of
from data_lock.states import LockKind
from participants.models import Consent
from participants.receipts import CONFLICT, NEW
from protocol.locked_data import DataIsLocked
from safety.models import SafetyCase
from surveys.models import EntryDecision, PhoneEntry, Submission, SubmissionVersion
from surveys.services import AnswersCameAfterLock, correct_survey, decide_entry, submit_survey
from tests.data_lock.locking import LATER, YESTERDAY, Meaning, lifted, locked, person, proposed, signed
from tests.factories import NOW, PASSWORD, TODAY, AssessmentFactory, ProtocolVersionFactory
from tests.surveys.conftest import sent
from tests.surveys.test_entries import entry, statuses
from tests.surveys.test_entries import sync as sync_entries
from tests.visits.test_sync import sent as sent_log
from tests.visits.test_sync import sync, visit_at
from visits.models import LogConflict, VisitLog
from visits.services import decide_conflict

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("F33")]
THEN = NOW - timedelta(days=2)
SIGNED_BY_NOBODY = """
    INSERT INTO data_lock_datalock (kind, wave, until, ends_at, state, still_open, reason, proposed_by_id, proposed_at,
        sha256, in_use_sha256, parts, locked_at)
    SELECT 'visits', '', until - 9, ends_at, 'locked', '{}', '', proposed_by_id, now(), sha256, sha256, '[]', now()
    FROM data_lock_datalock
"""


@pytest.fixture(autouse=True)
def protocol(db):
    ProtocolVersionFactory()


def logged(field, **content):
    """A log of a visit the day before yesterday, sent now."""
    visit = visit_at(field.by_risk, planned_on=TODAY - timedelta(days=2))
    (result,) = sync(field.officer, sent_log(visit, at=THEN, **content))
    return visit, result


def whole(case, interviewer, **answers):
    return submit_survey(by=interviewer, case=case, content=sent(case, **answers), now=NOW)


def test_two_people_lock_what_they_mean_and_its_hash_is_kept(field):
    logged(field)
    lock = proposed(reason="Follow-up is over")
    assert (lock.state, lock.sha256, lock.is_holding) == ("proposed", "", True)

    first, second = person(), person(Role.RESEARCHER)
    signed(lock, first, meaning=Meaning.REVIEWED)
    lock.refresh_from_db()
    assert (lock.state, lock.rows, len(lock.sha256)) == ("proposed", 1, 64)

    lock = signed(lock, second, meaning=Meaning.APPROVED)
    assert (lock.state, lock.locked_at) == ("locked", LATER)
    assert [(one.signed_by, one.meaning, one.sha256) for one in queries.signatures_of(lock)] == [
        (first, "reviewed", lock.sha256), (second, "approved", lock.sha256),
    ]  # fmt: skip
    acts = Event.objects.filter(object_type="data_lock").order_by("pk")
    assert [(event.action, event.details.get("meaning")) for event in acts] == [
        ("data_lock.propose", None), ("data_lock.sign", "reviewed"), ("data_lock.sign", "approved"),
    ]  # fmt: skip
    assert queries.locks_standing() == [
        {**lock.cut, "lock": lock.pk, "sha256": lock.sha256, "locked_on": "2026-11-18"},
    ]
    assert queries.locks_standing(held_since=THEN) == []


@pytest.mark.parametrize("role", Role)
def test_who_proposes_and_who_signs(role):
    """The roles table: coordination proposes, whoever answers for the data signs."""
    proposes = role == Role.ADMINISTRATOR
    signs = role in {Role.ADMINISTRATOR, Role.RESEARCHER, Role.STATISTICIAN}
    who = person(role)
    waiting = proposed(until=TODAY - timedelta(days=9))
    for may, act in ((proposes, lambda: proposed(who)), (signs, lambda: signed(waiting, who))):
        if may:
            act()
        else:
            with pytest.raises(PermissionMissing):
                act()
    assert DataLock.objects.visible_to(who).exists() == (signs or role == Role.ETHICS_BOARD)


def test_nobody_signs_twice_nor_with_another_password_and_tries_are_on_record():
    lock, who = proposed(), person()
    for _again in range(MOST_TRIES):
        with pytest.raises(PasswordWrong):
            signed(lock, who, password="otra clave larga")
    with pytest.raises(TooManyTries):
        signed(lock, who)
    assert Event.objects.filter(action="accounts.refuse_password", actor=who.audit_name).count() == MOST_TRIES

    somebody = person()
    signed(lock, somebody)
    with pytest.raises(services.SignedAlready):
        signed(lock, somebody)
    assert LockSignature.objects.count() == 1


def test_what_is_open_is_counted_and_asks_for_a_reason(field):
    visit, _result = logged(field)
    sync(field.supervisor, sent_log(visit, at=THEN, outcome="nobody_home"))
    with pytest.raises(services.OpenWorkNeedsReason):
        proposed(reason=" ")
    assert proposed(reason="They differ in nothing that counts").still_open == {"conflicts": 1}


@pytest.mark.parametrize(
    ("kind", "wave", "until", "error"),
    [
        (LockKind.VISITS, "", None, services.CutUnknown),
        (LockKind.VISITS, "", TODAY, services.CutNotOver),
        (LockKind.EVERYTHING, "", TODAY + timedelta(days=1), services.CutNotOver),
        (LockKind.SURVEYS, "month_99", None, services.CutUnknown),
    ],
)
def test_a_cut_is_whole_and_over(kind, wave, until, error):
    with pytest.raises(error):
        cut_of(kind, wave, until, NOW)


def test_a_day_ends_at_midnight_in_lima():
    assert cut_of(LockKind.VISITS, "", YESTERDAY, NOW).ends_at.isoformat() == "2026-11-18T00:00:00-05:00"


def test_one_lock_of_a_cut_at_a_time():
    locked()
    with pytest.raises(services.LockedAlready):
        proposed()
    proposed(until=YESTERDAY - timedelta(days=1))


def test_a_locked_log_is_not_corrected_and_a_correction_waits_until_it_is_lifted(field):
    visit, _result = logged(field)
    lock = locked()
    sync(field.supervisor, sent_log(visit, at=THEN, outcome="nobody_home"))
    conflict = LogConflict.objects.get()
    second = LogConflict.Decision.SECOND

    with pytest.raises(DataIsLocked):
        decide_conflict(by=field.supervisor, conflict=conflict, decision=second, now=NOW)
    assert VisitLog.objects.get().outcome == "met"

    assert lifted(lock).state == "lifted"
    decide_conflict(by=field.supervisor, conflict=conflict, decision=second, now=NOW)
    assert VisitLog.objects.get().outcome == "nobody_home"
    assert services.check_lock(by=person(), lock=lock, now=NOW).problem == ""


def test_a_late_log_is_kept_gets_its_receipt_and_is_on_the_list_and_danger_is_told(field):
    logged(field)
    lock = locked()
    visit, result = logged(field, safety_concern=True)
    assert result.status == NEW
    visit.refresh_from_db()
    assert (visit.status, SafetyCase.objects.count()) == ("done", 1)
    late = LateArrival.objects.get()
    assert (late.lock, late.log.visit, late.is_out, late.reason) == (lock, visit, True, "")
    assert services.check_lock(by=person(), lock=lock, now=NOW).problem == ""

    # What came late may still be put right: nobody signed it.
    sync(field.supervisor, sent_log(visit, at=THEN, outcome="nobody_home"))
    conflict = LogConflict.objects.get(visit=visit)
    decide_conflict(by=field.supervisor, conflict=conflict, decision=LogConflict.Decision.SECOND, now=NOW)
    assert services.check_lock(by=person(), lock=lock, now=NOW).problem == ""

    services.leave_out(by=person(), arrival=late, reason=LateArrival.Reason.TOO_LATE, now=NOW)
    with pytest.raises(services.LateDecided):
        services.leave_out(by=person(), arrival=late, reason=LateArrival.Reason.REPEATED, now=NOW)
    lifted(lock)
    late.refresh_from_db()
    assert (late.is_out, late.reason) == (False, "too_late")


def test_what_another_lock_keeps_out_is_signed_by_nobody(field):
    locked()
    logged(field)
    wider = proposed(kind=LockKind.EVERYTHING)
    signed(wider)
    wider.refresh_from_db()
    assert (wider.rows, wider.late_arrivals.count()) == (0, 1)


def test_a_sheet_that_comes_late_counts_for_her_and_is_on_the_list(field):
    lock = locked(kind=LockKind.SHEETS)
    sheet = AssessmentFactory(assessed_at=THEN)
    AssessmentFactory(assessed_at=NOW)
    assert list(lock.late_arrivals.values_list("assessment", "is_out")) == [(sheet.pk, True)]
    assert services.check_lock(by=person(), lock=lock, now=NOW).problem == ""


def test_a_survey_of_a_locked_wave_is_not_corrected(case, woman, interviewer):
    whole(case, interviewer)
    lock = locked(kind=LockKind.SURVEYS, wave=case.wave)
    changed = sent(case, child_danger="no", support="accepted")
    with pytest.raises(DataIsLocked):
        correct_survey(by=interviewer, case=case, content=changed, reason=SubmissionVersion.Reason.SLIP, now=NOW)
    assert not SubmissionVersion.objects.exists()
    lifted(lock)
    correct_survey(by=interviewer, case=case, content=changed, reason=SubmissionVersion.Reason.SLIP, now=NOW)
    assert SubmissionVersion.objects.count() == 1


def test_a_survey_that_comes_late_by_page_is_held_whole_once_and_danger_is_told(case, woman, interviewer):
    locked(kind=LockKind.SURVEYS, wave=case.wave)
    content = sent(case, child_danger="yes")
    for _again in range(2):
        with pytest.raises(AnswersCameAfterLock):
            submit_survey(by=interviewer, case=case, content=content, now=NOW)
    held = PhoneEntry.objects.get()
    assert (held.held_for, held.sent_by, Submission.objects.count()) == ("data_locked", interviewer, 0)
    assert SafetyCase.objects.filter(participant=woman).count() == 1
    case.refresh_from_db()
    assert case.status == "due"


def test_a_survey_from_a_phone_gets_its_receipt_waits_and_counts_once_the_lock_is_lifted(case, interviewer):
    lock = locked(kind=LockKind.SURVEYS, wave=case.wave)
    late, who = entry(case), person()
    for _again in range(2):
        assert statuses(sync_entries(interviewer, late)) == [(CONFLICT, "data_locked")]
    assert queries.held_surveys(lock) == 1

    def count():
        held = PhoneEntry.objects.get()
        reason = EntryDecision.Reason.ASKED_THEN
        return decide_entry(by=who, entry=held, decision=EntryDecision.Decision.COUNTS, reason=reason, now=NOW)

    with pytest.raises(DataIsLocked):
        count()
    assert not EntryDecision.objects.exists()
    lifted(lock)
    count()
    assert Submission.objects.count() == 1


def test_another_wave_and_later_days_go_on(case, interviewer, field):
    locked(kind=LockKind.SURVEYS, wave="baseline")
    locked()
    whole(case, interviewer)
    visit = visit_at(field.by_risk)
    sync(field.officer, sent_log(visit))
    assert (Submission.objects.count(), LateArrival.objects.count()) == (1, 0)


def test_everything_holds_surveys_logs_and_sheets(case, interviewer, field):
    lock = locked(kind=LockKind.EVERYTHING, until=YESTERDAY)
    logged(field)
    AssessmentFactory(assessed_at=THEN)
    whole(case, interviewer)
    assert (lock.late_arrivals.count(), Submission.objects.count()) == (2, 1)


def test_a_survey_of_locked_days_is_held_when_it_comes(case, interviewer):
    locked(kind=LockKind.EVERYTHING, until=YESTERDAY)
    early, content = NOW - timedelta(days=3), sent(case)
    with pytest.raises(AnswersCameAfterLock):
        submit_survey(by=interviewer, case=case, content=content, now=NOW, answered_at=early)
    assert PhoneEntry.objects.get().held_for == "data_locked"


def test_what_she_ends_goes_on_and_the_lock_says_so_without_naming_her(case, interviewer, woman):
    whole(case, interviewer)
    lock = locked(kind=LockKind.SURVEYS, wave=case.wave)
    before = services.check_lock(by=person(), lock=lock, now=NOW)
    assert before.in_use_sha256 == lock.in_use_sha256

    Consent.objects.filter(participant=woman).update(ended_at=NOW)
    after = services.check_lock(by=person(), lock=lock, now=LATER)
    assert (after.problem, after.sha256) == ("", lock.sha256)
    assert after.in_use_sha256 != lock.in_use_sha256
    row = Event.objects.filter(action="data_lock.check").order_by("pk").last()
    assert (row.object_id, row.details) == ("", {"locks": {str(lock.pk): "as_signed"}})


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE data_lock_locksignature SET meaning = 'approved'",
        "DELETE FROM data_lock_locksignature",
        "UPDATE data_lock_datalock SET state = 'lifted', ended_at = now()",
        "UPDATE data_lock_datalock SET sha256 = repeat('0', 64)",
        "UPDATE data_lock_datalock SET until = until - 1",
        "DELETE FROM data_lock_datalock",
        "TRUNCATE data_lock_datalock CASCADE",
        "DELETE FROM data_lock_latearrival",
        "UPDATE data_lock_latearrival SET is_out = false",
        "UPDATE data_lock_lockcheck SET problem = ''",
        SIGNED_BY_NOBODY,
    ],
)
def test_the_database_keeps_locks_whoever_asks(field, statement):
    lock = locked()
    logged(field)
    services.check_lock(by=person(), lock=lock, now=NOW)
    refused = pytest.raises(DatabaseError, match=r"refused|permission denied")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_one_signature_locks_nothing_whoever_writes_it():
    lock = proposed()
    signed(lock)
    with pytest.raises(DatabaseError, match="two people sign"), transaction.atomic():
        DataLock.objects.filter(pk=lock.pk).update(state="locked", locked_at=NOW)


def test_called_off_before_two_signed_what_came_meanwhile_joins(field):
    lock = proposed()
    logged(field)
    signed(lock)
    assert services.call_off_lock(by=person(), lock=lock, now=LATER).state == "called_off"
    assert list(LateArrival.objects.values_list("is_out", flat=True)) == [False]
    with pytest.raises(services.LockMovedOn):
        signed(lock)
    again = locked()
    assert (again.rows, list(queries.earlier_of(again))) == (1, [lock])


def test_a_lock_is_lifted_by_two_with_a_reason_and_its_signatures_stay():
    lock, who = locked(), person()
    with pytest.raises(services.LiftingReasonMissing):
        services.ask_lifting(by=who, lock=lock, password=PASSWORD, reason=" ", now=LATER)
    services.ask_lifting(by=who, lock=lock, password=PASSWORD, reason="A file came late", now=LATER)
    with pytest.raises(services.LiftingAskedAlready):
        services.ask_lifting(by=person(), lock=lock, password=PASSWORD, reason="Another", now=LATER)
    with pytest.raises(services.SignedAlready):
        services.sign_lifting(by=who, lock=lock, password=PASSWORD, now=LATER)
    services.call_off_lifting(by=who, lock=lock, now=LATER)
    with pytest.raises(services.LiftingMovedOn):
        services.sign_lifting(by=person(), lock=lock, password=PASSWORD, now=LATER)

    lock = lifted(lock)
    assert (lock.state, lock.ended_at) == ("lifted", LATER)
    assert [one.meaning for one in queries.signatures_of(lock)] == [
        "reviewed", "approved", "lift_asked", "lift_asked", "lift_approved",
    ]  # fmt: skip
    assert services.check_lock(by=person(), lock=lock, now=LATER).problem == ""
    with pytest.raises(services.NotLocked):
        services.ask_lifting(by=who, lock=lock, password=PASSWORD, reason="Again", now=LATER)


def test_who_must_sign():
    first, second, board = person(), person(Role.STATISTICIAN), person(Role.ETHICS_BOARD)
    lock = proposed(first)

    def waits():
        return [list(queries.locks_to_sign(who)) for who in (first, second, board)]

    assert waits() == [[lock], [lock], []]
    signed(lock, first)
    assert waits() == [[], [lock], []]
    signed(lock, second)
    assert waits() == [[], [], []]
    services.ask_lifting(by=second, lock=lock, password=PASSWORD, reason="A file came late", now=LATER)
    assert waits() == [[lock], [], []]


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ([], False),
        ([("everything", "")], True),
        ([("surveys", "a")], False),
        ([("surveys", "a"), ("surveys", "b"), ("visits", "")], True),
        ([("visits", ""), ("sheets", "")], False),
    ],
)
def test_outcomes_are_locked_by_everything_or_by_every_wave(held, expected):
    locks = [{"kind": kind, "wave": wave} for kind, wave in held]
    assert queries.are_outcomes_locked(locks, ["a", "b"]) == expected
