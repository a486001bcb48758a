from django.urls import path

from data_protection.views import incidents, phones, register, requests, telling

urlpatterns = [
    path("datos-personales/", phones.data_desk, name="data_desk"),
    path("datos-personales/telefono-perdido/", phones.lost_phone, name="lost_phone"),
    path("datos-personales/cuentas/<int:user_id>/clave/", phones.password_give, name="password_give"),
    path("datos-personales/incidentes/", incidents.data_incident_list, name="data_incident_list"),
    path("datos-personales/incidentes/nuevo/", incidents.data_incident_new, name="data_incident_new"),
    path("datos-personales/incidentes/<int:incident_id>/", incidents.data_incident_detail, name="data_incident_detail"),
    path(
        "datos-personales/incidentes/<int:incident_id>/borrador/<slug:language>/",
        incidents.data_incident_draft,
        name="data_incident_draft",
    ),
    path("datos-personales/pedidos/", requests.data_request_list, name="data_request_list"),
    path("datos-personales/pedidos/nuevo/", requests.data_request_new, name="data_request_new"),
    path("datos-personales/pedidos/<int:request_id>/", requests.data_request_detail, name="data_request_detail"),
    path("datos-personales/pedidos/<int:request_id>/copia/", requests.data_request_copy, name="data_request_copy"),
    path(
        "datos-personales/pedidos/<int:request_id>/corregir/",
        requests.data_request_correct,
        name="data_request_correct",
    ),
    path("datos-personales/pedidos/<int:request_id>/borrar/", requests.data_request_erase, name="data_request_erase"),
    path("datos-personales/registro/", register.data_register, name="data_register"),
    path("datos-personales/registro/papel/", register.data_register_paper, name="data_register_paper"),
    path("datos-personales/por-avisar/", telling.telling_list, name="telling_list"),
    path("datos-personales/por-avisar/<int:entry_id>/", telling.telling_detail, name="telling_detail"),
]
