"""No sequence of actions lets a woman who ended something receive a visit, a survey, a message or an export of it.

The machine calls the services in any order, with what they refuse refused, and looks after each step.
"""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from accounts.actors import SystemActor
from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission
from accounts.roles import Role
from messaging.senders import Way
from panel.queries import datasets
from panel.services import export_dataset
from participants import queries, services
from participants.consent_scopes import Part, Scope
from participants.identity import Identity
from participants.models import Consent, OutgoingMessage, Participant, SafeContactPlan, Transfer
from participants.status import REASONS, TRANSITIONS
from referrals.models import Referral
from referrals.states import OPEN as FOLLOWED
from risk.services import assess_risk
from stations.models import Station
from surveys.models import SurveyCase
from surveys.queries import cases_waiting
from surveys.schedule import OPEN
from surveys.services import lay_questionnaires, mark_overdue, schedule_waves
from tests.factories import (
    NOW,
    OfficerFactory,
    ParticipantFactory,
    ProtocolVersionFactory,
    ReferralFactory,
    ScaleFactory,
    StationFactory,
    UserFactory,
    lock_allocation,
)
from tests.participants.conftest import consent_text
from tests.participants.test_services import consent_to
from visits.services import plan_week, replan_participant
from visits.weeks import WEEK, monday_of

STUDY = SystemActor("test", frozenset(Permission))
STATISTICIAN = SystemActor("test", frozenset({Permission.EXPORT_PANEL, Permission.READ_ARM}))
WHICH = st.integers(0, 1)
SIX = ("visits", "surveys", "interview", "audio", "linkage", "recontact")


@dataclass(frozen=True)
class Ground:
    """Two stations of different arms, their police, and an interviewer."""

    stations: tuple[Station, Station]
    supervisors: dict[int, User]
    officers: dict[int, User]
    interviewer: User


def lay_ground() -> Ground:
    ProtocolVersionFactory()
    ScaleFactory()
    consent_text()
    lay_questionnaires(by=STUDY, now=NOW)
    stations = (StationFactory(), StationFactory())
    lock_allocation({stations[0]: "risk_scale", stations[1]: "training"})

    def police(role: Role) -> dict[int, User]:
        return {at.pk: OfficerFactory(user=UserFactory(role=role), posted_at=at).user for at in stations}

    return Ground(stations, police(Role.SUPERVISOR), police(Role.OFFICER), UserFactory(role=Role.INTERVIEWER))


