"""The addresses of this room."""

from django.urls import path

from interviews.views import codes, files, meetings, texts

urlpatterns = [
    path("entrevistas/", meetings.interview_list, name="interview_list"),
    path("entrevistas/<int:interview_id>/", meetings.interview_detail, name="interview_detail"),
    path("entrevistas/eleccion/", meetings.interview_selection, name="interview_selection"),
    path("entrevistas/eleccion/<int:selection_id>/reemplazos/", meetings.interview_replace, name="interview_replace"),
    path("entrevistas/<int:interview_id>/archivos/", files.upload_begin, name="upload_begin"),
    path("entrevistas/archivos/<uuid:file_id>/", files.file_download, name="file_download"),
    path("entrevistas/archivos/<uuid:file_id>/avance/", files.upload_state, name="upload_state"),
    path("entrevistas/archivos/<uuid:file_id>/partes/<int:position>/", files.upload_piece, name="upload_piece"),
    path("entrevistas/archivos/<uuid:file_id>/listo/", files.upload_finish, name="upload_finish"),
    path("entrevistas/archivos/<uuid:file_id>/quitar/", files.file_remove, name="file_remove"),
    path("entrevistas/textos/<int:transcript_id>/", texts.transcript_text, name="transcript_text"),
    path("entrevistas/lectura/", texts.transcript_list, name="transcript_list"),
    path("entrevistas/lectura/<int:transcript_id>/", texts.transcript_code, name="transcript_code"),
    path("entrevistas/lectura/<int:transcript_id>/comparar/", texts.transcript_compare, name="transcript_compare"),
    path("entrevistas/codigos/", codes.code_list, name="code_list"),
    path("entrevistas/codigos/archivo/", codes.codebook_file, name="codebook_file"),
    path("entrevistas/codigos/<uuid:code_id>/", codes.code_detail, name="code_detail"),
    path("entrevistas/codigos/<uuid:code_id>/pasajes/", codes.excerpt_list, name="excerpt_list"),
    path("entrevistas/codigos/<uuid:code_id>/pasajes/archivo/", codes.excerpt_file, name="excerpt_file"),
]
