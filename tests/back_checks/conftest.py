"""A woman whose survey was taken by one interviewer, and others who may ask her again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from accounts.models import User
from accounts.roles import Role
from back_checks.models import BackCheck
from participants.models import Participant
from protocol.queries import current_protocol
from protocol.watching import BackChecks, Watching
from stations.models import District
from surveys.models import Instrument, InterviewerProfile, Submission, SurveyCase
from surveys.services import lay_questionnaires
from tests.factories import (
    NOW,
    TODAY,
    DistrictFactory,
    ParticipantFactory,
    ProtocolVersionFactory,
    UserFactory,
)
from tests.surveys.conftest import STUDY

YESTERDAY = NOW - timedelta(days=1)
ANSWERS = {
    "privacy": "yes", "agreement": "yes", "age": "34", "education": "secondary", "children": "2",
    "years_together": "9", "place_to_stay": "yes", "people_to_turn_to": "one", "response_2": "4", "response_4": "3",
}  # fmt: skip


@dataclass(frozen=True)
class Field:
    instrument: Instrument
    elsewhere: District
    first: User
    second: User

    def another(self, *, district: District | None = None, surveys_a_week: int = 20) -> User:
        """Return an interviewer who lives in a district, by default none of the study's."""
        user = UserFactory(role=Role.INTERVIEWER)
        InterviewerProfile.objects.create(
            user=user, district=district or self.elsewhere, surveys_a_week=surveys_a_week, changed_at=NOW,
            changed_by=user,
        )  # fmt: skip
        return user

    def woman(self) -> Participant:
        return ParticipantFactory(interviewer=self.first)

    def survey(self, woman: Participant, *, at: datetime = YESTERDAY, wave: int = 0, **fields) -> Submission:
        """Return a survey that her interviewer took."""
        day = (at - timedelta(hours=5)).date()
        case = SurveyCase.objects.create(
            participant=woman, wave=f"month_{wave}", wave_number=wave, due_on=day, window_from=day, window_until=day,
            status="done", status_changed_at=at,
        )  # fmt: skip
        values = {"submitted_by": self.first, "answers": ANSWERS, **fields}
        return Submission.objects.create(
            case=case, instrument=self.instrument, submitted_at=at, instance_id=f"uuid:{uuid4()}",
            content_sha256="0" * 64, **values,
        )  # fmt: skip

    def check(self, woman: Participant | None = None, **fields) -> BackCheck:
        """Return a back-check in the second interviewer's hands."""
        woman = woman or self.woman()
        until = TODAY + timedelta(days=9)
        values = {"interviewer": self.second, "chosen_at": NOW, "window_from": TODAY, "window_until": until, **fields}
        values.setdefault("status_changed_at", NOW)
        survey = values.pop("submission", None) or self.survey(woman)
        return BackCheck.objects.create(participant=woman, submission=survey, first=self.first, **values)


def laid_field() -> Field:
    ProtocolVersionFactory()
    questionnaires = lay_questionnaires(by=STUDY, now=NOW - timedelta(days=400))
    bare = Field(questionnaires["baseline"], DistrictFactory(), UserFactory(role=Role.INTERVIEWER), None)
    return Field(bare.instrument, bare.elsewhere, bare.first, bare.another())


@pytest.fixture
def field(db) -> Field:
    return laid_field()


def draw_all(monkeypatch: pytest.MonkeyPatch, *, share_pct: int = 100, **more: object) -> None:
    """Let the protocol draw every survey."""
    changed = current_protocol().model_copy(
        update={"watching": Watching(back_checks=BackChecks(share_pct=share_pct, **more))}
    )
    for place in ("back_checks.services.choosing", "back_checks.queries"):
        monkeypatch.setattr(f"{place}.current_protocol", lambda: changed)
