"""The rows of the interviews."""

from interviews.models.meetings import Interview, InterviewQuerySet, Selection

__all__ = ["Interview", "InterviewQuerySet", "Selection"]
