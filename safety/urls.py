"""The addresses of this room."""

from django.urls import path

from safety.views import cases, duty, events

urlpatterns = [
    path("avisos/", cases.case_list, name="case_list"),
    path("avisos/nuevo/", cases.case_raise_by_code, name="case_raise_by_code"),
    path("avisos/mios/", cases.own_case_list, name="own_case_list"),
    path("avisos/<int:safety_case_id>/", cases.case_detail, name="case_detail"),
    path("avisos/<int:safety_case_id>/cerrar/", cases.case_close, name="case_close"),
    path("avisos/<int:safety_case_id>/entregar/", cases.case_hand_over, name="case_hand_over"),
    path("avisos/<int:safety_case_id>/evento/", events.event_add, name="event_add"),
    path("eventos/", events.event_list, name="event_list"),
    path("eventos/<int:event_id>/revisar/", events.event_judge, name="event_judge"),
    path("eventos/<int:event_id>/retirar/", events.event_withdraw, name="event_withdraw"),
    path("eventos/leido/", events.events_read, name="events_read"),
    path("guardia/", duty.duty_list, name="duty_list"),
    path("guardia/<int:turn_id>/retirar/", duty.duty_withdraw, name="duty_withdraw"),
    path("personas/<slug:study_code>/aviso/", cases.case_raise, name="case_raise"),
]
