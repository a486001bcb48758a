"""The addresses of this room."""

from django.urls import path

from care import views

urlpatterns = [
    path("para-ti/", views.care_own, name="care_own"),
    path("para-ti/<int:debrief_id>/", views.care_answer, name="care_answer"),
    path("carga/", views.care_load, name="care_load"),
    path("cuidado/", views.care_counts, name="care_counts"),
]
