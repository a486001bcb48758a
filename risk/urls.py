from django.urls import path

from risk import views

urlpatterns = [
    path("personas/", views.participant_list, name="participant_list"),
    path("personas/<slug:study_code>/ficha/", views.assess_risk, name="assess_risk"),
    path("personas/<slug:study_code>/fichas/", views.risk_history, name="risk_history"),
    path("avisos/", views.alert_list, name="alert_list"),
    path("avisos/<int:alert_id>/", views.alert_respond, name="alert_respond"),
]
