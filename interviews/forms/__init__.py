"""What people fill in about interviews."""

from interviews.forms.meetings import EndForm, HoldForm, ProposeForm, SelectionForm, StepForm, next_steps
from interviews.forms.texts import CodebookFileForm, CodeForm, CodingForm, MaskForm, MergeForm

__all__ = [
    "CodeForm",
    "CodebookFileForm",
    "CodingForm",
    "EndForm",
    "HoldForm",
    "MaskForm",
    "MergeForm",
    "ProposeForm",
    "SelectionForm",
    "StepForm",
    "next_steps",
]
