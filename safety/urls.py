"""The addresses of this room."""

from django.urls import path

from safety.views import cases, duty

urlpatterns = [
    path("avisos/", cases.case_list, name="case_list"),
    path("avisos/nuevo/", cases.case_raise_by_code, name="case_raise_by_code"),
    path("avisos/mios/", cases.own_case_list, name="own_case_list"),
    path("avisos/<int:safety_case_id>/", cases.case_detail, name="case_detail"),
    path("avisos/<int:safety_case_id>/cerrar/", cases.case_close, name="case_close"),
    path("guardia/", duty.duty_list, name="duty_list"),
    path("guardia/<int:turn_id>/retirar/", duty.duty_withdraw, name="duty_withdraw"),
    path("personas/<slug:study_code>/aviso/", cases.case_raise, name="case_raise"),
]
