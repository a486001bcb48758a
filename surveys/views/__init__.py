"""The pages of surveys."""

from surveys.views.cases import survey_done, survey_form, survey_list

__all__ = ["survey_done", "survey_form", "survey_list"]
