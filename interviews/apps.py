from django.apps import AppConfig


class InterviewsConfig(AppConfig):
    name = "interviews"

    def ready(self) -> None:
        from interviews import services  # noqa: PLC0415
        from participants import followers  # noqa: PLC0415 (services know the models, which are loaded only now)

        followers.follow_with("interviews", services.follow_participant)
