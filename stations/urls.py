from django.urls import path

from stations.views import commitments, draws, frame, officers, power

urlpatterns = [
    path("estaciones/", frame.frame, name="frame"),
    path("estaciones/importar/", frame.frame_import, name="frame_import"),
    path("estaciones/importar/confirmar/", frame.frame_confirm, name="frame_confirm"),
    path("estaciones/copias/<int:frame_id>/<slug:part>/", frame.frame_download, name="frame_download"),
    path("potencia/", power.power, name="power"),
    path("sorteos/", draws.allocation_list, name="allocation_list"),
    path("sorteos/promesa/", commitments.commitment_create, name="commitment_create"),
    path("sorteos/promesa/<int:commitment_id>/", commitments.commitment_detail, name="commitment_detail"),
    path("sorteos/promesa/<int:commitment_id>/abandonar/", commitments.commitment_abandon, name="commitment_abandon"),
    path("sorteos/baja/", commitments.station_loss, name="station_loss"),
    path("sorteos/redraw.py", draws.redraw_script, name="redraw_script"),
    path("sorteos/<int:allocation_id>/", draws.allocation_detail, name="allocation_detail"),
    path("sorteos/<int:allocation_id>/aprobar/", commitments.allocation_approve, name="allocation_approve"),
    path("sorteos/<int:allocation_id>/descartar/", draws.allocation_discard, name="allocation_discard"),
    path("sorteos/<int:allocation_id>/certificado/", draws.allocation_certificate, name="allocation_certificate"),
    path("equipo/", officers.officer_list, name="officer_list"),
    path("equipo/alta/", officers.officer_register, name="officer_register"),
    path("equipo/cruces/", officers.crossing_list, name="crossing_list"),
    path("equipo/destinos/<int:posting_id>/retirar/", officers.posting_withdraw, name="posting_withdraw"),
    path("equipo/<int:officer_id>/", officers.officer_detail, name="officer_detail"),
    path("equipo/<int:officer_id>/traslado/", officers.officer_transfer, name="officer_transfer"),
    path("equipo/<int:officer_id>/cese/", officers.officer_end, name="officer_end"),
    path("equipo/<int:officer_id>/cuenta/", officers.officer_account, name="officer_account"),
    path("equipo/<int:officer_id>/cuenta/vincular/", officers.officer_link, name="officer_link"),
    path("equipo/<int:officer_id>/cuenta/soltar/", officers.officer_unlink, name="officer_unlink"),
]
