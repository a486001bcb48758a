"""A list of attendance: the fate of every row, whole or not at all, twice the same, and nothing hostile gets in."""

import csv
import io
from datetime import time, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from documents.tables import TableFileError
from stations.queries import study_codes
from stations.services import post_officer
from tests.documents.test_tables import as_xlsx
from tests.factories import NOW, TODAY, OfficerFactory, StationFactory, UserFactory
from tests.fixtures.study import SYSTEM
from tests.training.conftest import ABSENT, LAST_WEEK, a_station, plan, record
from tests.training.test_views import words
from training.attendance import Entry
from training.attendance_file import COLUMNS, OPTIONAL_COLUMNS, read_attendance
from training.attendance_import import plan_import
from training.models import Attendance, Session
from training.queries.sessions import entries
from training.services import ImportChangedMeanwhile, ReasonMissing, import_attendance

pytestmark = pytest.mark.django_db

HEADER = (*COLUMNS, *OPTIONAL_COLUMNS)


def as_csv(rows) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([HEADER, *rows])
    return out.getvalue().encode()


def row_of(officer, station, *, module=1, held_on=LAST_WEEK, late="", before="", after=""):
    code = station if isinstance(station, str) else study_codes().get(station.pk, station.code)
    return [officer if isinstance(officer, str) else officer.code, str(module), str(held_on), code, late, before, after]


def dry_run(content: bytes):
    rows, problems = read_attendance(content, name="l.csv", modules=(1, 2))
    return plan_import(rows, problems, name="l.csv", now=NOW)


def bring(content: bytes, *, by=SYSTEM, seen=None, reason=""):
    rows, _problems = read_attendance(content, name="l.csv", modules=(1, 2))
    seen = dry_run(content).fingerprint if seen is None else seen
    return import_attendance(by=by, rows=rows, name="l.csv", now=NOW, seen=seen, reason=reason)


@pytest.mark.requirement("F48", "F52")
@pytest.mark.parametrize("written", [as_csv, lambda rows: as_xlsx([list(HEADER), *rows])], ids=["csv", "xlsx"])
def test_list_makes_the_sessions_that_are_missing_and_writes_who_attended(station, officers, written):
    content = written(
        [
            row_of(officers[0], station, before="40", after="80"),
            row_of(officers[0], station, module=2),
            row_of(officers[1], station, late="31"),
        ]
    )
    plan = dry_run(content)
    assert (plan.problems, plan.new_sessions) == ([], {(station.pk, LAST_WEEK): [1, 2]})
    bring(content)
    session = Session.objects.get()
    assert (session.kind, session.status, session.modules) == ("regular", "held", [1, 2])
    assert entries(session) == {
        (officers[0].pk, 1): Entry(came=True, score_before=40, score_after=80),
        (officers[0].pk, 2): Entry(came=True),
        (officers[1].pk, 1): Entry(came=True, minutes_late=31),
    }
    assert not Attendance.objects.get(officer=officers[1]).counts
    details = {"new": 3, "sessions": 1, "changes": []}
    assert Event.objects.get(action="training.import_attendance").details == details


def test_same_list_again_changes_nothing(station, officers):
    content = as_csv([row_of(officer, station, before="40") for officer in officers])
    bring(content)
    again = bring(content)
    assert again.writes_nothing
    assert Event.objects.filter(action="training.import_attendance").count() == 1
    assert Session.objects.get().revision == 1


def test_planned_session_becomes_held(station, officers):
    session = plan(station)
    bring(as_csv([row_of(officers[0], station)]))
    session.refresh_from_db()
    assert (session.status, session.revision, session.attendances.count()) == ("held", 1, 1)


def test_what_a_row_leaves_open_stays_as_it_is_stored(station, officers):
    session = record(plan(station), {officers[0]: Entry(came=True, minutes_late=5, score_before=40)})
    plan_ = dry_run(as_csv([row_of(officers[0], station, after="80")]))
    assert [dict(row.changed) for row in plan_.rows] == [{"score_after": (None, 80)}]
    assert not plan_.needs_reason
    bring(as_csv([row_of(officers[0], station, after="80")]))
    assert entries(session)[officers[0].pk, 1] == Entry(came=True, minutes_late=5, score_before=40, score_after=80)


def test_correction_needs_a_reason_and_the_audit_has_old_and_new(station, officers):
    session = record(plan(station), {officers[0]: ABSENT, officers[1]: Entry(came=True, score_before=40)})
    content = as_csv([row_of(officers[0], station), row_of(officers[1], station, before="50")])
    with pytest.raises(ReasonMissing):
        bring(content)
    assert entries(session)[officers[0].pk, 1] == ABSENT
    bring(content, reason="The signed sheet says so")
    event = Event.objects.get(action="training.import_attendance")
    assert event.reason == "The signed sheet says so"
    assert event.details["changes"] == [
        {"session": session.pk, "officer": officers[0].code, "module": 1, "came": [False, True]},
        {"session": session.pk, "officer": officers[1].code, "module": 1, "score_before": [40, 50]},
    ]


