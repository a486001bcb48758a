from django.urls import path

from stations.views import draws, frame

urlpatterns = [
    path("estaciones/", frame.frame, name="frame"),
    path("estaciones/importar/", frame.frame_import, name="frame_import"),
    path("estaciones/importar/confirmar/", frame.frame_confirm, name="frame_confirm"),
    path("estaciones/copias/<int:frame_id>/<slug:part>/", frame.frame_download, name="frame_download"),
    path("sorteos/", draws.allocation_list, name="allocation_list"),
    path("sorteos/<int:allocation_id>/", draws.allocation_detail, name="allocation_detail"),
    path("sorteos/<int:allocation_id>/cerrar/", draws.allocation_lock, name="allocation_lock"),
    path("sorteos/<int:allocation_id>/descartar/", draws.allocation_discard, name="allocation_discard"),
    path("sorteos/<int:allocation_id>/certificado/", draws.allocation_certificate, name="allocation_certificate"),
]
