"""When what is known of a visit first came: a log that was corrected later did not come late for that."""


def first_received_sql(log: str) -> str:
    """Return the expression of that moment, for the statement's own name of a row of logs."""
    return f"""coalesce((
        SELECT min(corrected.first_received_at) FROM visits_logconflict corrected
        WHERE corrected.log_id = {log}.id AND corrected.correction <> '' AND corrected.decision = 'second'
    ), {log}.received_at)"""  # noqa: S608 (nothing goes in but the caller's own text)
