from django.urls import path

from phone import api

urlpatterns = [
    path("phone/session", api.phone_session, name="phone_session"),
    path("phone/days", api.phone_days, name="phone_days"),
    path("phone/parcels/open", api.phone_parcels, name="phone_parcels"),
    path("sync/sheets", api.sheet_sync, name="sheet_sync"),
    path("phone/notebook", api.phone_notebook, name="phone_notebook"),
    path("sync/surveys", api.entry_sync, name="entry_sync"),
    path("phone/wipe-notice", api.phone_wipe, name="phone_wipe"),
]
