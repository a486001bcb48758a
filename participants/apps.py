from django.apps import AppConfig


class ParticipantsConfig(AppConfig):
    name = "participants"

    def ready(self) -> None:
        from participants import checks, followers  # noqa: F401, PLC0415 (checks register once the models are loaded)
        from participants.services import following  # noqa: PLC0415

        followers.follow_with("participants", following.follow_participant)
