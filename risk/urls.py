from django.urls import path

from risk import views

urlpatterns = [
    path("personas/", views.participant_list, name="participant_list"),
    path("personas/<slug:study_code>/ficha/", views.assess_risk, name="assess_risk"),
    path("personas/<slug:study_code>/fichas/", views.risk_history, name="risk_history"),
    path("fichas-por-hacer/", views.reassessment_list, name="reassessment_list"),
    path("niveles/", views.lowering_list, name="lowering_list"),
    path("niveles/<int:lowering_id>/", views.lowering_decide, name="lowering_decide"),
    path("cambios/", views.risk_ledger, name="risk_ledger"),
    path("cambios/por-estacion/", views.risk_acceptance, name="risk_acceptance"),
    path("reglas/", views.scale_list, name="scale_list"),
    path("reglas/<int:scale_id>/", views.scale_detail, name="scale_detail"),
    path("reglas/<int:scale_id>/probar/", views.scale_try, name="scale_try"),
]
