from django.urls import path

from surveys import views

urlpatterns = [
    path("conversaciones/", views.survey_list, name="survey_list"),
    path("conversaciones/<uuid:case_id>/", views.survey_form, name="survey_form"),
    path("conversaciones/<uuid:case_id>/listo/", views.survey_done, name="survey_done"),
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
]
