"""When what is known of a visit first came: a log that was corrected later did not come late for that."""

FIRST_RECEIVED = """coalesce((
    SELECT min(corrected.first_received_at) FROM visits_logconflict corrected
    WHERE corrected.log_id = log.id AND corrected.correction <> '' AND corrected.decision = 'second'
), log.received_at)"""
"""In a statement over logs of visits called `log`."""
