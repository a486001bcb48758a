from django.urls import path

from monitoring import views

urlpatterns = [
    path("salud/", views.health, name="health"),
    path("resumen/ingresos/", views.recruitment, name="recruitment"),
    path("resumen/por-revisar/", views.low_level_incidents, name="low_level_incidents"),
    path("resumen/", views.study_overview, name="study_overview"),
]