def test_problems_are_all_told_each_in_its_place_and_nothing_is_written(station, officers):
    elsewhere, outside = a_station(trained=False), StationFactory()
    guest = OfficerFactory(posted_at=elsewhere)
    plan(station, modules=[2], held_on=LAST_WEEK - timedelta(days=1))
    content = as_csv(
        [
            row_of(officers[0], station),
            row_of("OF99999", station),
            row_of(officers[0], outside),
            row_of(guest, station),
            row_of(guest, elsewhere),
            row_of(officers[0], station, held_on=TODAY + timedelta(days=1)),
            row_of(officers[0], station, held_on=LAST_WEEK - timedelta(days=1)),
            row_of(officers[0], station.code),
            row_of(officers[0], station, module=3),
            row_of(officers[1], station, before="101", late="601"),
        ]
    )
    found = [(problem.row, problem.column, problem.expectation) for problem in dry_run(content).problems]
    assert found == [
        (3, "officer", "no officer has the code 'OF99999'"),
        (
            4,
            "station",
            f"expected the code of a station of the study, such as Estación 07, found {outside.code!r}",
        ),
        (5, "officer", f"{guest.code} did not serve at this station on that day"),
        (6, "station", "the protocol plans no session at this station; plan it on its page first, with the reason"),
        (7, "held_on", "the session has not begun yet; attendance is written down once it was held"),
        (8, "module", "the session at this station on that day is on module 2"),
        (9, "officer", "the officer, module, day and station of this row stand in row 2 already"),
        (10, "module", "expected one of 1, 2, found '3'"),
        (11, "minutes_late", "expected a whole number from 0 to 600, found '601'"),
        (11, "score_before", "expected a whole number from 0 to 100, found '101'"),
    ]
    with pytest.raises(TableFileError):
        bring(content)
    assert not Attendance.objects.exists()


def test_deviation_that_is_planned_with_its_reason_takes_a_list(allocated):
    elsewhere = a_station(trained=False)
    officer = OfficerFactory(posted_at=elsewhere)
    plan(elsewhere, deviation_reason="By mistake")
    assert not bring(as_csv([row_of(officer, elsewhere)])).problems


def test_list_does_not_make_more_sessions_than_the_protocol_allows(station, officers):
    plan(station, held_on=LAST_WEEK - timedelta(days=30))
    days = [LAST_WEEK - timedelta(days=days) for days in (3, 5)]
    plan_ = dry_run(as_csv([row_of(officers[0], station, held_on=day) for day in days]))
    # the earlier of the two days comes first, wherever it stands
    assert list(plan_.new_sessions) == [(station.pk, days[1])]
    assert [(problem.row, problem.column, problem.kind) for problem in plan_.problems] == [(2, "held_on", "used_up")]


def test_catch_up_that_is_planned_takes_a_list(station, officers):
    record(plan(station), officers[:1])
    catch_up = plan(station, kind=Session.Kind.CATCH_UP, held_on=TODAY, at=time(9))
    bring(as_csv([row_of(officers[1], station, held_on=TODAY)]))
    assert list(entries(catch_up)) == [(officers[1].pk, 1)]


def test_two_sessions_on_one_day_are_written_down_on_their_pages(station, officers):
    plan(station, at=time(9))
    plan(station, at=time(14))
    (problem,) = dry_run(as_csv([row_of(officers[0], station)])).problems
    assert problem.kind == "several"


def test_officer_transferred_between_two_sessions_is_where_she_served(station, officers):
    post_officer(by=SYSTEM, officer=officers[0], station=a_station(trained=False), starts_on=LAST_WEEK)
    plan_ = dry_run(
        as_csv([row_of(officers[0], station, held_on=LAST_WEEK - timedelta(days=1)), row_of(officers[0], station)])
    )
    assert ([row.row.row for row in plan_.rows], [problem.kind for problem in plan_.problems]) == ([2], ["posting"])


def test_posting_made_by_mistake_puts_nobody_on_a_list(station, officers):
    officers[0].postings.update(withdrawn_at=NOW, withdrawn_reason="Another officer's code")
    (problem,) = dry_run(as_csv([row_of(officers[0], station)])).problems
    assert problem.kind == "posting"


def test_what_changed_since_it_was_looked_at_is_not_written(station, officers):
    content = as_csv([row_of(officers[0], station, before="40")])
    seen = dry_run(content).fingerprint
    record(plan(station), {officers[0]: Entry(came=True, score_before=70)})
    with pytest.raises(ImportChangedMeanwhile):
        bring(content, seen=seen, reason="Mine is right")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "expected a header and rows below it"),
        (b"\xff\xfe\x00", "expected text in UTF-8"),
        (b"PK\x03\x04 no workbook", "expected a whole XLSX workbook"),
        (b"officer;module\nOF1;1\n", "missing column; the header must name it"),
        (
            "officer,module,held_on,station\n=cmd|' /C calc'!A0,1,2026-11-11,Estación 01\n".encode(),
            "a spreadsheet takes",
        ),
        ("officer,module,held_on,station\nOF1,²,2026-11-11,Estación 01\n".encode(), "expected one of 1, 2"),
        ("officer,module,held_on,station\nOF1,1,11/11/2026,Estación 01\n".encode(), "expected a day such as"),
        (b"officer,module,held_on,station\n" + b"x" * 17 + b",1,2026-11-11,E\n", "expected at most 16 characters"),
        (b"officer,module,held_on,station\n'; DROP TABLE x,1,2026-11-11,E\n", "no officer has the code"),
    ],
)
def test_hostile_file_is_told_in_words(station, content, said):
    plan_ = dry_run(content)
    assert [problem for problem in plan_.problems if said in str(problem)]
    assert plan_.rows == []


