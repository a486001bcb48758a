"""The addresses at which programs read the data."""

from django.urls import path

from panel.api import datasets, logs, releases

urlpatterns = [
    path("datasets/", datasets.dataset_api_list, name="dataset_api_list"),
    path("datasets/<slug:name>/", datasets.dataset_api_detail, name="dataset_api_detail"),
    path("datasets/<slug:name>/rows/", datasets.dataset_api_rows, name="dataset_api_rows"),
    path("logs/", logs.log_api_list, name="log_api_list"),
    path("releases/", releases.release_api_list, name="release_api_list"),
    path("releases/<int:release_id>/file/", releases.release_api_file, name="release_api_file"),
]
