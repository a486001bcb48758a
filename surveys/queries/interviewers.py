"""Who asks, and whom: what the rule that shares women out needs, and what the coordinator sees of it."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from accounts.models import User
from accounts.roles import Role
from participants.consent_scopes import Feature
from participants.models import Participant, ParticipantQuerySet
from participants.queries import conflicted_pairs, consent_to, homes_in, without_home
from participants.status import ENDED
from protocol.queries import current_protocol
from surveys.interviewing import Away, Bar, Interviewer, Sharing, Wish, Woman, bar_between, serving_weeks, share_out
from surveys.models import InterviewerAbsence, InterviewerChange, InterviewerProfile, SurveyCase
from surveys.queries.sittings import wishes
from surveys.schedule import OPEN
from visits.weeks import WEEK, monday_of

WEEKS_SHOWN = 4
_NOT_AGAIN = (InterviewerChange.Reason.SHE_ASKED, InterviewerChange.Reason.KNOWN)


@dataclass(frozen=True, slots=True)
class InterviewerRow:
    """An interviewer as the coordinator sees her: women, surveys in each week shown, and when she is away."""

    user: User
    district: str
    surveys_a_week: int
    women: int
    weeks: tuple[int, ...]
    absences: tuple[InterviewerAbsence, ...]
    is_away: bool


@dataclass(frozen=True, slots=True)
class ShortRow:
    """A woman, by code, who has nobody to ask her, or whose interviewer has too much or is away."""

    participant: Participant
    why: Bar


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody who could ask a woman instead, and what stands against it, if anything."""

    user: User
    bar: Bar | None


def interviewers_in_service() -> QuerySet[User]:
    """Return those who ask and may sign in, by name, with their profiles."""
    found = User.objects.filter(role=Role.INTERVIEWER, is_active=True)
    return found.select_related("interviewer_profile__district").order_by("display_name", "pk")


def women_to_ask(today: date) -> ParticipantQuerySet:
    """Return the women who take part and consent to surveys today, by id."""
    found = Participant.objects.exclude(status__in=ENDED).filter(consent_to(Feature.SURVEY, today))
    return found.select_related("station").order_by("pk")


def sharing(today: date) -> Sharing:
    """Return who should ask whom from today on, by the rule, for all women and interviewers."""
    women = as_women(list(women_to_ask(today)), today)
    return share_out(women, as_interviewers(interviewers_in_service(), today))


def as_interviewers(users: Iterable[User], today: date) -> list[Interviewer]:
    """Return people as the rule takes them."""
    away: dict[int, list[Away]] = defaultdict(list)
    for absence in absences_from(today):
        # Whoever is away today counts as away since Monday: the days before are over.
        first = monday_of(today) if absence.starts_on <= today else absence.starts_on
        away[absence.user_id].append(Away(first, absence.ends_on))
    found = []
    for user in users:
        profile = getattr(user, "interviewer_profile", None)
        most = profile.surveys_a_week if profile else current_protocol().instruments.surveys_a_week
        found.append(Interviewer(user.pk, profile.district_id if profile else None, most, tuple(away[user.pk])))
    return found


def as_women(participants: Collection[Participant], today: date) -> list[Woman]:
    """Return women as the rule takes them: her station's district is hers, and her next survey says the weeks.

    Whoever lives where she lives is barred as by a conflict: a district named as the reason would tell of her home.
    """
    ids = [participant.pk for participant in participants]
    users = list(User.objects.filter(role=Role.INTERVIEWER, is_active=True).values_list("pk", flat=True))
    barred: dict[int, set[int]] = defaultdict(set)
    for woman, user in (*conflicted_pairs(ids, users), *_neighbours(ids, users)):
        barred[woman].add(user)
    left = InterviewerChange.objects.filter(participant__in=ids, reason__in=_NOT_AGAIN, undone_at=None)
    for woman, before in left.exclude(before=None).values_list("participant", "before"):
        barred[woman].add(before)
    weeks, wanted = _weeks_of(ids, today), wishes(ids)
    for woman, (wish, user) in wanted.items():
        if wish == Wish.OTHER:
            barred[woman].add(user)
    return [
        Woman(
            participant.pk,
            frozenset({participant.station.district_id}),
            weeks.get(participant.pk, ()),
            participant.interviewer_id,
            wanted.get(participant.pk, (Wish.ANY, 0))[0],
            frozenset(barred[participant.pk]),
        )
        for participant in participants
    ]


