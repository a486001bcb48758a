"""What people fill in about interviews."""

from interviews.forms.meetings import EndForm, HoldForm, ProposeForm, SelectionForm, StepForm, next_steps

__all__ = ["EndForm", "HoldForm", "ProposeForm", "SelectionForm", "StepForm", "next_steps"]
