from django.urls import path

from visits import views

urlpatterns = [
    path("visitas/", views.visit_list, name="visit_list"),
    path("visitas/por-explicar/", views.missed_list, name="missed_list"),
    path("visitas/<uuid:visit_id>/", views.visit_detail, name="visit_detail"),
    path("visitas/<uuid:visit_id>/registro/", views.visit_log, name="visit_log"),
    path("visitas/<uuid:visit_id>/motivo/", views.explain_missed, name="explain_missed"),
    path("semana/", views.week_board, name="week_board"),
]
