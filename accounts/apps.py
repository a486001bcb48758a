from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import revocation, services  # noqa: PLC0415 (services know the models, loaded only now)

        revocation.join(services.end_tokens_with_sessions)
