from django.urls import path

from complaints import views

urlpatterns = [
    path("quejas/", views.complaint_list, name="complaint_list"),
    path("quejas/nueva/", views.complaint_new, name="complaint_new"),
    path("quejas/<int:complaint_id>/", views.complaint_detail, name="complaint_detail"),
    path("quejas/<int:complaint_id>/tomar/", views.complaint_take, name="complaint_take"),
    path("quejas/<int:complaint_id>/paso/", views.complaint_step, name="complaint_step"),
]
