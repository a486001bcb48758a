from django.urls import path

from quality import views

urlpatterns = [
    path("calidad/", views.quality_list, name="quality_list"),
    path("calidad/<uuid:quality_id>/", views.quality_detail, name="quality_detail"),
    path("calidad/<uuid:quality_id>/respuesta/", views.quality_answer, name="quality_answer"),
    path("calidad/<uuid:quality_id>/aceptar/", views.quality_accept, name="quality_accept"),
    path("calidad/<uuid:quality_id>/otra-vez/", views.quality_return, name="quality_return"),
    path("calidad/diferencias/", views.person_rates, name="person_rates"),
]
