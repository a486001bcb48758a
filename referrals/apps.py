from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "referrals"

    def ready(self) -> None:
        from participants import followers  # noqa: PLC0415 (services know the models, which are loaded only now)
        from referrals import services  # noqa: PLC0415

        followers.follow_with("referrals", services.follow_participant)
