"""Instruments, the waves each woman is due, and what was answered."""

from surveys.models.cases import Submission, SurveyCase, SurveyCaseQuerySet
from surveys.models.instruments import Instrument

__all__ = ["Instrument", "Submission", "SurveyCase", "SurveyCaseQuerySet"]
