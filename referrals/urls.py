"""The addresses of this room."""

from django.urls import path

from referrals.views import directory, referrals

urlpatterns = [
    path("ayuda/", directory.help_directory, name="help_directory"),
    path("ayuda/lista/", directory.service_list, name="service_list"),
    path("ayuda/lista/nueva/", directory.service_add, name="service_add"),
    path("ayuda/lista/<int:service_id>/", directory.service_change, name="service_change"),
    path("ayuda/lista/<int:service_id>/retirar/", directory.service_retire, name="service_retire"),
    path("pendientes/", referrals.referral_list, name="referral_list"),
    path("pendientes/<int:referral_id>/", referrals.referral_detail, name="referral_detail"),
    path("personas/<slug:study_code>/ayuda/", referrals.participant_referrals, name="participant_referrals"),
    path("personas/<slug:study_code>/ayuda/ofrecer/", referrals.referral_offer, name="referral_offer"),
]
