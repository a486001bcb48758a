from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "visits"

    def ready(self) -> None:
        from accounts import revocation  # noqa: PLC0415
        from participants import due_visits, followers  # noqa: PLC0415 (they know the models, loaded only now)
        from visits import queries, services  # noqa: PLC0415

        due_visits.answer_with(queries.has_visit_between, queries.has_visit_near)
        followers.follow_with("visits", services.follow_participant)
        revocation.join(services.end_with_sessions)
        revocation.ask_before_clearing(services.may_hold_unsent)
