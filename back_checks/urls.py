from django.urls import path

from back_checks import views

urlpatterns = [
    path("preguntas/", views.back_check_list, name="back_check_list"),
    path("preguntas/<uuid:back_check_id>/", views.back_check_ask, name="back_check_ask"),
    path("preguntas/<uuid:back_check_id>/intento/", views.back_check_try, name="back_check_try"),
    path("preguntas/<uuid:back_check_id>/motivo/", views.back_check_missed, name="back_check_missed"),
    path("preguntas/diferencias/", views.back_check_rates, name="back_check_rates"),
]
