from django.urls import path

from participants import api

urlpatterns = [path("reports/", api.report_api, name="report_api")]
