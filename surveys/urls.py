from django.urls import path

from surveys import views

urlpatterns = [
    path("conversaciones/", views.survey_list, name="survey_list"),
    path("conversaciones/<uuid:case_id>/", views.survey_form, name="survey_form"),
    path("conversaciones/<uuid:case_id>/listo/", views.survey_done, name="survey_done"),
]
