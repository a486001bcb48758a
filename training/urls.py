from django.urls import path

from training.views import attendance, coverage, imports, knowledge, papers, sessions

urlpatterns = [
    path("sesiones/", sessions.training_list, name="training_list"),
    path("sesiones/nueva/", sessions.training_plan, name="training_plan"),
    path("sesiones/cobertura/", coverage.training_coverage, name="training_coverage"),
    path("sesiones/pruebas/<int:module>/", knowledge.training_test, name="training_test"),
    path("sesiones/importar/", imports.training_import, name="training_import"),
    path("sesiones/importar/confirmar/", imports.training_import_confirm, name="training_import_confirm"),
    path("sesiones/constancias/", papers.training_check, name="training_check"),
    path("sesiones/<int:session_id>/", sessions.training_session, name="training_session"),
    path("sesiones/<int:session_id>/cambiar/", sessions.training_change, name="training_change"),
    path("sesiones/<int:session_id>/retirar/", sessions.training_withdraw, name="training_withdraw"),
    path(
        "sesiones/<int:session_id>/asistencia/<int:module>/",
        attendance.training_attendance,
        name="training_attendance",
    ),
    path("sesiones/<int:session_id>/hoja/", papers.training_sheet, name="training_sheet"),
    path("sesiones/<int:session_id>/lista/", papers.training_roster, name="training_roster"),
    path("sesiones/<int:session_id>/constancias/", papers.training_certificates, name="training_certificates"),
    path(
        "sesiones/<int:session_id>/constancias/<int:officer_id>/",
        papers.training_certificate,
        name="training_certificate",
    ),
]
