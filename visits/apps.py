from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "visits"

    def ready(self) -> None:
        from participants import due_visits  # noqa: PLC0415 (queries know the models, which are loaded only now)
        from visits import queries  # noqa: PLC0415

        due_visits.answer_with(queries.has_visit_between)
