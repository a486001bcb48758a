"""The only writers of risk."""

from risk.services.assessing import (
    ASSESSMENT_NOTE,
    FormConflict,
    FormIsBlank,
    OfficerMayOnlyRaise,
    PrintedLevel,
    PrintoutMissing,
    RaiseNeedsReason,
    ScaleNotInProtocol,
    ScaleNotLoaded,
    ask_for_reassessment,
    assess_risk,
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
from risk.services.sheets import SheetSeen, keep_sheets, see_sheet, sync_sheets

__all__ = [
    "ASSESSMENT_NOTE",
    "LOWERING_NOTE",
    "FormConflict",
    "FormIsBlank",
    "LoweringDecided",
    "LoweringNeedsReason",
    "OfficerMayOnlyRaise",
    "PackTaken",
    "PrintedLevel",
    "PrintoutMissing",
    "RaiseNeedsReason",
    "ScaleNotInProtocol",
    "ScaleNotLoaded",
    "ScaleVersionTaken",
    "SheetSeen",
    "ask_for_reassessment",
    "assess_risk",
    "confirm_lowering",
    "decline_lowering",
    "escalate_waiting",
    "keep_sheets",
    "load_pack",
    "load_scale",
    "see_sheet",
    "sync_sheets",
]
