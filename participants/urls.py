from django.urls import path

from participants.views import cards

urlpatterns = [
    path("personas/alta/", cards.participant_enrol, name="participant_enrol"),
    path("personas/<slug:study_code>/contacto/", cards.safe_contact_card, name="safe_contact_card"),
    path("personas/<slug:study_code>/contacto/revisar/", cards.safe_contact_edit, name="safe_contact_edit"),
]
