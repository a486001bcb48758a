from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "surveys"

    def ready(self) -> None:
        from accounts import revocation  # noqa: PLC0415
        from participants import followers  # noqa: PLC0415 (services know the models, which are loaded only now)
        from surveys import services  # noqa: PLC0415

        followers.follow_with("surveys", services.follow_participant)
        revocation.join(services.end_with_sessions)
