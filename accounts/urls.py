from django.urls import path

from accounts import views

urlpatterns = [
    path("", views.home, name="home"),
    path("entrar/", views.sign_in, name="sign_in"),
    path("salir/", views.sign_out, name="sign_out"),
    path("clave/", views.password_change, name="password_change"),
    path("correo/", views.own_address, name="own_address"),
    path("cuentas/", views.account_list, name="account_list"),
    path("cuentas/intentos/", views.address_hold_list, name="address_hold_list"),
    path("cuentas/<int:user_id>/correo/", views.account_address, name="account_address"),
    path("claves/", views.token_list, name="token_list"),
    path("claves/<int:token_id>/terminar/", views.token_end, name="token_end"),
    path("idioma/", views.set_language, name="set_language"),
]
