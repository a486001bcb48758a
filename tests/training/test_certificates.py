"""Certificates: for who attended, once each, checked by their code, void with their session."""

import re

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from stations.queries import study_codes
from tests.documents.test_pdf import pages
from tests.factories import NOW, UserFactory
from tests.fixtures.study import SYSTEM
from tests.training.conftest import ABSENT, CAME, plan, record
from training.attendance import Entry
from training.certificate_code import as_stored, certificate_code, in_groups
from training.models import Certificate
from training.presenters.papers import certificates_pdf
from training.queries.certificates import certificate_with
from training.services import NothingToCertify, SessionNotHeld, issue_certificates, withdraw_session

pytestmark = pytest.mark.django_db

LABELS = {1: "Roles", 2: "Causas"}


def issue(session, **changes):
    return issue_certificates(by=SYSTEM, session=session, now=NOW, **changes)


@pytest.mark.requirement("F52")
def test_who_attended_gets_a_certificate_for_each_module(station, officers):
    late = Entry(came=True, minutes_late=31)
    session = record(plan(station, modules=[1, 2]), {officers[0]: CAME, officers[1]: late, officers[2]: ABSENT})
    issued = issue(session)
    assert [(one.attendance.officer, one.attendance.module, one.hours) for one in issued] == [
        (officers[0], 1, 4), (officers[0], 2, 4),
    ]  # fmt: skip
    assert Event.objects.get(action="training.issue_certificates").details == {"certificates": 2, "new": 2}


def test_printed_twice_it_is_the_same_paper(station, officers):
    session = record(plan(station), officers)
    first, again = issue(session), issue(session)
    assert [one.code for one in first] == [one.code for one in again]
    assert certificates_pdf(first, labels=LABELS) == certificates_pdf(again, labels=LABELS)
    assert [event.details["new"] for event in Event.objects.filter(action="training.issue_certificates")] == [3, 0]


def test_paper_names_the_officer_by_her_code_and_no_station(station, officers):
    session = record(plan(station), officers[:1])
    (page,) = pages(certificates_pdf(issue(session), labels=LABELS))
    for said in (officers[0].code, "1. Roles", "Nov. 11, 2026", "Auditorio", "T1", "4"):
        assert said in page.split("\n")
    assert in_groups(Certificate.objects.get().code) in page
    code = study_codes()[station.pk]
    assert not [kept for kept in (code, station.name, station.code, officers[0].user.display_name) if kept in page]


def test_one_officer_s_certificates_alone(station, officers):
    session = record(plan(station), officers)
    assert [one.attendance.officer for one in issue(session, officer=officers[1])] == [officers[1]]
    assert Certificate.objects.count() == 1
    assert len(issue(session)) == 3


def test_nothing_is_issued_for_what_was_not_attended(station, officers):
    session = plan(station)
    with pytest.raises(SessionNotHeld):
        issue(session)
    session = record(session, {officers[0]: Entry(came=True, minutes_late=31)})
    with pytest.raises(NothingToCertify):
        issue(session)
    withdraw_session(by=SYSTEM, session=session, reason="By mistake", seen=1)
    with pytest.raises(SessionNotHeld):
        issue(session)


def test_only_administrators_issue(station, officers):
    with pytest.raises(PermissionMissing):
        issue_certificates(by=UserFactory(role=Role.STATISTICIAN), session=record(plan(station), officers), now=NOW)


def test_certificate_holds_until_the_session_is_withdrawn(station, officers):
    session = record(plan(station), officers)
    (certificate, *_others) = issue(session)
    assert certificate_with(in_groups(certificate.code).lower()).is_valid
    withdraw_session(by=SYSTEM, session=session, reason="By mistake", seen=1)
    assert not certificate_with(certificate.code).is_valid


def test_certificate_holds_until_the_attendance_is_corrected(station, officers):
    session = record(plan(station), officers)
    (certificate, *_others) = issue(session)
    record(session, {officers[0]: ABSENT}, reason="She was on leave")
    assert not certificate_with(certificate.code).is_valid


def test_query_count_does_not_grow(station, officers, django_assert_num_queries):
    session = record(plan(station), officers[:1])
    with django_assert_num_queries(7):
        issue(session)
    session = record(session, officers)
    with django_assert_num_queries(7):
        issue(session)


facts = st.dictionaries(st.text(max_size=8), st.integers() | st.text(max_size=8), max_size=4)


@given(one=facts, other=facts)
def test_code_is_of_the_facts_and_reads_back_as_typed(one, other):
    code = certificate_code(one, key=b"k")
    assert re.fullmatch("[A-Z2-7]{16}", code)
    assert as_stored(f" {in_groups(code).lower()} ") == code
    assert (certificate_code(other, key=b"k") == code) == (one == other)
    assert certificate_code(one, key=b"other") != code


def test_administrator_takes_the_papers_and_checks_one(administrator, station, officers):
    session = record(plan(station), officers)
    page = administrator.get(reverse("training_session", args=[session.pk])).content.decode()
    assert "All certificates (PDF)" in page
    everybody = administrator.post(reverse("training_certificates", args=[session.pk]))
    assert (everybody["Content-Type"], everybody.content[:5]) == ("application/pdf", b"%PDF-")
    assert len(pages(everybody.content)) == 3
    one = administrator.post(reverse("training_certificate", args=[session.pk, officers[0].pk]))
    assert len(pages(one.content)) == 1
    code = in_groups(Certificate.objects.first().code)
    assert "Genuine, and it holds." in administrator.get(reverse("training_check"), {"codigo": code}).content.decode()
    withdraw_session(by=SYSTEM, session=session, reason="By mistake", seen=1)
    page = administrator.get(reverse("training_check"), {"codigo": code}).content.decode()
    assert "Genuine, but it holds no more" in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("ABCD-EFGH-IJKL-MNOP", "No certificate has this code."),
        ("' OR 1=1 --", "No certificate has this code."),
        ("A\0B", "Null characters are not allowed."),
        ("A" * 61, "Ensure this value has at most 60 characters"),
        ("", "This field is required."),
    ],
)
def test_code_that_is_none_is_told(administrator, typed, said):
    assert said in administrator.get(reverse("training_check"), {"codigo": typed}).content.decode()


def test_certificates_of_a_session_to_come_are_refused_in_words(administrator, station):
    session = plan(station)
    response = administrator.post(reverse("training_certificates", args=[session.pk]), follow=True)
    assert "Certificates are handed out once the session was held" in response.content.decode()


def test_certificates_are_not_made_by_a_link(administrator, station, officers):
    session = record(plan(station), officers)
    assert administrator.get(reverse("training_certificates", args=[session.pk])).status_code == 405
    assert administrator.get(reverse("training_certificate", args=[session.pk, officers[0].pk])).status_code == 405


def test_sheet_to_sign_has_the_roster(administrator, station, officers):
    response = administrator.get(reverse("training_sheet", args=[plan(station, modules=[1, 2]).pk]))
    (page,) = pages(response.content)
    assert [line for line in page.split("\n") if line.startswith("OF")] == [officer.code for officer in officers]
