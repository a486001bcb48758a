"""Who may do what: one table, read by services, pages and tests alike."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.roles import Role


class Permission(StrEnum):
    """One thing that a role may or may not do. A service asks for it first."""

    MANAGE_PROTOCOL = "manage_protocol"
    MANAGE_FRAME = "manage_frame"
    ALLOCATE_STATIONS = "allocate_stations"
    APPROVE_ALLOCATION = "approve_allocation"
    CHECK_ALLOCATION = "check_allocation"
    READ_ARM = "read_arm"
    READ_ARM_UNBLINDED = "read_arm_unblinded"
    MANAGE_OFFICERS = "manage_officers"
    MANAGE_TRAINING = "manage_training"
    RECEIVE_REPORTS = "receive_reports"
    SCREEN_REPORTS = "screen_reports"
    ENROL_PARTICIPANTS = "enrol_participants"
    CHANGE_PARTICIPANT_STATUS = "change_participant_status"
    WITHDRAW_PARTICIPANTS = "withdraw_participants"
    TRANSFER_PARTICIPANTS = "transfer_participants"
    PLACE_PARTICIPANTS = "place_participants"
    OPEN_IDENTITY = "open_identity"
    OPEN_IN_EMERGENCY = "open_in_emergency"
    REVIEW_ACCESS = "review_access"
    SEE_WHO_LOOKED = "see_who_looked"
    WATCH_ACCESS = "watch_access"
    SEARCH_PEOPLE = "search_people"
    KEEP_STAFF_CARDS = "keep_staff_cards"
    SEND_MESSAGES = "send_messages"
    WATCH_PLANNER = "watch_planner"
    WRITE_MESSAGES = "write_messages"
    OVERRIDE_VISITS = "override_visits"
    KEEP_VAULT = "keep_vault"
    REQUEST_ERASURE = "request_erasure"
    CONFIRM_ERASURE = "confirm_erasure"
    KEEP_DIRECTORY = "keep_directory"
    MAKE_REFERRALS = "make_referrals"
    MANAGE_SCALES = "manage_scales"
    ASSESS_RISK = "assess_risk"
    LOWER_RISK = "lower_risk"
    READ_RISK = "read_risk"
    ESCALATE_RISK = "escalate_risk"
    RAISE_CASES = "raise_cases"
    HANDLE_CASES = "handle_cases"
    SET_DUTY = "set_duty"
    ESCALATE_CASES = "escalate_cases"
    OFFER_CARE = "offer_care"
    TAKE_CARE = "take_care"
    ACKNOWLEDGE_EVENTS = "acknowledge_events"
    READ_VISITS = "read_visits"
    LOG_VISITS = "log_visits"
    KEEP_PHONE = "keep_phone"
    EXPLAIN_MISSED_VISITS = "explain_missed_visits"
    DECIDE_LOG_CONFLICTS = "decide_log_conflicts"
    PLAN_VISITS = "plan_visits"
    MANAGE_SHIFTS = "manage_shifts"
    MOVE_VISITS = "move_visits"
    COLLECT_SURVEYS = "collect_surveys"
    COORDINATE_SURVEYS = "coordinate_surveys"
    MANAGE_INSTRUMENTS = "manage_instruments"
    SETTLE_QUERIES = "settle_queries"
    ANSWER_QUERIES = "answer_queries"
    CHECK_DATA = "check_data"
    MANAGE_INTERVIEWS = "manage_interviews"
    HOLD_INTERVIEWS = "hold_interviews"
    CODE_INTERVIEWS = "code_interviews"
    EXPORT_PANEL = "export_panel"
    APPROVE_RELEASES = "approve_releases"
    MAKE_RELEASES = "make_releases"
    WRITE_PLAN = "write_plan"
    PROPOSE_PLAN = "propose_plan"
    LOCK_PLAN = "lock_plan"
    UNBLIND = "unblind"
    READ_DATA_LOCKS = "read_data_locks"
    PROPOSE_DATA_LOCKS = "propose_data_locks"
    SIGN_DATA_LOCKS = "sign_data_locks"
    WATCH_STUDY = "watch_study"
    REPORT_LOST_PHONE = "report_lost_phone"
    TAKE_DATA_REQUESTS = "take_data_requests"
    KEEP_DATA_DESK = "keep_data_desk"
    READ_DATA_INCIDENTS = "read_data_incidents"
    TELL_OF_INCIDENTS = "tell_of_incidents"
    READ_DATA_REGISTER = "read_data_register"
    WRITE_COMPLAINTS = "write_complaints"
    KEEP_COMPLAINTS = "keep_complaints"


P = Permission

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OFFICER: frozenset(
        {
            P.WRITE_COMPLAINTS,
            P.RAISE_CASES,
            P.TAKE_CARE,
            P.OPEN_IDENTITY,
            P.OPEN_IN_EMERGENCY,
            P.MAKE_REFERRALS,
            P.ASSESS_RISK,
            P.READ_RISK,
            P.READ_VISITS,
            P.LOG_VISITS,
            P.KEEP_PHONE,
            P.REPORT_LOST_PHONE,
        }
    ),
    Role.SUPERVISOR: frozenset(
        {
            P.WRITE_COMPLAINTS,
            P.RAISE_CASES,
            P.TAKE_CARE,
            P.OPEN_IDENTITY,
            P.RECEIVE_REPORTS,
            P.SCREEN_REPORTS,
            P.OPEN_IN_EMERGENCY,
            P.KEEP_STAFF_CARDS,
            P.WRITE_MESSAGES,
            P.OVERRIDE_VISITS,
            P.SEE_WHO_LOOKED,
            P.SEARCH_PEOPLE,
            P.ENROL_PARTICIPANTS,
            P.CHANGE_PARTICIPANT_STATUS,
            P.WITHDRAW_PARTICIPANTS,
            P.TRANSFER_PARTICIPANTS,
            P.REQUEST_ERASURE,
            P.MAKE_REFERRALS,
            P.ASSESS_RISK,
            P.LOWER_RISK,
            P.READ_RISK,
            P.READ_VISITS,
            P.LOG_VISITS,
            P.KEEP_PHONE,
            P.EXPLAIN_MISSED_VISITS,
            P.DECIDE_LOG_CONFLICTS,
            P.MANAGE_SHIFTS,
            P.MOVE_VISITS,
            P.ANSWER_QUERIES,
            P.REPORT_LOST_PHONE,
            P.TAKE_DATA_REQUESTS,
            P.TELL_OF_INCIDENTS,
        }
    ),
    Role.INTERVIEWER: frozenset(
        {
            P.WRITE_COMPLAINTS,
            P.RAISE_CASES,
            P.TAKE_CARE,
            P.OPEN_IDENTITY,
            P.COLLECT_SURVEYS,
            P.ANSWER_QUERIES,
            P.KEEP_PHONE,
            P.HOLD_INTERVIEWS,
            P.MAKE_REFERRALS,
            P.WRITE_MESSAGES,
            P.REPORT_LOST_PHONE,
            P.TAKE_DATA_REQUESTS,
        }
    ),
    Role.RESEARCHER: frozenset(
        {
            P.EXPORT_PANEL,
            P.CODE_INTERVIEWS,
            P.READ_ARM_UNBLINDED,
            P.WRITE_PLAN,
            P.READ_DATA_LOCKS,
            P.SIGN_DATA_LOCKS,
            P.WRITE_COMPLAINTS,
        }
    ),
    Role.STATISTICIAN: frozenset(
        {
            P.EXPORT_PANEL,
            P.READ_ARM,
            P.APPROVE_ALLOCATION,
            P.APPROVE_RELEASES,
            P.WRITE_PLAN,
            P.PROPOSE_PLAN,
            P.LOCK_PLAN,
            P.UNBLIND,
            P.READ_DATA_LOCKS,
            P.SIGN_DATA_LOCKS,
            P.WRITE_COMPLAINTS,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {
            P.WRITE_COMPLAINTS,
            P.KEEP_COMPLAINTS,
            P.RAISE_CASES,
            P.SET_DUTY,
            P.MANAGE_PROTOCOL,
            P.MANAGE_FRAME,
            P.ALLOCATE_STATIONS,
            P.APPROVE_ALLOCATION,
            P.APPROVE_RELEASES,
            P.READ_ARM,
            P.LOCK_PLAN,
            P.UNBLIND,
            P.READ_DATA_LOCKS,
            P.PROPOSE_DATA_LOCKS,
            P.SIGN_DATA_LOCKS,
            P.MANAGE_OFFICERS,
            P.MANAGE_SHIFTS,
            P.MANAGE_TRAINING,
            P.PLACE_PARTICIPANTS,
            P.WITHDRAW_PARTICIPANTS,
            P.RECEIVE_REPORTS,
            P.KEEP_DIRECTORY,
            P.MANAGE_SCALES,
            P.COORDINATE_SURVEYS,
            P.MANAGE_INSTRUMENTS,
            P.SETTLE_QUERIES,
            P.MANAGE_INTERVIEWS,
            P.REQUEST_ERASURE,
            P.CONFIRM_ERASURE,
            P.WATCH_STUDY,
            P.REPORT_LOST_PHONE,
            P.TAKE_DATA_REQUESTS,
            P.KEEP_DATA_DESK,
            P.READ_DATA_INCIDENTS,
            P.TELL_OF_INCIDENTS,
            P.READ_DATA_REGISTER,
        }
    ),
    Role.SAFETY_OFFICER: frozenset(
        {
            P.WRITE_COMPLAINTS,
            P.KEEP_COMPLAINTS,
            P.RAISE_CASES,
            P.HANDLE_CASES,
            P.SET_DUTY,
            P.OPEN_IN_EMERGENCY,
            P.REVIEW_ACCESS,
            P.SEE_WHO_LOOKED,
            P.READ_RISK,
            P.WATCH_STUDY,
            P.REPORT_LOST_PHONE,
            P.READ_DATA_INCIDENTS,
        }
    ),
    Role.ETHICS_BOARD: frozenset(
        {P.ACKNOWLEDGE_EVENTS, P.WATCH_STUDY, P.READ_DATA_REGISTER, P.READ_DATA_LOCKS, P.WRITE_COMPLAINTS}
    ),
}


class PermissionMissing(StudyError):
    """The actor's role does not carry the permission."""

    code = "permission_missing"
    message = _("Your role does not allow this.")
    http_status = 403


def require(actor: Actor, permission: Permission) -> None:
    """Let the actor pass, or raise PermissionMissing."""
    if not actor.has(permission):
        raise PermissionMissing
