"""A woman with her surveys, and a station with its police."""

from tests.surveys.conftest import case, interviewer, study, woman
from tests.visits.conftest import field

__all__ = ["case", "field", "interviewer", "study", "woman"]
