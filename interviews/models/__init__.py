"""The rows of the interviews."""

from interviews.models.coding import Code, CodeChange, Coding, CodingPass
from interviews.models.files import FileChunk, InterviewFile, TranscriptVersion
from interviews.models.meetings import Interview, InterviewQuerySet, Selection

__all__ = [
    "Code",
    "CodeChange",
    "Coding",
    "CodingPass",
    "FileChunk",
    "Interview",
    "InterviewFile",
    "InterviewQuerySet",
    "Selection",
    "TranscriptVersion",
]
