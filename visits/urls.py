from django.urls import path

from visits import views
from visits.views import board, people, shifts

urlpatterns = [
    path("visitas/", views.visit_list, name="visit_list"),
    path("visitas/por-explicar/", views.missed_list, name="missed_list"),
    path("visitas/por-decidir/", views.conflict_list, name="conflict_list"),
    path("visitas/por-decidir/<int:pair_id>/", views.conflict_decide, name="conflict_decide"),
    path("visitas/por-revisar/", views.breach_list, name="breach_list"),
    path("visitas/<uuid:visit_id>/", views.visit_detail, name="visit_detail"),
    path("visitas/<uuid:visit_id>/corregir/", views.visit_correct, name="visit_correct"),
    path("visitas/<uuid:visit_id>/registro/", views.visit_log, name="visit_log"),
    path("visitas/<uuid:visit_id>/motivo/", views.explain_missed, name="explain_missed"),
    path("turnos/", shifts.shift_list, name="shift_list"),
    path("turnos/<int:officer_id>/", shifts.shift_edit, name="shift_edit"),
    path("turnos/<int:officer_id>/ausencia/", shifts.absence_add, name="absence_add"),
    path("turnos/ausencias/<int:absence_id>/retiro/", shifts.absence_withdraw, name="absence_withdraw"),
    path("semana/", board.week_board, name="week_board"),
    path("semana/oficiales/", board.week_officers, name="week_officers"),
    path("semana/hoja/", board.day_sheet, name="day_sheet"),
    path("semana/hoy/", board.station_morning, name="station_morning"),
    path("visitas/<uuid:visit_id>/mover/", board.visit_move, name="visit_move"),
    path("visitas/<uuid:visit_id>/oficiales/", board.visit_officers, name="visit_officers"),
    path("visitas/cambios/<int:change_id>/deshacer/", board.change_undo, name="change_undo"),
    path("personas/<slug:study_code>/", people.participant_detail, name="participant_detail"),
    path("personas/<slug:study_code>/visita-acordada/", board.visit_agree, name="visit_agree"),
]
