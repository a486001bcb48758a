from django.urls import path

from stations import views

urlpatterns = [
    path("estaciones/", views.frame, name="frame"),
    path("estaciones/importar/", views.frame_import, name="frame_import"),
    path("estaciones/importar/confirmar/", views.frame_confirm, name="frame_confirm"),
    path("sorteos/", views.allocation_list, name="allocation_list"),
    path("sorteos/<int:allocation_id>/", views.allocation_detail, name="allocation_detail"),
    path("sorteos/<int:allocation_id>/cerrar/", views.allocation_lock, name="allocation_lock"),
    path("sorteos/<int:allocation_id>/descartar/", views.allocation_discard, name="allocation_discard"),
    path("sorteos/<int:allocation_id>/certificado/", views.allocation_certificate, name="allocation_certificate"),
]
