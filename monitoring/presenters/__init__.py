"""How the watched jobs are called on pages, and recruitment in tables and words."""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from monitoring.recruitment_tables import flow_table
from monitoring.shares import share, shown_share
from panel.small_cells import SMALLEST_SHOWN, shown_counts
from participants.models import Participant
from participants.queries import Recruiter
from participants.recruitment import FlowCell
from phone.presenters.phones import duration
from protocol.queries import current_protocol
from protocol.schema import Screening
from surveys.models import SurveyCase

JOBS: dict[str, str | Promise] = {
    "visits.plan_coming_week": _("Plan of the week"),
    "visits.mark_missed": _("Missed visits"),
    "visits.replan_pending": _("Plans after a change"),
    "visits.raise_missed_in_a_row": _("Visits missed in a row"),
    "monitoring.tell_in_charge": _("Those in charge told"),
    "visits.escalate_missed": _("Missed visits told of"),
    "visits.make_digests": _("Stations' mornings"),
    "visits.assign_open": _("Officers of visits"),
    "stations.check_allocation": _("Check of the draw"),
    "participants.watch_access": _("Watch over access"),
    "participants.send_notices": _("Notices sent"),
    "participants.send_messages": _("Messages sent"),
    "surveys.share_out_women": _("Women shared out among interviewers"),
    "surveys.schedule_new_participants": _("Surveys of new participants"),
    "participants.drop_expired_imports": _("Imports left lying"),
    "participants.forget_reports": _("Reports of women who did not join"),
    "participants.return_from_pauses": _("Pauses that end"),
    "referrals.sweep": _("Referrals to follow up"),
    "risk.escalate_waiting": _("Sheets overdue"),
    "safety.escalate_cases": _("Clock of safety cases"),
    "safety.send_notices": _("Safety cases told of"),
    "data_protection.sweep": _("Terms about personal data"),
    "data_protection.send_notices": _("Notices about personal data"),
    "monitoring.count_dose": _("Visits counted"),
    "monitoring.check_audit": _("Check of the audit"),
    "data_lock.check": _("Recounts of locked data"),
    "quality.check_data": _("Checks of the data"),
    "back_checks.choose": _("Surveys to ask again"),
    "quality.count_people": _("Shares of people counted"),
    "surveys.mark_overdue": _("Overdue surveys"),
    "interviews.drop_unfinished": _("Files brought by half"),
    "panel.count_columns": _("Pictures of the data"),
    "panel.sweep_releases": _("Releases of data"),
}


def job_label(job: str) -> str | Promise:
    """Return a job's name for people."""
    return JOBS[job]


@dataclass(frozen=True, slots=True)
class RecruiterRow:
    """Somebody who screens, with the study code of her station."""

    recruiter: Recruiter
    station: str
    role: str


def recruitment_tables(
    cells: list[FlowCell], codes: Mapping[int, str], *, station: int | None, hides_small: bool
) -> dict[str, Any]:
    """Return the women by station, and by month (of one station if `station` is given), each with its totals."""
    of_months = [cell for cell in cells if station in {None, cell.station_id}]
    months = {cell.month: date_format(cell.month, "YEAR_MONTH_FORMAT") for cell in sorted(of_months, key=_by_month)}
    total = gettext("All")
    return {
        "stations": flow_table(cells, codes, by=_by_station, total=total, hides_small=hides_small),
        "months": flow_table(of_months, months, by=_by_month, total=total, hides_small=hides_small) if months else [],
    }


def exclusion_rows(
    counts: Mapping[int, Mapping[str, int]], rules: Screening | None, *, station: int | None, language: str
) -> list[tuple[str, int]]:
    """Return how many women do not meet each rule, in the protocol's order, of one station if `station` is given."""
    found: dict[str, int] = {rule.code: 0 for rule in rules.rules} if rules else {}
    for of_station, by_reason in counts.items():
        for reason, women in by_reason.items() if station in {None, of_station} else ():
            found[reason] = found.get(reason, 0) + women
    labels = {rule.code: rule.exclusion.in_language(language) for rule in rules.rules} if rules else {}
    return [(labels.get(reason, reason), women) for reason, women in found.items()]


