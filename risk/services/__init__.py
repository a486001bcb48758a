"""The only writers of risk."""

from risk.services.assessing import (
    ALERT_NOTE,
    ASSESSMENT_NOTE,
    AlertAlreadyAnswered,
    FormConflict,
    FormIsBlank,
    OfficerMayOnlyRaise,
    PrintedLevel,
    PrintoutMissing,
    RaiseNeedsReason,
    ResponseNeedsNote,
    ScaleNotInProtocol,
    ScaleNotLoaded,
    ask_for_reassessment,
    assess_risk,
    raise_visit_alerts,
    respond_to_alert,
)
from risk.services.lowering import (
    LOWERING_NOTE,
    LoweringDecided,
    LoweringNeedsReason,
    confirm_lowering,
    decline_lowering,
)
from risk.services.reassessment import escalate_waiting
from risk.services.scales import PackTaken, ScaleVersionTaken, load_pack, load_scale

__all__ = [
    "ALERT_NOTE",
    "ASSESSMENT_NOTE",
    "LOWERING_NOTE",
    "AlertAlreadyAnswered",
    "FormConflict",
    "FormIsBlank",
    "LoweringDecided",
    "LoweringNeedsReason",
    "OfficerMayOnlyRaise",
    "PackTaken",
    "PrintedLevel",
    "PrintoutMissing",
    "RaiseNeedsReason",
    "ResponseNeedsNote",
    "ScaleNotInProtocol",
    "ScaleNotLoaded",
    "ScaleVersionTaken",
    "ask_for_reassessment",
    "assess_risk",
    "confirm_lowering",
    "decline_lowering",
    "escalate_waiting",
    "load_pack",
    "load_scale",
    "raise_visit_alerts",
    "respond_to_alert",
]
