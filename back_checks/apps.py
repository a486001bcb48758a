from django.apps import AppConfig


class BackChecksConfig(AppConfig):
    name = "back_checks"
