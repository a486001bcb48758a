"""The addresses of this room."""

from django.urls import path

from panel.views import catalogue, datasets

urlpatterns = [
    path("datos/", datasets.dataset_list, name="dataset_list"),
    path("datos/escala/", datasets.response_scale, name="response_scale"),
    path("datos/<slug:name>/archivo/", datasets.dataset_download, name="dataset_download"),
    path("datos/<slug:name>/libro/", datasets.codebook_download, name="codebook_download"),
    path("datos/<slug:name>/", catalogue.dataset_detail, name="dataset_detail"),
]