class PartMachine(RuleBasedStateMachine):
    """Two women, and whatever may be done with their part in the study."""

    ground: Ground

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.now = NOW
        self.women = [self.enrolled(number) for number in range(2)]

    def teardown(self) -> None:
        self.check_export()
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    def enrolled(self, number: int) -> int:
        identity = Identity(f"Rosa Quispe {number}", document=f"4567890{number}", telephone=f"98765432{number}")
        woman = ParticipantFactory(
            station=self.ground.stations[number], interviewer=self.ground.interviewer, identity=identity,
            enrolled_on=timezone.localdate(NOW) - timedelta(days=80), scopes=SIX,
        )  # fmt: skip
        SafeContactPlan.objects.filter(participant=woman).update(channel=SafeContactPlan.Channel.MESSAGE)
        ReferralFactory(participant=woman)
        return woman.pk

    def woman(self, which: int) -> Participant:
        return Participant.objects.get(pk=self.women[which])

    def attempt(self, act: Callable[..., object], **words: object) -> None:
        """Do it a little later than all before; what is refused changes nothing."""
        self.now += timedelta(minutes=7)
        try:
            with transaction.atomic():
                act(now=self.now, **words)
        except StudyError:
            pass

    def supervisor(self, woman: Participant) -> User:
        return self.ground.supervisors[woman.station_id]

    # --- what is done ------------------------------------------------------------------------------------------------

    @rule(days=st.integers(1, 9))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)
        mark_overdue(by=STUDY, now=self.now)
        for woman in queries.participants_to_return(timezone.localdate(self.now)):
            services.return_from_pause(by=STUDY, participant=woman, now=self.now)

    @rule(which=WHICH, data=st.data())
    def status_changes(self, which: int, data: st.DataObject) -> None:
        woman = self.woman(which)
        to = data.draw(st.sampled_from(sorted(set(TRANSITIONS) - {"withdrawn"})))
        reason = data.draw(st.sampled_from(REASONS[to]))
        days = data.draw(st.integers(1, 9)) if to == "paused" else None
        return_on = timezone.localdate(self.now) + timedelta(days=days) if days else None
        words = {"to": Participant.Status(to), "reason": reason, "return_on": return_on}
        self.attempt(services.change_status, participant=woman, by=self.supervisor(woman), **words)

    @rule(which=WHICH)
    def she_leaves(self, which: int) -> None:
        woman = self.woman(which)
        self.attempt(services.withdraw_participant, participant=woman, by=self.supervisor(woman), reason="not_said")

    @rule(which=WHICH, part=st.sampled_from(Part))
    def she_ends_a_part(self, which: int, part: Part) -> None:
        woman = self.woman(which)
        self.attempt(
            services.withdraw_in_part, participant=woman, by=self.supervisor(woman), parts=[part], reason="time"
        )

    @rule(days=st.integers(0, 9))
    def a_newer_text_overtakes_consents(self, days: int) -> None:
        lapses_on = timezone.localdate(self.now) + timedelta(days=days)
        Consent.objects.filter(ended_at=None).update(lapses_on=lapses_on)
        mark_overdue(by=STUDY, now=self.now)
        self.replan()

    @rule(which=WHICH, scopes=st.sets(st.sampled_from(SIX)))
    def she_signs_again(self, which: int, scopes: set[str]) -> None:
        woman = self.woman(which)
        self.attempt(
            services.renew_consent, participant=woman, by=self.supervisor(woman), consent=consent_to(*sorted(scopes))
        )

    @rule(which=WHICH, accepts=st.booleans())
    def she_goes_over(self, which: int, accepts: bool) -> None:
        woman = self.woman(which)
        other = next(station for station in self.ground.stations if station.pk != woman.station_id)
        asked = self.supervisor(woman)
        agreement = services.Agreement(asked_by=asked, agreed_on=timezone.localdate(self.now))
        words = {"to_station": other, "reason": Transfer.Reason.NEW_HOME, "agreement": agreement}
        self.attempt(services.propose_transfer, participant=woman, by=self.supervisor(woman), **words)
        if accepts and (proposed := woman.transfers.open().first()):
            self.attempt(services.accept_transfer, by=self.ground.supervisors[other.pk], transfer=proposed)

    @rule(weeks=st.integers(0, 2))
    def a_week_is_planned(self, weeks: int) -> None:
        monday = monday_of(timezone.localdate(self.now)) + weeks * WEEK
        plan_week(by=STUDY, monday=monday, station_ids=[s.pk for s in self.ground.stations], now=self.now)

    @rule()
    def replan(self) -> None:
        for which in range(len(self.women)):
            replan_participant(by=STUDY, participant=self.woman(which), now=self.now)

    @rule(which=WHICH, answer=st.sampled_from(["si", "no"]))
    def her_risk_is_assessed(self, which: int, answer: str) -> None:
        woman = self.woman(which)
        officer = self.ground.officers[woman.station_id]
        self.attempt(assess_risk, participant=woman, by=officer, answers={"1": answer, "9": answer}, overrides={})
        self.replan()

    @rule(which=WHICH)
    def surveys_are_scheduled(self, which: int) -> None:
        self.attempt(schedule_waves, participant=self.woman(which), by=STUDY)

    @rule(which=WHICH, by_police=st.booleans())
    def a_message_is_written(self, which: int, by_police: bool) -> None:
        woman = self.woman(which)
        by = self.supervisor(woman) if by_police else self.ground.interviewer
        self.attempt(services.queue_message, participant=woman, by=by, text_code="call_me", way=Way.SMS)

    # --- what must hold ----------------------------------------------------------------------------------------------

    def all_women(self) -> Iterator[tuple[Participant, set[str], set[str]]]:
        """Each woman with what she has not ended, and of it what counts today."""
        for pk in self.women:
            woman = Participant.objects.get(pk=pk)
            kept = set(woman.consents.filter(ended_at=None).values_list("scope", flat=True))
            yield woman, kept, set(queries.agreed_by(woman, timezone.localdate(self.now)))

    @invariant()
    def whoever_ended_it_gets_no_visit(self) -> None:
        today = timezone.localdate(self.now)
        for woman, kept, _counts in self.all_women():
            if woman.status != "enrolled" or Scope.VISITS not in kept:
                assert not woman.visits.filter(status="planned", planned_on__gt=today).exists()

    @invariant()
    def whoever_ended_it_or_rests_gets_no_survey(self) -> None:
        for woman, kept, counts in self.all_women():
            open_cases = SurveyCase.objects.filter(participant=woman, status__in=OPEN)
            if woman.status in ("withdrawn", "deceased", "completed", "paused") or Scope.SURVEYS not in kept:
                assert not open_cases.exists()
            if Scope.SURVEYS not in counts:
                today = timezone.localdate(self.now)
                assert not cases_waiting(self.ground.interviewer, today).filter(participant=woman).exists()

    @invariant()
    def whoever_ended_it_or_rests_gets_no_message(self) -> None:
        for woman, kept, _counts in self.all_women():
            waiting = OutgoingMessage.objects.filter(participant=woman, state="queued")
            if woman.status not in ("enrolled", "completed"):
                assert not waiting.exists()
            for purpose, scope in (("visits", Scope.VISITS), ("surveys", Scope.SURVEYS)):
                assert scope in kept or not waiting.filter(purpose=purpose).exists()

    @invariant()
    def nobody_who_left_is_followed(self) -> None:
        gone = Participant.objects.filter(status__in=("withdrawn", "deceased", "completed"))
        assert not Referral.objects.filter(participant__in=gone, status__in=FOLLOWED).exists()

    @invariant()
    def the_history_says_how_she_stands_and_her_station_of_enrolment_stays(self) -> None:
        for number, pk in enumerate(self.women):
            woman = Participant.objects.get(pk=pk)
            last = woman.status_changes.order_by("-pk").values_list("to_status", flat=True).first()
            assert last in (None, woman.status)
            assert woman.enrolled_station == self.ground.stations[number]

    def check_export(self) -> None:
        out = io.BytesIO()
        export_dataset(by=STATISTICIAN, dataset=datasets(reads_arm=True)[0], out=out, now=self.now)
        rows = list(csv.DictReader(io.StringIO(out.getvalue().decode())))
        states = list(self.all_women())
        assert len({row["woman"] for row in rows}) == sum(Scope.SURVEYS in counts for *_rest, counts in states)
        visited = {row["woman"] for row in rows if row["visits_planned"]}
        assert len(visited) == sum({Scope.SURVEYS, Scope.VISITS} <= counts for *_rest, counts in states)


@pytest.mark.django_db
@pytest.mark.requirement("F4", "N26")
def test_nothing_reaches_a_woman_who_ended_it_whatever_was_done_before():
    PartMachine.ground = lay_ground()
    run_state_machine_as_test(
        PartMachine,
        settings=settings(
            max_examples=8,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.explicit, Phase.generate),
        ),
    )
