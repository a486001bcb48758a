"""The study watching itself."""

from django.db import models
from django.db.models import Q


class JobHeartbeat(models.Model):
    """When each scheduled job last ran, and how it ended."""

    job = models.CharField(max_length=80, primary_key=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    succeeded_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)
    # Of a sweep that did the rest: for how many rows its step failed last time.
    failed_steps = models.PositiveIntegerField(default=0)
    runs = models.BigIntegerField(default=0)

    class Meta:
        ordering = ("job",)
        constraints = (models.CheckConstraint(condition=~Q(job=""), name="monitoring_heartbeat_names_job"),)

    def __str__(self) -> str:
        return self.job
