from django.urls import path

from visits import api

urlpatterns = [
    path("visits/", api.visit_api_list, name="visit_api_list"),
    path("visits/<uuid:visit_id>/log/", api.visit_api_log, name="visit_api_log"),
    path("sync/devices", api.device_api, name="device_api"),
    path("sync/devices/<uuid:device_id>/part", api.device_api_part, name="device_api_part"),
    path("sync/visits", api.visit_sync, name="visit_sync"),
]
