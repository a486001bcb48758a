from django.urls import path

from phone import views

urlpatterns = [
    path("telefono/", views.phone_shell, name="phone_shell"),
    path("telefonos/", views.phone_list, name="phone_list"),
    path("telefonos/hojas/<int:sheet_id>/vista/", views.sheet_seen, name="sheet_seen"),
    path("visitas/rescate/", views.log_rescue, name="log_rescue"),
    path("conversaciones/apartadas/archivo/", views.entry_rescue, name="entry_rescue"),
    path("cuaderno/", views.notebook_shell, name="notebook_shell"),
    path("cuaderno/sw.js", views.notebook_worker, name="notebook_worker"),
    path("cuaderno/agenda.webmanifest", views.notebook_manifest, name="notebook_manifest"),
    path("sw.js", views.phone_worker, name="phone_worker"),
    path("agenda.webmanifest", views.phone_manifest, name="phone_manifest"),
]
