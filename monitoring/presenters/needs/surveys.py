"""What waits about surveys, interviews and doubtful data."""

from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import ngettext

from accounts.models import User
from accounts.roles import Role
from back_checks.queries import back_checks_to_ask, back_checks_to_explain
from interviews.queries import interviews_at_hand, texts_left_to_code
from monitoring.presenters.needs.lines import Need, Urgency, counted
from quality.queries.lists import Chosen, queries_chosen
from quality.states import State
from surveys.models import DataQuery, PhoneEntry
from surveys.queries import cases_waiting, data_queries
from surveys.queries.attempts import cases_to_explain
from surveys.queries.papers import papers_to_compare, papers_to_enter_again

TODAY, LATER = Urgency.TODAY, Urgency.WHEN_POSSIBLE
_ADMIN = frozenset({Role.ADMINISTRATOR})
_SUPERVISOR = frozenset({Role.SUPERVISOR})
_INTERVIEWER = frozenset({Role.INTERVIEWER})
_RESEARCHER = frozenset({Role.RESEARCHER})
_FIELD = _SUPERVISOR | _INTERVIEWER
_on = timezone.localdate


def _papers(user: User, now: datetime) -> int:
    return papers_to_enter_again(user, _on(now)).count() + papers_to_compare(user, _on(now)).count()


SURVEYS = (
    Need(
        "surveys",
        TODAY,
        _INTERVIEWER,
        "survey_list",
        lambda user, now: counted(cases_waiting(user, _on(now)), since="due_on", late=Q(window_until__lt=_on(now))),
        lambda n: ngettext("survey can be asked now", "surveys can be asked now", n),
    ),
    Need(
        "interviews",
        TODAY,
        _INTERVIEWER,
        "interview_list",
        lambda user, now: counted(interviews_at_hand(user, now), since="starts_at", late=Q(ends_at__lt=now)),
        lambda n: ngettext(
            "interview is agreed for today or is to be written down",
            "interviews are agreed for today or are to be written down",
            n,
        ),
    ),
    Need(
        "back_checks",
        TODAY,
        _INTERVIEWER,
        "back_check_list",
        lambda user, now: counted(
            back_checks_to_ask(user, _on(now)), since="chosen_at", late=Q(window_until__lt=_on(now))
        ),
        lambda n: ngettext("survey is to be asked again in part", "surveys are to be asked again in part", n),
    ),
    Need(
        "back_checks_to_explain",
        LATER,
        _INTERVIEWER,
        "back_check_list",
        lambda user, now: counted(back_checks_to_explain(user, _on(now)), since="window_until"),
        lambda n: ngettext(
            "survey was not asked again and has no reason", "surveys were not asked again and have no reason", n
        ),
    ),
    Need(
        "surveys_to_explain",
        TODAY,
        _INTERVIEWER,
        "survey_missed_list",
        lambda user, now: counted(cases_to_explain(user, _on(now)), since="window_until"),
        lambda n: ngettext(
            "survey is past its time and has no reason yet", "surveys are past their time and have no reason yet", n
        ),
    ),
    Need(
        "entries",
        TODAY,
        _ADMIN,
        "entry_list",
        lambda user, _now: counted(PhoneEntry.objects.visible_to(user).undecided(), since="received_at"),
        lambda n: ngettext("answer that is held waits for a decision", "answers that are held wait for a decision", n),
    ),
    Need(
        "papers",
        LATER,
        _INTERVIEWER,
        "paper_list",
        _papers,
        lambda n: ngettext("survey on paper waits", "surveys on paper wait", n),
    ),
    Need(
        "queries",
        LATER,
        _INTERVIEWER,
        "query_list",
        lambda user, _now: counted(data_queries(user, DataQuery.Status.OPEN), since="opened_at"),
        lambda n: ngettext(
            "question about a survey waits for your answer", "questions about surveys wait for your answer", n
        ),
        "?estado=open",
    ),
    Need(
        "queries_answered",
        LATER,
        _ADMIN,
        "query_list",
        lambda user, _now: counted(data_queries(user, DataQuery.Status.ANSWERED), since="answered_at"),
        lambda n: ngettext("question about a survey was answered", "questions about surveys were answered", n),
        "?estado=answered",
    ),
    Need(
        "doubtful",
        LATER,
        _FIELD | _ADMIN,
        "quality_list",
        lambda user, now: counted(
            queries_chosen(user, Chosen(state=State.OPEN)), since="opened_at", late=Q(due_on__lt=_on(now))
        ),
        lambda n: ngettext("doubtful record waits for an answer", "doubtful records wait for an answer", n),
        "?state=open",
    ),
    Need(
        "doubtful_answered",
        LATER,
        _ADMIN,
        "quality_list",
        lambda user, _now: counted(queries_chosen(user, Chosen(state=State.ANSWERED)), since="state_changed_at"),
        lambda n: ngettext(
            "doubtful record was explained and waits for you", "doubtful records were explained and wait for you", n
        ),
        "?state=answered",
    ),
    Need(
        "texts",
        LATER,
        _RESEARCHER,
        "transcript_list",
        lambda user, now: texts_left_to_code(user, _on(now)).count(),
        lambda n: ngettext("text is left for you to code", "texts are left for you to code", n),
    ),
)
