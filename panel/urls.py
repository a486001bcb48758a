"""The addresses of this room."""

from django.urls import path

from panel.views import catalogue, datasets, releases

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
    path("datos/entregas/<int:release_id>/destruir/", releases.release_end, name="release_end"),
    path("datos/entregas/<int:release_id>/cambios/<int:earlier_id>/", releases.release_changes, name="release_changes"),
    path("datos/<slug:name>/archivo/", datasets.dataset_download, name="dataset_download"),
    path("datos/<slug:name>/libro/", datasets.codebook_download, name="codebook_download"),
    path("datos/<slug:name>/", catalogue.dataset_detail, name="dataset_detail"),
]
