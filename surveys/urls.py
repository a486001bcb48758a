from django.urls import path

from surveys import views

urlpatterns = [
    path("conversaciones/", views.survey_list, name="survey_list"),
    path("conversaciones/<uuid:case_id>/", views.survey_form, name="survey_form"),
    path("conversaciones/<uuid:case_id>/listo/", views.survey_done, name="survey_done"),
    path("conversaciones/<uuid:case_id>/antes/", views.survey_before, name="survey_before"),
    path("conversaciones/<uuid:case_id>/otra-hoja/", views.survey_cover, name="survey_cover"),
    path("conversaciones/<uuid:case_id>/barrio/", views.survey_sheet, name="survey_sheet"),
    path("conversaciones/<uuid:case_id>/para-terminar/", views.survey_debrief, name="survey_debrief"),
    path("conversaciones/<uuid:case_id>/intento/", views.survey_attempt, name="survey_attempt"),
    path("conversaciones/<uuid:case_id>/motivo/", views.survey_missed, name="survey_missed"),
    path("conversaciones/por-explicar/", views.survey_missed_list, name="survey_missed_list"),
    path("conversaciones/equipo/", views.interviewer_list, name="interviewer_list"),
    path("conversaciones/equipo/<int:user_id>/", views.interviewer_edit, name="interviewer_edit"),
    path(
        "conversaciones/equipo/ausencia/<int:absence_id>/anular/",
        views.interviewer_absence_withdraw,
        name="interviewer_absence_withdraw",
    ),
    path("conversaciones/equipo/cambiar/<slug:study_code>/", views.interviewer_reassign, name="interviewer_reassign"),
    path(
        "conversaciones/equipo/cambios/<int:change_id>/deshacer/",
        views.interviewer_change_undo,
        name="interviewer_change_undo",
    ),
    path("consultas/", views.query_list, name="query_list"),
    path("consultas/<uuid:query_id>/explicar/", views.query_explain, name="query_explain"),
    path("consultas/<uuid:query_id>/cerrar/", views.query_close, name="query_close"),
    path("cuestionarios/", views.instrument_list, name="instrument_list"),
    path("cuestionarios/nuevo/", views.instrument_upload, name="instrument_upload"),
    path("cuestionarios/<int:instrument_id>/", views.instrument_detail, name="instrument_detail"),
    path("cuestionarios/<int:instrument_id>/probar/", views.instrument_preview, name="instrument_preview"),
    path("cuestionarios/<int:instrument_id>/formulario.xml", views.instrument_xform, name="instrument_xform"),
    path("cuestionarios/<int:instrument_id>/archivo/", views.instrument_source, name="instrument_source"),
    path("cuestionarios/<int:instrument_id>/publicar/", views.instrument_publish, name="instrument_publish"),
    path("cuestionarios/<int:instrument_id>/retirar/", views.instrument_retire, name="instrument_retire"),
    path(
        "cuestionarios/<int:instrument_id>/cambios/<int:before_id>/",
        views.instrument_changes,
        name="instrument_changes",
    ),
    path("cuestionarios/olas/<slug:wave>/", views.instrument_pin, name="instrument_pin"),
]