def blinding_counts(recruiters: Sequence[Recruiter], *, hides_small: bool) -> dict[str, int | None]:
    """Return how many screenings count, how many were by somebody who knew the group, and the per cent who did not.

    Of 1 to 4, and of what would tell of them, nothing (None) is said where small numbers are hidden.
    """
    screened = sum(recruiter.screened for recruiter in recruiters)
    knew = sum(recruiter.knew_arm for recruiter in recruiters)
    part = shown_share if hides_small else share
    return {
        "screened": screened,
        "knew_arm": None if hides_small and 0 < knew < SMALLEST_SHOWN else knew,
        "blinded_pct": part(screened - knew, screened),
    }


def without_small(rows: list[tuple[str, int]]) -> list[tuple[str, int | None]]:
    """Return the same rows with counts of 1 to 4 hidden (None)."""
    return list(shown_counts(dict(rows)).items())


def age_words(since: datetime | None, now: datetime) -> str:
    """Return how long something waits, in its largest unit; a dash where nothing does."""
    return "–" if since is None else duration(max(0, (now - since).total_seconds()))


CASE_AGE_LABELS: Mapping[str, str | Promise] = {
    "up_to_1_day": _("up to one day old"),
    "up_to_3_days": _("up to three days"),
    "up_to_7_days": _("up to a week"),
    "older": _("older"),
}


def case_age_rows(counts: Mapping[str, int]) -> list[tuple[str | Promise, int]]:
    """Return how many alerts are open, by age in words."""
    return [(CASE_AGE_LABELS[age], number) for age, number in counts.items()]


def referral_line(counts: Mapping[str, int]) -> dict[str, int | None]:
    """Return the counts of referrals with their sum as "all", 1 to 4 hidden (None)."""
    offered = sum(counts.values())
    return {"all": None if 0 < offered < SMALLEST_SHOWN else offered, **shown_counts(counts)}


def recruiter_rows(recruiters: Iterable[Recruiter], codes: Mapping[int, str]) -> list[RecruiterRow]:
    """Return who screened at the stations of the study, by study code."""
    rows = [
        RecruiterRow(recruiter, codes[recruiter.station_id], str(Role(recruiter.role).label))
        for recruiter in recruiters
        if recruiter.station_id in codes
    ]
    return sorted(rows, key=lambda row: (row.station, row.recruiter.name))


def _by_station(cell: FlowCell) -> int:
    return cell.station_id


def _by_month(cell: FlowCell) -> date:
    return cell.month


STATE_LABELS: Mapping[str, str | Promise] = {
    "coming": _("Coming"),
    "in_window": _("In window"),
    **{str(status): status.label for status in SurveyCase.Status if status != SurveyCase.Status.DUE},
}
_OTHER_REASONS = {"her_choice": _("Her choice"), "not_renewed": _("Newer text not signed in time")}


def wave_labels(language: str) -> dict[Hashable, str]:
    """Return the protocol's waves by number."""
    return {number: wave.label.in_language(language) for number, wave in enumerate(current_protocol().waves)}


def reason_labels(reasons: Collection[str]) -> dict[Hashable, str]:
    """Return the words for why surveys were missed, in the order of their codes; a status of hers has its own."""
    words = {**dict(Participant.Status.choices), **dict(SurveyCase.MissedReason.choices), **_OTHER_REASONS}
    return {reason: str(words.get(reason, reason)) for reason in sorted(reasons)}


def interviewer_labels(ids: Collection[int | None], *, with_names: bool) -> dict[Hashable, str]:
    """Return the interviewers by id, by name for the coordinator, otherwise numbered; None is nobody."""
    people = User.objects.filter(pk__in=[pk for pk in ids if pk]).order_by("pk")
    found: dict[Hashable, str] = {
        person.pk: person.display_name if with_names else gettext("Interviewer %(number)s") % {"number": number}
        for number, person in enumerate(people, start=1)
    }
    return {**found, None: gettext("Nobody")} if None in ids else found
