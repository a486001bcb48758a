"""The rows of the interviews."""

from interviews.models.files import FileChunk, InterviewFile, TranscriptVersion
from interviews.models.meetings import Interview, InterviewQuerySet, Selection

__all__ = ["FileChunk", "Interview", "InterviewFile", "InterviewQuerySet", "Selection", "TranscriptVersion"]
