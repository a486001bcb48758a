from django.urls import path

from participants import views

urlpatterns = [
    path("personas/alta/", views.participant_enrol, name="participant_enrol"),
    path("personas/<slug:study_code>/contacto/", views.safe_contact_card, name="safe_contact_card"),
    path("personas/<slug:study_code>/contacto/revisar/", views.safe_contact_edit, name="safe_contact_edit"),
]
