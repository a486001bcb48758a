from django.urls import path

from training import views

urlpatterns = [
    path("sesiones/", views.training_list, name="training_list"),
    path("sesiones/nueva/", views.training_record, name="training_record"),
]
