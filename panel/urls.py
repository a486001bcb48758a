"""The addresses of this room."""

from django.urls import path

from panel.views import catalogue, datasets, plans, releases, reports, unblinding

urlpatterns = [
    path("datos/", datasets.dataset_list, name="dataset_list"),
    path("datos/escala/", datasets.response_scale, name="response_scale"),
    path("datos/por-decidir/", releases.release_waiting, name="release_waiting"),
    path("datos/entregas/", releases.release_list, name="release_list"),
    path("datos/entregas/nueva/", releases.release_ask, name="release_ask"),
    path("datos/entregas/<int:release_id>/", releases.release_detail, name="release_detail"),
    path("datos/entregas/<int:release_id>/decision/", releases.release_decide, name="release_decide"),
    path("datos/entregas/<int:release_id>/archivo/", releases.release_download, name="release_download"),
    path("datos/entregas/<int:release_id>/otra-vez/", releases.release_retry, name="release_retry"),
    path("datos/entregas/<int:release_id>/comprobar/", releases.release_check, name="release_check"),
    path("datos/entregas/<int:release_id>/destruir/", releases.release_end, name="release_end"),
    path("datos/entregas/<int:release_id>/cambios/<int:earlier_id>/", releases.release_changes, name="release_changes"),
    path("datos/entregas/<int:release_id>/informe/", reports.release_report, name="release_report"),
    path("datos/entregas/<int:release_id>/informe/pedir/", reports.release_report_ask, name="release_report_ask"),
    path(
        "datos/entregas/<int:release_id>/informe/<slug:report_part>/",
        reports.release_report_file,
        name="release_report_file",
    ),
    path("datos/plan/", plans.plan_list, name="plan_list"),
    path("datos/plan/nuevo/", plans.plan_upload, name="plan_upload"),
    path("datos/plan/<int:plan_id>/", plans.plan_detail, name="plan_detail"),
    path("datos/plan/<int:plan_id>/archivo/", plans.plan_file, name="plan_file"),
    path("datos/plan/<int:plan_id>/proponer/", plans.plan_propose, name="plan_propose"),
    path("datos/plan/<int:plan_id>/cerrar/", plans.plan_lock, name="plan_lock"),
    path("datos/plan/<int:plan_id>/anular/", plans.plan_call_off, name="plan_call_off"),
    path("datos/grupos/", unblinding.unblinding_page, name="unblinding_page"),
    path("datos/grupos/sorteos/", unblinding.candidate_file, name="candidate_file"),
    path("datos/grupos/pedir/", unblinding.unblinding_ask, name="unblinding_ask"),
    path("datos/grupos/aprobar/", unblinding.unblinding_approve, name="unblinding_approve"),
    path("datos/grupos/anular/", unblinding.unblinding_call_off, name="unblinding_call_off"),
    path("datos/<slug:name>/archivo/", datasets.dataset_download, name="dataset_download"),
    path("datos/<slug:name>/libro/", datasets.codebook_download, name="codebook_download"),
    path("datos/<slug:name>/", catalogue.dataset_detail, name="dataset_detail"),
]
