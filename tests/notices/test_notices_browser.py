"""Notices and background work in a real browser."""

import os
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tests.factories.world import make_world
from tests.movements.browser import Browser
from tests.notices import made
from tests.notices.made import letter_to
from thidua.notices.jobs import Status, enqueue
from thidua.notices.models import Delivery, JobFailure, Notice
from thidua.notices.workers import register_worker

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def signed_in(page: Any, user: Any, origin: str) -> None:
    name = settings.SESSION_COOKIE_NAME
    session = Browser(user).client.cookies[name].value
    page.context.add_cookies([{"name": name, "value": session, "url": origin}])


def faults_of(page: Any) -> list[tuple[str, Any]]:
    found = Axe().run(page).response["violations"]
    return [(fault["id"], [node["target"] for node in fault["nodes"]][:3]) for fault in found]


def take_picture(page: Any, name: str) -> None:
    if os.environ.get("PICTURES"):
        page.screenshot(path=f"{os.environ['PICTURES']}/{name}.png", full_page=True)


def test_a_person_and_the_administrator_see_what_was_told_at_both_widths(
    live_server: Any, open_page: Any
) -> None:
    world, now = make_world(), timezone.now()
    admin = world.administrator
    admin.email = "quan-tri@thanhtra.tinh.gov.vn"
    admin.save()
    for number, title in enumerate(
        ("Còn 3 ngày nữa đến hạn báo cáo quý III", "Quá hạn nộp báo cáo 9 tháng đã 2 ngày")
    ):
        letter = letter_to(
            admin,
            key=f"k{number}",
            title=title,
            at=now - timedelta(hours=number),
            year=world.one.year,
            url="/bao-cao/thoi-han/",
        )
    Notice.objects.filter(key="k1").update(seen_at=now)
    Delivery.objects.update(tries=3, last_error="Máy chủ thư từ chối kết nối.")
    Delivery.objects.filter(pk=letter.pk).update(state=Delivery.State.FAILED, tries=16)
    job_id = enqueue(made.always_fails)
    DBTaskResult.objects.update(status=Status.FAILED, finished_at=now, worker_ids=["a", "b", "c"])
    JobFailure.objects.create(
        task_id=job_id, number=3, at=now, reason="Mẫu công văn chưa có người ký."
    )
    register_worker()

    for width in (1366, 360):
        page = open_page(width=width, height=800)
        signed_in(page, admin, live_server.url)
        for name in ("list", "address", "background"):
            page.goto(reverse(f"notices:{name}"))
            take_picture(page, f"{name}-{width}")
            assert faults_of(page) == [], (name, width)
            assert page.evaluate("document.documentElement.scrollWidth") == width, (name, width)

    page.get_by_role("link", name="Thông báo, 1 chưa xem").click()
    page.get_by_role("link", name="Còn 3 ngày nữa đến hạn báo cáo quý III").click()
    page.wait_for_url("**/bao-cao/thoi-han/")
    assert not Notice.objects.unseen().exists()
    assert page.get_by_role("link", name="Thông báo", exact=True).is_visible()
