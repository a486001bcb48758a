from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    name = "monitoring"

    def ready(self) -> None:
        from monitoring import celery_signals  # noqa: F401, PLC0415 (connects the signals once models exist)
