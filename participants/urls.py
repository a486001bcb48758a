from django.urls import path

from participants.views import access, cards, consent_texts, erasures, imports, intake, part, signing, withdrawals
from participants.views import access, cards, consent_texts, erasures, imports, intake, looking, signing, withdrawals

urlpatterns = [
    path("ingresos/", intake.report_list, name="report_list"),
    path("ingresos/nuevo/", intake.report_new, name="report_new"),
    path("ingresos/importar/", imports.report_import, name="report_import"),
    path("ingresos/importar/<uuid:import_id>/", imports.report_import_rows, name="report_import_rows"),
    path("ingresos/importar/<uuid:import_id>/escribir/", imports.report_import_write, name="report_import_write"),
    path("ingresos/importar/<uuid:import_id>/retirar/", imports.report_import_discard, name="report_import_discard"),
    path("ingresos/<slug:report_code>/", intake.report_screen, name="report_screen"),
    path("ingresos/<slug:report_code>/alta/", intake.participant_enrol, name="participant_enrol"),
    path("personas/<slug:study_code>/contacto/", cards.safe_contact_card, name="safe_contact_card"),
    path("personas/<slug:study_code>/contacto/revisar/", cards.safe_contact_edit, name="safe_contact_edit"),
    path("personas/<slug:study_code>/contacto/urgente/", access.card_emergency, name="card_emergency"),
    path("personas/<slug:study_code>/impedimento/", access.conflict_declare, name="conflict_declare"),
    path("personas/<slug:study_code>/acuerdos/", signing.consent_list, name="consent_list"),
    path("personas/<slug:study_code>/acuerdos/firmar/", signing.consent_renew, name="consent_renew"),
    path("personas/<slug:study_code>/acuerdos/<int:signature_id>/", signing.signed_copy, name="signed_copy"),
    path("personas/<slug:study_code>/seguimiento/", part.participant_status, name="participant_status"),
    path("personas/<slug:study_code>/retiro/", part.participant_withdraw, name="participant_withdraw"),
    path("personas/<slug:study_code>/retiros/", withdrawals.withdrawal_list, name="withdrawal_list"),
    path(
        "personas/<slug:study_code>/retiros/<int:withdrawal_id>/", withdrawals.withdrawal_paper, name="withdrawal_paper"
    ),
    path("personas/<slug:study_code>/consultas/", looking.who_looked, name="who_looked"),
    path("personas/<slug:study_code>/consultas/constancia/", looking.who_looked_print, name="who_looked_paper"),
    path("acuerdos/", signing.renewal_list, name="renewal_list"),
    path("accesos/", access.access_notice_list, name="access_notice_list"),
    path("accesos/consultas/", looking.who_looked_find, name="who_looked_find"),
    path("accesos/<int:notice_id>/", access.access_notice, name="access_notice"),
    path("accesos/impedimentos/<int:conflict_id>/levantar/", access.conflict_lift, name="conflict_lift"),
    path("personal/", access.staff_list, name="staff_list"),
    path("personal/<int:user_id>/", access.staff_card_edit, name="staff_card_edit"),
    path("datos/borrados/", erasures.erasure_list, name="erasure_list"),
    path("datos/borrados/todos/", erasures.destruction_request, name="destruction_request"),
    path("datos/borrados/<int:erasure_id>/", erasures.erasure_confirm, name="erasure_confirm"),
    path("datos/borrados/<int:erasure_id>/retirar/", erasures.erasure_cancel, name="erasure_cancel"),
    path("datos/borrados/<int:erasure_id>/constancia/", erasures.erasure_certificate, name="erasure_certificate"),
    path("textos/", consent_texts.consent_text_list, name="consent_text_list"),
    path("textos/<slug:version>/", consent_texts.consent_text_detail, name="consent_text_detail"),
]