def test_query_count_does_not_grow_with_the_rows(station, officers, django_assert_num_queries):
    small, large = (as_csv([row_of(officer, station) for officer in chosen]) for chosen in (officers[:1], officers))
    with django_assert_num_queries(7):
        dry_run(small)
    with django_assert_num_queries(7):
        dry_run(large)


def test_writing_does_not_take_more_queries_for_more_rows(station, officers, django_assert_num_queries):
    small, large = (as_csv([row_of(officer, station) for officer in chosen]) for chosen in (officers[:1], officers))
    seen = dry_run(large).fingerprint
    with django_assert_num_queries(18):
        bring(large, seen=seen)
    Attendance.objects.all().delete()
    seen = dry_run(small).fingerprint
    with django_assert_num_queries(18):
        bring(small, seen=seen)


def test_only_administrators_import(station, officers):
    with pytest.raises(PermissionMissing):
        bring(as_csv([row_of(officers[0], station)]), by=UserFactory(role=Role.STATISTICIAN))


# --- On the page -----------------------------------------------------------------------------------------------------


def send(client, content: bytes, name: str = "lista.csv"):
    return client.post(reverse("training_import"), {"list_file": SimpleUploadedFile(name, content)})


def sent_back(response, **more) -> dict[str, str]:
    """Return what the page's hidden fields hold, as a browser would send it."""
    kept = response.context["form"].kept
    return {name: kept[name] for name in ("list_text", "list_name")} | {
        "seen": response.context["plan"].fingerprint,
        **more,
    }


def long_ago(officers, station, **changes) -> bytes:
    day = timezone.localdate() - timedelta(days=7)
    return as_csv([row_of(officer, station, held_on=day, **changes) for officer in officers])


def test_administrator_looks_through_a_list_and_writes_it(administrator, station, officers):
    response = send(administrator, long_ago(officers, station, before="40"))
    page = words(response)
    assert "Problems&nbsp;· 0 New&nbsp;· 3 Changed&nbsp;· 0 Unchanged&nbsp;· 0" in page
    assert "the import would make them, for everybody: Estación" in page
    response = administrator.post(reverse("training_import_confirm"), sent_back(response), follow=True)
    assert "The list is written down." in words(response)
    assert Attendance.objects.filter(score_before=40).count() == 3
    response = send(administrator, long_ago(officers, station, before="40"))
    assert "Nothing to change: the list says what is already stored." in words(response)


def test_correction_on_the_page_asks_for_its_reason_and_keeps_the_list(administrator, station, officers):
    confirm = reverse("training_import_confirm")
    response = send(administrator, long_ago(officers, station, before="40"))
    administrator.post(confirm, sent_back(response))
    response = send(administrator, long_ago(officers, station, before="50"))
    assert "score before: 40 → 50" in words(response)
    response = administrator.post(confirm, sent_back(response))
    assert "Something that was already written down changes. Say why." in words(response)
    administrator.post(confirm, sent_back(response, reason="The sheet says so"))
    assert Attendance.objects.filter(score_before=50).count() == 3


def test_list_with_a_problem_offers_no_button_and_a_forged_one_writes_nothing(administrator, station, officers):
    response = send(administrator, long_ago(officers, station) + b"OF99999,1,2026-01-01,Estaci\xc3\xb3n 01\n")
    assert "1 problem: nothing can be written until it is mended." in words(response)
    assert "Write it" not in words(response)
    administrator.post(reverse("training_import_confirm"), sent_back(response))
    assert not Attendance.objects.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "The submitted file is empty."), (b"x" * (512 * 1024 + 1), "The file is larger than 512 kB")],
)
def test_file_that_is_no_list_is_told(administrator, station, content, said):
    assert said in words(send(administrator, content))


def test_confirming_nothing_leads_back(administrator, station):
    assert administrator.post(reverse("training_import_confirm")).url == reverse("training_import")


def test_list_of_a_session_can_be_brought_back_as_it_is(administrator, station, officers):
    session = plan(station, held_on=timezone.localdate() - timedelta(days=1))
    listed = administrator.get(reverse("training_roster", args=[session.pk])).content
    response = send(administrator, listed)
    assert "New&nbsp;· 3" in words(response)
    administrator.post(reverse("training_import_confirm"), sent_back(response))
    assert [row.officer for row in session.attendances.order_by("officer")] == officers
