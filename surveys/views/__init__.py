"""The pages of surveys."""

from surveys.views.attempts import (
    survey_attempt,
    survey_missed,
    survey_missed_list,
)
from surveys.views.cases import (
    survey_done,
    survey_form,
    survey_list,
)
from surveys.views.checks import (
    query_close,
    query_explain,
    query_list,
)
from surveys.views.entries import (
    entry_decide,
    entry_list,
)
from surveys.views.files import (
    instrument_file,
)
from surveys.views.instruments import (
    instrument_changes,
    instrument_detail,
    instrument_list,
    instrument_pin,
    instrument_preview,
    instrument_publish,
    instrument_retire,
    instrument_source,
    instrument_upload,
    instrument_xform,
)
from surveys.views.interviewers import (
    interviewer_absence_withdraw,
    interviewer_change_undo,
    interviewer_edit,
    interviewer_list,
    interviewer_reassign,
)
from surveys.views.openrosa import (
    collect_key,
    collect_key_revoke,
    openrosa_file,
    openrosa_form,
    openrosa_form_list,
    openrosa_manifest,
    openrosa_submission,
)
from surveys.views.papers import (
    paper_compare,
    paper_enter,
    paper_list,
    survey_correct,
    survey_history,
    survey_texts,
)
from surveys.views.sittings import (
    survey_before,
    survey_cover,
    survey_debrief,
    survey_draft,
    survey_sheet,
)

__all__ = [
    "collect_key",
    "collect_key_revoke",
    "entry_decide",
    "entry_list",
    "instrument_changes",
    "instrument_detail",
    "instrument_file",
    "instrument_list",
    "instrument_pin",
    "instrument_preview",
    "instrument_publish",
    "instrument_retire",
    "instrument_source",
    "instrument_upload",
    "instrument_xform",
    "interviewer_absence_withdraw",
    "interviewer_change_undo",
    "interviewer_edit",
    "interviewer_list",
    "interviewer_reassign",
    "openrosa_file",
    "openrosa_form",
    "openrosa_form_list",
    "openrosa_manifest",
    "openrosa_submission",
    "paper_compare",
    "paper_enter",
    "paper_list",
    "query_close",
    "query_explain",
    "query_list",
    "survey_attempt",
    "survey_before",
    "survey_correct",
    "survey_cover",
    "survey_debrief",
    "survey_done",
    "survey_draft",
    "survey_form",
    "survey_history",
    "survey_list",
    "survey_missed",
    "survey_missed_list",
    "survey_sheet",
    "survey_texts",
]
