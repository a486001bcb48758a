from django.urls import path

from surveys import views

urlpatterns = [
    path("formList", views.openrosa_form_list, name="openrosa_form_list"),
    path("submission", views.openrosa_submission, name="openrosa_submission"),
    path("formularios/<uuid:case_id>.xml", views.openrosa_form, name="openrosa_form"),
    path("medios/<uuid:case_id>.xml", views.openrosa_manifest, name="openrosa_manifest"),
    path("medios/<uuid:case_id>/<slug:sha256>", views.openrosa_file, name="openrosa_file"),
]
