"""When the clock (Celery's beat) asks for each sweep: seconds between two, or the minute and hour of Lima.

How long a sweep may be silent before the watching pages say so stands in monitoring/jobs.py.
"""

from typing import Any

from celery.schedules import crontab

SWEEPS: dict[str, dict[str, Any]] = {
    "plan the coming week": {"task": "visits.plan_coming_week", "schedule": crontab(minute="5", hour="*/6")},
    "mark missed visits": {"task": "visits.mark_missed", "schedule": crontab(minute="*/10")},
    "send officers": {"task": "visits.assign_open", "schedule": crontab(minute="*/5")},
    "raise visits missed in a row": {"task": "visits.raise_missed_in_a_row", "schedule": crontab(minute="2-52/10")},
    "escalate missed visits": {"task": "visits.escalate_missed", "schedule": crontab(minute="5-55/10")},
    "count each station's morning": {"task": "visits.make_digests", "schedule": crontab(minute="15", hour="5-11")},
    "re-plan what changed": {"task": "visits.replan_pending", "schedule": 15.0},
    "watch access": {"task": "participants.watch_access", "schedule": 60.0},
    "tell of safety cases": {"task": "safety.send_notices", "schedule": 60.0},
    "let the clock of safety cases run": {"task": "safety.escalate_cases", "schedule": crontab(minute="*/5")},
    "tell of notices": {"task": "participants.send_notices", "schedule": 60.0},
    "send messages": {"task": "participants.send_messages", "schedule": 60.0},
    "share out women among interviewers": {"task": "surveys.share_out_women", "schedule": 300.0},
    "schedule new surveys": {"task": "surveys.schedule_new_participants", "schedule": 60.0},
    "check the allocation": {"task": "stations.check_allocation", "schedule": crontab(minute="35", hour="5")},
    "drop expired imports": {"task": "participants.drop_expired_imports", "schedule": crontab(minute="*/10")},
    "forget who did not join": {"task": "participants.forget_reports", "schedule": crontab(minute="50", hour="4")},
    "return from pauses": {"task": "participants.return_from_pauses", "schedule": crontab(minute="5")},
    "drop unfinished uploads": {"task": "interviews.drop_unfinished", "schedule": crontab(minute="40", hour="3")},
    "follow referrals": {"task": "referrals.sweep", "schedule": crontab(minute="25", hour="*/6")},
    "escalate what waits of risk": {"task": "risk.escalate_waiting", "schedule": crontab(minute="15")},
    "watch the desk's clocks": {"task": "data_protection.sweep", "schedule": crontab(minute="*/10")},
    "tell of the desk's notices": {"task": "data_protection.send_notices", "schedule": 60.0},
    "tell those in charge": {"task": "monitoring.tell_in_charge", "schedule": 60.0},
    "count the visits": {"task": "monitoring.count_dose", "schedule": crontab(minute="10")},
    "check the audit": {"task": "monitoring.check_audit", "schedule": crontab(minute="25", hour="2")},
    "count the columns of the data": {"task": "panel.count_columns", "schedule": crontab(minute="40", hour="*/6")},
    "look after releases": {"task": "panel.sweep_releases", "schedule": crontab(minute="4-59/5")},
    "draw surveys to ask again": {"task": "back_checks.choose", "schedule": crontab(minute="55", hour="3")},
    "count locked data again": {"task": "data_lock.check", "schedule": crontab(minute="5", hour="2")},
    "check the data": {"task": "quality.check_data", "schedule": crontab(minute="15", hour="3")},
    "count what people did": {"task": "quality.count_people", "schedule": crontab(minute="20")},
    "mark overdue surveys": {"task": "surveys.mark_overdue", "schedule": crontab(minute="20", hour="*/6")},
}
