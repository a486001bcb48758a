from django.apps import AppConfig


class DataLockConfig(AppConfig):
    name = "data_lock"
