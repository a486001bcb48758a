from django.urls import path

from panel import views

urlpatterns = [
    path("datos/", views.dataset_list, name="dataset_list"),
    path("datos/escala/", views.response_scale, name="response_scale"),
    path("datos/<slug:name>/archivo/", views.dataset_download, name="dataset_download"),
    path("datos/<slug:name>/libro/", views.codebook_download, name="codebook_download"),
]
