from django.urls import path

from monitoring import views
from monitoring.views import waves

urlpatterns = [
    path("salud/", views.health, name="health"),
    path("resumen/ingresos/", views.recruitment, name="recruitment"),
    path("resumen/por-revisar/", views.low_level_incidents, name="low_level_incidents"),
    path("resumen/olas/", waves.wave_tracking, name="wave_tracking"),
    path("resumen/olas/archivo/", waves.wave_tracking_file, name="wave_tracking_file"),
    path("resumen/", views.study_overview, name="study_overview"),
]
