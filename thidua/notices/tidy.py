"""Clearing away what background work leaves behind; notices and letters stay as proof."""

from datetime import datetime, timedelta

from django.db.models import Q
from django_tasks_db.models import DBTaskResult

from thidua.notices.jobs import Status
from thidua.notices.models import JobStep, ScheduleRun, Worker

KEPT = timedelta(days=30)
FAILED_KEPT = timedelta(days=365)


def tidy(at: datetime) -> None:
    """Done jobs after a month, failed ones after a year, workers and runs after a month."""
    done = Q(status=Status.SUCCESSFUL, finished_at__lt=at - KEPT)
    failed = Q(status=Status.FAILED, finished_at__lt=at - FAILED_KEPT)
    old = DBTaskResult.objects.filter(done | failed)
    JobStep.objects.filter(job_id__in=old.order_by().values("pk")).delete()
    old.delete()
    # The last run of a rare schedule says that its slot is done.
    newest = ScheduleRun.objects.newest()
    ScheduleRun.objects.filter(started_at__lt=at - KEPT).exclude(pk__in=newest).delete()
    Worker.objects.filter(beat_at__lt=at - KEPT).delete()
