from django.urls import path

from phone import views

urlpatterns = [
    path("telefono/", views.phone_shell, name="phone_shell"),
    path("telefonos/", views.phone_list, name="phone_list"),
    path("sw.js", views.phone_worker, name="phone_worker"),
    path("agenda.webmanifest", views.phone_manifest, name="phone_manifest"),
]
