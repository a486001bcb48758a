"""The addresses of this room."""

from django.urls import path

from interviews.views import meetings

urlpatterns = [
    path("entrevistas/", meetings.interview_list, name="interview_list"),
    path("entrevistas/<int:interview_id>/", meetings.interview_detail, name="interview_detail"),
    path("entrevistas/eleccion/", meetings.interview_selection, name="interview_selection"),
    path("entrevistas/eleccion/<int:selection_id>/reemplazos/", meetings.interview_replace, name="interview_replace"),
]
