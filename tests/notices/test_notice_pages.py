"""One's own notices and nobody else's; the administrator's page without a word of them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from tests.factories.world import NOON
from tests.movements.browser import Browser, words
from tests.notices import made
from tests.notices.made import letter_to, told
from thidua.accounts.models import User
from thidua.notices import schedules
from thidua.notices.jobs import Status, enqueue
from thidua.notices.models import Delivery, JobFailure, Notice, ScheduleRun, Worker
from thidua.notices.queries import in_words
from thidua.notices.workers import register_worker

pytestmark = pytest.mark.django_db
LIST, BACKGROUND = reverse("notices:list"), reverse("notices:background")
CANARY = "Nguyễn Thị Tố Cáo"


def give_address(person: User, email: str = "a@tinh.gov.vn") -> User:
    person.email = email
    person.save()
    return person


def test_a_person_sees_their_own_notices_unseen_first(world):
    person, other = world.one.heads[0], world.one.heads[1]
    for number in range(3):
        told(person, key=f"k{number}", title=f"Việc {number}", at=NOON + timedelta(hours=number))
    told(other, key="khác", title="Việc của người khác")
    Notice.objects.filter(key="k2").update(seen_at=NOON)

    page = Browser(person).text(LIST)

    assert page.index("Việc 1") < page.index("Việc 0") < page.index("Việc 2")
    assert "Việc của người khác" not in page
    assert "xem lúc 12:00 02/03/2026" in page


def test_opening_a_notice_marks_it_seen_and_leads_to_its_page(world):
    person = world.one.heads[0]
    notice = told(person, url="/bao-cao/thoi-han/")
    where = reverse("notices:open", args=[notice.pk])

    assert Browser(world.one.heads[1]).get(where).status_code == 404
    assert Browser(world.administrator).get(where).status_code == 404
    assert Notice.objects.unseen().count() == 1
    answer = Browser(person).get(where)

    assert (answer.status_code, answer.headers["Location"]) == (302, "/bao-cao/thoi-han/")
    assert not Notice.objects.unseen().exists()


@pytest.mark.parametrize("url", ["", "https://x.vn/", "//x.vn", "javascript:alert(1)"])
def test_T12_a_notice_never_leads_out_of_the_product(world, url):
    notice = told(world.one.heads[0])
    Notice.objects.update(url=url)

    answer = Browser(world.one.heads[0]).get(reverse("notices:open", args=[notice.pk]))

    assert answer.headers["Location"] == LIST


def test_the_bell_counts_what_is_unseen_until_all_is_marked(world):
    person = world.one.heads[0]
    browser = Browser(person)
    assert "Thông báo</span>" in browser.text(LIST)
    told(person), told(person, key="nhac-2")
    assert "Thông báo, 2 chưa xem" in browser.text(reverse("account_sessions"))

    answer = browser.post(reverse("notices:all_seen"))

    assert browser.said(answer) == ["Đã đánh dấu 2 thông báo là đã xem."]
    assert "chưa xem" not in browser.text(LIST)


def test_the_bell_asks_one_counting_query(world):
    person = world.one.heads[0]
    browser = Browser(person)
    few = browser.queries(reverse("account_sessions"))
    for number in range(5):
        told(person, key=f"k{number}")

    assert browser.queries(reverse("account_sessions")) == few


def test_the_list_asks_as_much_for_many_as_for_one_and_turns_pages(world):
    person = world.one.heads[0]
    browser = Browser(person)
    told(person, year=world.one.year)
    few = browser.queries(LIST)
    for number in range(35):
        told(person, key=f"k{number}", year=world.one.year)

    assert browser.queries(LIST) == few
    assert "Trang <strong" in browser.text(LIST)
    assert browser.text(f"{LIST}?page=2").count('class="task"') == 6


def test_people_set_their_own_address_and_the_administrator_anybodys(world):
    person = world.one.heads[0]
    own, of_person = reverse("notices:address"), reverse("notices:person_address", args=[person.pk])
    assert "chưa đặt địa chỉ" in Browser(person).text(LIST)

    wrong = Browser(person).post(own, {"email": "sai"})
    assert "Địa chỉ thư điện tử chưa đúng" in words(wrong)
    assert Browser(person).post(own, {"email": "moi@tinh.gov.vn"}).url == LIST
    assert "moi@tinh.gov.vn" in Browser(person).text(LIST)
    assert Browser(world.one.heads[1]).get(of_person).status_code == 404
    answer = Browser(world.administrator).post(of_person, {"email": ""})

    assert answer.url == reverse("organisations:person", args=[person.pk])
    person.refresh_from_db()
    assert person.email == ""


def test_background_work_is_the_administrators_and_shows_no_text_of_a_notice(world):
    person = give_address(world.one.heads[0])
    letter_to(person, title="Báo cáo quý I đến hạn", body=CANARY, url="/duong-dan-rieng/")
    Delivery.objects.update(tries=2, last_error="Máy chủ thư từ chối kết nối.")
    register_worker()

    page = Browser(world.administrator).text(BACKGROUND)

    assert "Máy chủ thư từ chối kết nối." in page
    assert "Báo cáo quý I đến hạn" in page
    assert CANARY not in page
    assert "/duong-dan-rieng/" not in page
    assert "Dọn dấu vết của việc nền đã xong" in page
    assert "Không có tiến trình nền nào" not in page
    for other in (person, world.superior, world.stranger):
        assert Browser(other).get(BACKGROUND).status_code == 404


def test_background_work_says_what_is_missing(world, settings):
    settings.MAIL_CONFIGURED = False
    letter_to(give_address(world.one.heads[0]))
    row = register_worker()
    Worker.objects.filter(pk=row.pk).update(beat_at=NOON - timedelta(days=1))

    page = Browser(world.administrator).text(BACKGROUND)

    assert "Chưa cấu hình thư điện tử" in page
    assert "Không có tiến trình nền nào đang báo là còn chạy" in page
    assert "Chờ gửi" in page


def test_failed_letters_go_back_to_the_outbox_one_or_all(world):
    admin = Browser(world.administrator)
    people = [give_address(person) for person in world.one.heads]
    letters = [letter_to(person) for person in people]
    Delivery.objects.update(state=Delivery.State.FAILED, tries=16)
    again = reverse("notices:letter_again", args=[letters[0].pk])

    assert Browser(people[0]).post(again).status_code == 404
    assert admin.said(admin.post(again)) == [
        "Thư đã trở lại hàng chờ và sẽ được gửi ngay khi có thể."
    ]
    assert "đang chờ gửi hoặc đã gửi rồi" in admin.said(admin.post(again))[0]
    give_address(people[1], "")
    answer = admin.post(reverse("notices:letters_again"))

    assert admin.said(answer) == [
        "Đã đưa 1 thư trở lại hàng chờ.",
        "1 thư còn lại: người nhận chưa có địa chỉ dùng được.",
    ]
    states = dict(Delivery.objects.values_list("notice__recipient", "state"))
    assert [states[person.pk] for person in people] == ["waiting", "failed", "waiting"]


def test_a_failed_job_shows_its_reason_and_is_run_again(world):
    job_id = enqueue(made.always_fails)
    task = DBTaskResult.objects.get()
    again = reverse("notices:job_again", args=[job_id])
    admin = Browser(world.administrator)
    assert "không ở trạng thái lỗi" in admin.said(admin.post(again))[0]
    DBTaskResult.objects.update(status=Status.FAILED, finished_at=NOON, worker_ids=["a", "b", "c"])
    JobFailure.objects.create(task=task, number=3, at=NOON, reason="Mẫu chưa có người ký.")

    page = admin.text(BACKGROUND)
    assert "Luôn hỏng" in page
    assert "Mẫu chưa có người ký." in page
    assert Browser(world.one.heads[0]).post(again).status_code == 404
    assert admin.said(admin.post(again)) == ["Việc này đã trở lại hàng chờ."]

    assert DBTaskResult.objects.get().status == Status.READY
    assert admin.post(reverse("notices:job_again", args=[uuid4()])).status_code == 404


def test_background_work_asks_as_much_for_many_as_for_one(world):
    admin = Browser(world.administrator)

    def add(number: int) -> None:
        person = give_address(world.one.heads[number])
        letter_to(person, key=f"k{number}")
        job_id = enqueue(made.always_fails)
        DBTaskResult.objects.filter(pk=job_id).update(status=Status.FAILED, finished_at=NOON)
        JobFailure.objects.create(task_id=job_id, number=3, at=NOON, reason="Hỏng.")
        register_worker()

    add(0)
    few = admin.queries(BACKGROUND)
    add(1), add(2)

    assert admin.queries(BACKGROUND) == few


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(60, "mỗi giờ"), (1440, "mỗi ngày"), (30, "mỗi 30 phút"), (2880, "mỗi 2 ngày")],
)
def test_how_often_in_words(minutes, said):
    assert in_words(timedelta(minutes=minutes)) == said


def test_a_failed_schedule_is_named_as_people_know_it(world):
    schedule = schedules.registered()[0]
    for name in (schedule.name, "da-bo"):
        job_id = enqueue(schedules.run_schedule, name=name)
        ScheduleRun.objects.create(
            name=name, slot=1, begins_at=NOON, started_at=NOON, task_id=job_id
        )
    DBTaskResult.objects.update(status=Status.FAILED, finished_at=NOON)

    page = Browser(world.administrator).text(BACKGROUND)

    assert f"{schedule.label}, {in_words(schedule.every)}" in page
    assert page.count(schedule.label) == 3
    assert "Việc theo lịch “da-bo”" in page
