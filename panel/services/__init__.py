"""The only writers of the panel, and the one way out for data.

What makes releases or reads plans is loaded when it is asked for: its libraries take more memory than writing a
million rows.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from panel.services.exports import export_codebook, export_dataset, export_file
from panel.services.programs import give_description, give_file, give_logs, give_rows

if TYPE_CHECKING:
    from panel.services.asking import FORMS, ReleaseAskedAlready, ReleaseTermsUnclear, Terms, ask_release
    from panel.services.candidates import give_candidates
    from panel.services.checking import (
        CheckAskedAlready,
        ask_check,
        claim_check,
        fail_check,
        finish_check,
        note_check,
        packed_again,
    )
    from panel.services.comparing import compare_releases
    from panel.services.cutting import DataSetGone, cut_release
    from panel.services.deciding import ReleaseMovedOn, SecondPersonNeeded, approve_release, refuse_release
    from panel.services.giving import (
        OpenedRelease,
        ReleaseNotReady,
        ReleaseNotYours,
        ReleaseOutdated,
        destroy_release,
        expire_releases,
        open_release,
        rebuild_release,
        retry_release,
    )
    from panel.services.making import (
        ATTEMPTS,
        BROKEN_OFF,
        BuildSuperseded,
        WomanUnknown,
        claim_release,
        fail_release,
        keep_cut,
        pack_release,
        take_women_out,
        to_make,
    )
    from panel.services.picturing import count_columns
    from panel.services.planning import (
        MOST_PLAN_BYTES,
        PlanMovedOn,
        PlanNeedsReason,
        PlanSecondPersonNeeded,
        PlanWaits,
        call_off_proposal,
        lock_plan,
        propose_plan,
        store_plan,
    )
    from panel.services.release_store import ReleaseDamaged
    from panel.services.report_giving import ReportNotThere, ask_report, open_report, read_report
    from panel.services.report_making import (
        ReportImpossible,
        analyse_release,
        claim_report,
        fail_report,
        keep_report,
        order_report,
        reports_to_make,
    )
    from panel.services.reporting import PanelOfRelease, ReleaseWithoutPanel, bring_out_panel
    from panel.services.unblinding import (
        AskerGone,
        HashMistyped,
        NotUnblinded,
        OtherRoleNeeded,
        PlanChangedSince,
        PlanNotLocked,
        UnblindedAlready,
        UnblindingAskedAlready,
        UnblindingMovedOn,
        UnblindingReasonMissing,
        UnblindingTooEarly,
        approve_unblinding,
        ask_unblinding,
        call_off_unblinding,
        require_named,
    )

__all__ = [
    "ATTEMPTS",
    "BROKEN_OFF",
    "FORMS",
    "MOST_PLAN_BYTES",
    "AskerGone",
    "BuildSuperseded",
    "CheckAskedAlready",
    "DataSetGone",
    "HashMistyped",
    "NotUnblinded",
    "OpenedRelease",
    "OtherRoleNeeded",
    "PanelOfRelease",
    "PlanChangedSince",
    "PlanMovedOn",
    "PlanNeedsReason",
    "PlanNotLocked",
    "PlanSecondPersonNeeded",
    "PlanWaits",
    "ReleaseAskedAlready",
    "ReleaseDamaged",
    "ReleaseMovedOn",
    "ReleaseNotReady",
    "ReleaseNotYours",
    "ReleaseOutdated",
    "ReleaseTermsUnclear",
    "ReleaseWithoutPanel",
    "ReportImpossible",
    "ReportNotThere",
    "SecondPersonNeeded",
    "Terms",
    "UnblindedAlready",
    "UnblindingAskedAlready",
    "UnblindingMovedOn",
    "UnblindingReasonMissing",
    "UnblindingTooEarly",
    "WomanUnknown",
    "analyse_release",
    "approve_release",
    "approve_unblinding",
    "ask_check",
    "ask_release",
    "ask_report",
    "ask_unblinding",
    "bring_out_panel",
    "call_off_proposal",
    "call_off_unblinding",
    "claim_check",
    "claim_release",
    "claim_report",
    "compare_releases",
    "count_columns",
    "cut_release",
    "destroy_release",
    "expire_releases",
    "export_codebook",
    "export_dataset",
    "export_file",
    "fail_check",
    "fail_release",
    "fail_report",
    "finish_check",
    "give_candidates",
    "give_description",
    "give_file",
    "give_logs",
    "give_rows",
    "keep_cut",
    "keep_report",
    "lock_plan",
    "note_check",
    "open_release",
    "open_report",
    "order_report",
    "pack_release",
    "packed_again",
    "propose_plan",
    "read_report",
    "rebuild_release",
    "refuse_release",
    "reports_to_make",
    "require_named",
    "retry_release",
    "store_plan",
    "take_women_out",
    "to_make",
]

_LATER = (
    "asking",
    "candidates",
    "checking",
    "comparing",
    "cutting",
    "deciding",
    "giving",
    "picturing",
    "making",
    "planning",
    "release_store",
    "report_giving",
    "report_making",
    "reporting",
    "unblinding",
)


def __getattr__(name: str) -> Any:
    if name in __all__:
        for module in _LATER:
            found = vars(import_module(f"{__name__}.{module}"))
            if name in found:
                return found[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
