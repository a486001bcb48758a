"""The addresses of this room."""

from django.urls import path

from data_lock import views

urlpatterns = [
    path("cierres/", views.data_lock_list, name="data_lock_list"),
    path("cierres/nuevo/", views.data_lock_new, name="data_lock_new"),
    path("cierres/<int:lock_id>/", views.data_lock_detail, name="data_lock_detail"),
    path("cierres/<int:lock_id>/firmar/", views.data_lock_sign, name="data_lock_sign"),
    path("cierres/<int:lock_id>/anular/", views.data_lock_call_off, name="data_lock_call_off"),
    path("cierres/<int:lock_id>/levantar/", views.data_lock_lift, name="data_lock_lift"),
    path("cierres/<int:lock_id>/levantar/anular/", views.data_lock_lift_call_off, name="data_lock_lift_call_off"),
    path("cierres/<int:lock_id>/papel/", views.data_lock_paper, name="data_lock_paper"),
    path("cierres/<int:lock_id>/comprobar/", views.data_lock_check, name="data_lock_check"),
    path(
        "cierres/<int:lock_id>/despues/<int:arrival_id>/",
        views.data_lock_leave_out,
        name="data_lock_leave_out",
    ),
]
