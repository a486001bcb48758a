"""The only writers of queries about data."""

from quality.services.answering import QueryElsewhere, accept_as_is, answer_query, ask_again
from quality.services.checking import Checked, check_rule
from quality.services.counting import count_people
from quality.services.marking import mark_notes

__all__ = [
    "Checked",
    "QueryElsewhere",
    "accept_as_is",
    "answer_query",
    "ask_again",
    "check_rule",
    "count_people",
    "mark_notes",
]
