"""The access table: every URL name and the roles that may open it. What is not listed is refused.

Data out of a person's scope answers 404 (`visible_to`); a page outside her role answers 403, here.
"""

from accounts.roles import Role

PUBLIC = frozenset({"public"})
SIGNED_IN = frozenset(Role)

_ADMIN = frozenset({Role.ADMINISTRATOR})
_ARM_READERS = frozenset({Role.ADMINISTRATOR, Role.STATISTICIAN})
_POLICE = frozenset({Role.OFFICER, Role.SUPERVISOR})
_SUPERVISOR = frozenset({Role.SUPERVISOR})
_INTERVIEWER = frozenset({Role.INTERVIEWER})
_ANALYSTS = frozenset({Role.RESEARCHER, Role.STATISTICIAN})
_SAFETY = frozenset({Role.SAFETY_OFFICER})
_WATCHERS = frozenset({Role.ADMINISTRATOR, Role.SAFETY_OFFICER, Role.ETHICS_BOARD})
_DATA_DESK = _POLICE | _INTERVIEWER | _SAFETY | _ADMIN | {Role.ETHICS_BOARD}

ACCESS: dict[str, frozenset[str]] = {
    # for programs
    "schema": SIGNED_IN,
    # accounts
    "sign_in": PUBLIC,
    "sign_out": SIGNED_IN,
    "set_language": PUBLIC,
    "home": SIGNED_IN,
    "password_change": SIGNED_IN,
    # stations
    "frame": _ARM_READERS,
    "frame_import": _ADMIN,
    "frame_confirm": _ADMIN,
    "frame_download": _ARM_READERS,
    "power": _ARM_READERS,
    "allocation_list": _ARM_READERS,
    "allocation_detail": _ARM_READERS,
    "allocation_approve": _ARM_READERS,
    "allocation_discard": _ADMIN,
    "commitment_create": _ADMIN,
    "commitment_detail": _ADMIN,
    "commitment_abandon": _ADMIN,
    "redraw_script": _ARM_READERS,
    "station_loss": _ADMIN,
    "officer_list": _ADMIN,
    "officer_register": _ADMIN,
    "officer_detail": _ADMIN,
    "officer_transfer": _ADMIN,
    "officer_end": _ADMIN,
    "officer_account": _ADMIN,
    "officer_link": _ADMIN,
    "officer_unlink": _ADMIN,
    "posting_withdraw": _ADMIN,
    "crossing_list": _ARM_READERS,
    "allocation_certificate": _ARM_READERS,
    # training
    "training_list": _ADMIN,
    "training_plan": _ADMIN,
    "training_coverage": _ARM_READERS,
    "training_session": _ADMIN,
    "training_change": _ADMIN,
    "training_withdraw": _ADMIN,
    "training_attendance": _ADMIN,
    "training_test": _ADMIN,
    "training_sheet": _ADMIN,
    "training_certificates": _ADMIN,
    "training_certificate": _ADMIN,
    "training_check": _ADMIN,
    "training_roster": _ADMIN,
    "training_import": _ADMIN,
    "training_import_confirm": _ADMIN,
    # participants
    "report_list": _SUPERVISOR,
    "person_search": _SUPERVISOR,
    "report_new": _SUPERVISOR,
    "report_screen": _SUPERVISOR,
    "report_import": _SUPERVISOR | {Role.ADMINISTRATOR},
    "report_import_rows": _SUPERVISOR | {Role.ADMINISTRATOR},
    "report_import_write": _SUPERVISOR | {Role.ADMINISTRATOR},
    "report_import_discard": _SUPERVISOR | {Role.ADMINISTRATOR},
    "report_api": _SUPERVISOR,
    "participant_enrol": _SUPERVISOR,
    "safe_contact_card": _POLICE | {Role.INTERVIEWER} | _SAFETY,
    "safe_contact_edit": _POLICE | {Role.INTERVIEWER},
    "safe_contact_confirm": _POLICE | {Role.INTERVIEWER},
    "contact_review_list": _SUPERVISOR | {Role.INTERVIEWER},
    "participant_messages": _SUPERVISOR | {Role.INTERVIEWER},
    "message_outside": _SUPERVISOR | {Role.INTERVIEWER},
    "message_cancel": _SUPERVISOR | {Role.INTERVIEWER},
    "message_look": _SUPERVISOR | {Role.INTERVIEWER},
    "consent_list": _SUPERVISOR,
    "consent_renew": _SUPERVISOR,
    "signed_copy": _SUPERVISOR | {Role.INTERVIEWER},
    "participant_status": _SUPERVISOR,
    "participant_history": _SUPERVISOR,
    "pause_list": _SUPERVISOR,
    "pause_postpone": _SUPERVISOR,
    "participant_withdraw": _SUPERVISOR,
    "withdrawal_list": _SUPERVISOR,
    "withdrawal_paper": _SUPERVISOR,
    "renewal_list": _SUPERVISOR,
    "card_emergency": _POLICE | _SAFETY,
    "conflict_declare": _POLICE | {Role.INTERVIEWER},
    "access_notice_list": _SAFETY,
    "access_notice": _SAFETY,
    "conflict_lift": _SAFETY,
    "who_looked": _SUPERVISOR | _SAFETY,
    "who_looked_find": _SAFETY,
    "who_looked_paper": _SUPERVISOR | _SAFETY,
    "staff_list": _SUPERVISOR,
    "staff_card_edit": _SUPERVISOR,
    "erasure_list": _ADMIN,
    "destruction_request": _ADMIN,
    "erasure_confirm": _ADMIN,
    "erasure_cancel": _ADMIN,
    "erasure_certificate": _ADMIN,
    "consent_text_list": _ADMIN | {Role.ETHICS_BOARD},
    "consent_text_detail": _ADMIN | {Role.ETHICS_BOARD},
    # referrals
    "help_directory": _POLICE | {Role.INTERVIEWER} | _SAFETY,
    "referral_list": _POLICE | {Role.INTERVIEWER},
    "referral_detail": _POLICE | {Role.INTERVIEWER},
    "participant_referrals": _POLICE | {Role.INTERVIEWER},
    "referral_offer": _POLICE | {Role.INTERVIEWER},
    "service_list": _ADMIN,
    "service_add": _ADMIN,
    "service_change": _ADMIN,
    "service_retire": _ADMIN,
    # risk
    "participant_list": _SUPERVISOR,
    "assess_risk": _POLICE,
    "risk_history": _POLICE,
    "reassessment_list": _POLICE,
    "risk_ledger": _SUPERVISOR | _SAFETY,
    "risk_acceptance": _ADMIN | _SAFETY,
    "scale_list": _ADMIN | _SUPERVISOR | _SAFETY,
    "scale_detail": _ADMIN | _SUPERVISOR | _SAFETY,
    "scale_try": _ADMIN | _POLICE,
    "lowering_list": _SUPERVISOR,
    "lowering_decide": _SUPERVISOR,
    "alert_list": _SAFETY,
    "alert_respond": _SAFETY,
    # visits
    "visit_list": _POLICE,
    "visit_detail": _POLICE,
    "visit_log": _POLICE,
    "missed_list": _SUPERVISOR,
    "explain_missed": _SUPERVISOR,
    "conflict_list": _SUPERVISOR,
    "conflict_decide": _SUPERVISOR,
    "breach_list": _SUPERVISOR,
    "week_board": _SUPERVISOR,
    "week_officers": _SUPERVISOR,
    "day_sheet": _POLICE,
    "station_morning": _SUPERVISOR,
    "visit_move": _SUPERVISOR,
    "change_undo": _SUPERVISOR,
    "visit_agree": _SUPERVISOR,
    "shift_list": _SUPERVISOR | _ADMIN,
    "shift_edit": _SUPERVISOR | _ADMIN,
    "absence_add": _SUPERVISOR | _ADMIN,
    "absence_withdraw": _SUPERVISOR | _ADMIN,
    "visit_api_list": _POLICE,
    "visit_api_log": _POLICE,
    "visit_sync": _POLICE,
    # surveys
    "survey_list": _INTERVIEWER,
    "survey_form": _INTERVIEWER,
    "survey_done": _INTERVIEWER,
    # data_protection
    "data_desk": _DATA_DESK,
    "lost_phone": _DATA_DESK - {Role.ETHICS_BOARD},
    "password_give": _ADMIN,
    "data_incident_list": _ADMIN | _SAFETY,
    "data_incident_new": _ADMIN,
    "data_incident_detail": _ADMIN | _SAFETY,
    "data_incident_draft": _ADMIN,
    "data_request_list": _ADMIN | _SUPERVISOR | _INTERVIEWER,
    "data_request_new": _ADMIN | _SUPERVISOR | _INTERVIEWER,
    "data_request_detail": _ADMIN | _SUPERVISOR | _INTERVIEWER,
    "data_request_copy": _SUPERVISOR | _INTERVIEWER,
    "data_request_erase": _ADMIN,
    "data_register": _ADMIN | {Role.ETHICS_BOARD},
    "data_register_paper": _ADMIN | {Role.ETHICS_BOARD},
    "telling_list": _ADMIN | _SUPERVISOR,
    "telling_detail": _ADMIN | _SUPERVISOR,
    # panel
    "dataset_list": _ANALYSTS,
    "dataset_download": _ANALYSTS,
    "codebook_download": _ANALYSTS,
    # monitoring
    "health": PUBLIC,
    "study_overview": _WATCHERS,
    "low_level_incidents": _SUPERVISOR | _SAFETY,
    "recruitment": frozenset({Role.ADMINISTRATOR, Role.ETHICS_BOARD}),
}


def may_open(role: str | None, url_name: str) -> bool:
    """Say whether a role (None: nobody signed in) may open the page of that URL name."""
    allowed = ACCESS.get(url_name, frozenset())
    return allowed == PUBLIC or (role is not None and role in allowed)
