"""Reading the plan, and whether the groups may be named, and to whom."""

from datetime import date

from django.db.models import Exists, Max

from accounts.actors import Actor
from accounts.models import User
from data_lock.queries import are_outcomes_locked as held_outcomes
from data_lock.queries import locks_standing
from panel.columns import Label, Values
from panel.models import PlanVersion, Unblinding
from panel.plan_states import PlanStanding, PlanState, UnblindingState
from protocol.queries import current_protocol
from protocol.schema import StudyProtocol
from stations.queries import study_stations
from surveys.models import SurveyCase
from surveys.schedule import HELD, OPEN


def last_plan() -> PlanVersion | None:
    """Return the newest version that is no old draft: what is being worked on, or else what is locked."""
    return PlanVersion.objects.listed().exclude(state=PlanState.REPLACED).first()


def confirmed_plan() -> PlanVersion | None:
    """Return the plan that says what is confirmatory: the newest that was locked before unblinding."""
    return PlanVersion.objects.confirmed().select_related("proposed_by", "locked_by").first()


def plan_standing(sha256: str) -> PlanStanding:
    """Say how the plan of that hash stands: whether it is the one that is locked, one that came late, or neither."""
    confirmed = confirmed_plan()
    if confirmed is not None and confirmed.sha256 == sha256:
        return PlanStanding.LOCKED
    late = PlanVersion.objects.locked().filter(is_late=True, sha256=sha256)
    return PlanStanding.LATE if late.exists() else PlanStanding.NOT_LOCKED


def is_unblinded() -> bool:
    """Say whether unblinding is recorded."""
    return Unblinding.objects.recorded().exists()


def recorded_unblinding() -> Unblinding | None:
    """Return the unblinding that is recorded, with its plan and both people."""
    return Unblinding.objects.recorded().select_related("plan", "asked_by", "decided_by").first()


def open_request() -> Unblinding | None:
    """Return the request to unblind that waits for a second person, with its plan and who asked."""
    waiting = Unblinding.objects.filter(state=UnblindingState.ASKED)
    return waiting.select_related("plan", "asked_by").first()


def request_to_approve(user: User) -> Unblinding | None:
    """Return the request that a person may approve as the second; None where none waits for her as it stands."""
    waiting = open_request()
    if waiting is None or user.pk == waiting.asked_by_id or user.role == waiting.asked_role:
        return None
    plan = confirmed_plan()
    is_under_it = plan is not None and plan.pk == waiting.plan_id
    return waiting if is_under_it and waiting.is_still_asked else None


def reads_arm(actor: Actor) -> bool:
    """Say whether somebody gets what tells the groups apart: by her role, or by it once unblinding is recorded."""
    return Unblinding.objects.let_read_arm(actor)


def are_outcomes_locked() -> bool:
    """Say whether all that the trial's outcomes are made of is locked: everything, or each wave's surveys."""
    return held_outcomes(locks_standing(), [wave.code for wave in current_protocol().waves])


def follow_up_until(today: date) -> date | None:
    """Return the last day on which a survey that is still open may be made; None where follow-up is over."""
    still_open = SurveyCase.objects.filter(status__in=OPEN | HELD, window_until__gte=today)
    last: date | None = still_open.aggregate(last=Max("window_until"))["last"]
    return last


def group_labels(protocol: StudyProtocol) -> Values:
    """Return the arm of each group by its number; nothing before unblinding is recorded."""
    labels = {arm.code: Label(arm.label.es, arm.label.en) for arm in protocol.arms}
    named = study_stations().filter(Exists(Unblinding.objects.recorded()))
    found = dict(named.values_list("blinded_group", "arm").order_by("blinded_group").distinct())
    return tuple((str(number), labels[arm]) for number, arm in found.items() if arm in labels)
