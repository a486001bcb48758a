"""What a woman can agree to, and which of it each feature of the study needs before it collects or gives out."""

from collections.abc import Mapping
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Scope(TextChoices):
    """One thing that she allows or does not; each has a text of its own in every version of the consent."""

    VISITS = "visits", _("Home visits")
    SURVEYS = "surveys", _("Surveys")
    INTERVIEW = "interview", _("Interview")
    AUDIO = "audio", _("Audio recording")
    LINKAGE = "linkage", _("Use of the reports at the station")
    RECONTACT = "recontact", _("Contact after the study")


class Part(TextChoices):
    """What she can end by itself; the rest of what she agreed to goes on."""

    VISITS = "visits", _("The visits")
    SURVEYS = "surveys", _("The surveys and the interview")


SCOPES_OF_PART: Mapping[Part, tuple[Scope, ...]] = {
    Part.VISITS: (Scope.VISITS,),
    Part.SURVEYS: (Scope.SURVEYS, Scope.INTERVIEW, Scope.AUDIO),
}


class Feature(StrEnum):
    """Whatever collects from her, reaches her, or gives out what she told."""

    PLAN_VISITS = "plan_visits"
    OPEN_CARD_TO_VISIT = "open_card_to_visit"
    LOG_VISIT = "log_visit"
    ASSESS_RISK = "assess_risk"
    SURVEY = "survey"
    BACK_CHECK = "back_check"
    INTERVIEW = "interview"
    RECORD_AUDIO = "record_audio"
    LINK_REPORT = "link_report"
    MESSAGE_ABOUT_VISITS = "message_about_visits"
    MESSAGE_ABOUT_SURVEYS = "message_about_surveys"
    MESSAGE_AFTER_STUDY = "message_after_study"
    EXPORT_SURVEYS = "export_surveys"
    EXPORT_VISITS = "export_visits"
    EXPORT_REPORTS = "export_reports"


SCOPE_OF: Mapping[Feature, Scope] = {
    Feature.PLAN_VISITS: Scope.VISITS,
    Feature.OPEN_CARD_TO_VISIT: Scope.VISITS,
    Feature.LOG_VISIT: Scope.VISITS,
    Feature.ASSESS_RISK: Scope.VISITS,
    Feature.SURVEY: Scope.SURVEYS,
    Feature.BACK_CHECK: Scope.SURVEYS,
    Feature.INTERVIEW: Scope.INTERVIEW,
    Feature.RECORD_AUDIO: Scope.AUDIO,
    Feature.LINK_REPORT: Scope.LINKAGE,
    Feature.MESSAGE_ABOUT_VISITS: Scope.VISITS,
    Feature.MESSAGE_ABOUT_SURVEYS: Scope.SURVEYS,
    Feature.MESSAGE_AFTER_STUDY: Scope.RECONTACT,
    Feature.EXPORT_SURVEYS: Scope.SURVEYS,
    Feature.EXPORT_VISITS: Scope.VISITS,
    Feature.EXPORT_REPORTS: Scope.LINKAGE,
}