def women_without_home(today: date) -> int:
    """Return how many of the women to ask have not been asked yet in which district they live."""
    return without_home(women_to_ask(today)).count()


def absences_from(today: date) -> QuerySet[InterviewerAbsence]:
    """Return the absences that go on or lie ahead, by person and day."""
    found = InterviewerAbsence.objects.filter(withdrawn_at=None).exclude(ends_on__lt=today)
    return found.order_by("user", "starts_on", "pk")


def interviewer_rows(found: Sharing, today: date) -> list[InterviewerRow]:
    """Return every interviewer in service with her load by week, this week first."""
    absences: dict[int, list[InterviewerAbsence]] = defaultdict(list)
    for absence in absences_from(today):
        absences[absence.user_id].append(absence)
    women = Counter(found.interviewer.values())
    rows = []
    for user in interviewers_in_service():
        profile = getattr(user, "interviewer_profile", None)
        own = tuple(absences[user.pk])
        rows.append(
            InterviewerRow(
                user=user,
                district=profile.district.name if profile else "",
                surveys_a_week=profile.surveys_a_week if profile else current_protocol().instruments.surveys_a_week,
                women=women[user.pk],
                weeks=tuple(found.load.get((user.pk, week), 0) for week in weeks_shown(today)),
                absences=own,
                is_away=any(absence.starts_on <= today for absence in own),
            )
        )
    return rows


def weeks_shown(today: date) -> tuple[date, ...]:
    """Return the Mondays of this week and the next ones."""
    return tuple(monday_of(today) + WEEK * number for number in range(WEEKS_SHOWN))


def short_rows(found: Sharing) -> list[ShortRow]:
    """Return the women who wait for somebody, by code, with the reason."""
    women = Participant.objects.filter(pk__in=found.short).select_related("interviewer").order_by("study_code")
    return [ShortRow(woman, found.short[woman.pk]) for woman in women]


def choices_for(participant: Participant, today: date) -> list[Choice]:
    """Return everybody else who asks, with what stands against sending her to this woman."""
    (woman,) = as_women([participant], today)
    users = {user.pk: user for user in interviewers_in_service()}
    people = as_interviewers(users.values(), today)
    return [Choice(users[person.id], bar_between(woman, person)) for person in people if person.id != woman.interviewer]


def changes_listed() -> QuerySet[InterviewerChange]:
    """Return how women went from one interviewer to another, the newest first."""
    return InterviewerChange.objects.select_related("participant", "before", "after", "changed_by")


def _neighbours(ids: Collection[int], users: Collection[int]) -> set[tuple[int, int]]:
    """Return who lives in whose district by what the women said, as (participant id, user id)."""
    living: dict[str, set[int]] = defaultdict(set)
    for user, district in InterviewerProfile.objects.filter(user__in=users).values_list("user", "district"):
        living[district].add(user)
    homes = homes_in(ids, living)
    return {(woman, user) for woman, own in homes.items() for district in own for user in living[district]}


def _weeks_of(ids: Collection[int], today: date) -> dict[int, tuple[date, ...]]:
    """Return the weeks of each woman's next survey, if its window begins soon enough to be shared out now."""
    rules = current_protocol().instruments
    ahead = today + timedelta(days=rules.share_ahead_days)
    cases = SurveyCase.objects.filter(participant__in=ids, status__in=OPEN, window_from__lte=ahead)
    found: dict[int, tuple[date, ...]] = {}
    for woman, due, first, last in cases.order_by("due_on", "pk").values_list(
        "participant", "due_on", "window_from", "window_until"
    ):
        found.setdefault(woman, serving_weeks(due, first, last, today=today))
    return found
