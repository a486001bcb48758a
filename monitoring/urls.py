from django.urls import path

from monitoring import views
from monitoring.views import attrition, audit, board, consort, contamination, dose, station_weeks, today, waves

urlpatterns = [
    path("salud/", views.health, name="health"),
    path("salud/medidas/", views.metrics, name="metrics"),
    path("hoy/", today.today, name="today"),
    path("resumen/ingresos/", views.recruitment, name="recruitment"),
    path("resumen/ingresos/semanas/", station_weeks.station_weeks, name="station_weeks"),
    path("resumen/ingresos/semanas/archivo/", station_weeks.station_weeks_file, name="station_weeks_file"),
    path("resumen/por-revisar/", views.low_level_incidents, name="low_level_incidents"),
    path("resumen/olas/", waves.wave_tracking, name="wave_tracking"),
    path("resumen/olas/archivo/", waves.wave_tracking_file, name="wave_tracking_file"),
    path("resumen/olas/sin-respuesta/", attrition.wave_attrition, name="wave_attrition"),
    path("resumen/olas/sin-respuesta/archivo/", attrition.wave_attrition_file, name="wave_attrition_file"),
    path("resumen/semana/", board.board_page, name="board_page"),
    path("resumen/semana/documento/", board.board_page_paper, name="board_page_paper"),
    path("resumen/visitas/", dose.visit_dose, name="visit_dose"),
    path("resumen/visitas/archivo/", dose.visit_dose_file, name="visit_dose_file"),
    path("resumen/mezclas/", contamination.ledger, name="ledger"),
    path("resumen/mezclas/archivo/", contamination.ledger_file, name="ledger_file"),
    path("resumen/flujo/", consort.trial_flow, name="trial_flow"),
    path("resumen/flujo/archivo/", consort.trial_flow_file, name="trial_flow_file"),
    path("resumen/flujo/documento/", consort.trial_flow_paper, name="trial_flow_paper"),
    path("resumen/flujo/<slug:stage>/<slug:line>/<slug:group>/", consort.trial_flow_list, name="trial_flow_list"),
    path("resumen/registro/", audit.checkpoint_list, name="checkpoint_list"),
    path("resumen/registro/clave/", audit.checkpoint_key, name="checkpoint_key"),
    path("resumen/registro/<int:checkpoint_id>/", audit.checkpoint_file, name="checkpoint_file"),
    path("resumen/", views.study_overview, name="study_overview"),
]
