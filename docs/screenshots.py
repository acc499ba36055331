"""Takes the pictures of the README and the user guide from the running product.

    python docs/screenshots.py [name …]

Loads the demonstration year into a directory of its own, serves it with Granian on a free port, signs
in by the page "Đăng nhập thử" and does what a person would do. Needs a chromium on the PATH or named by
`CHROMIUM`. Pictures are written to `docs/screenshots/` as PNG of at most 120 KB.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from palette import fewer_colours
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "screenshots"
LARGEST = 120 * 1024
SCREEN = (1280, 800)
PHONE = (360, 720)
YEAR = "năm 2026"
STARTS_WITHIN = 300

Shot = Callable[["Visit"], None]


class Visit:
    """One person at one browser window."""

    def __init__(self, page: Page, origin: str, downloads: Path) -> None:
        self.page = page
        self.origin = origin
        self.downloads = downloads

    def sign_in(self, label: str) -> None:
        """As the first person of the year 2026 whose button begins with the label."""
        self.page.goto(f"{self.origin}/dung-thu/")
        cast = self.page.locator("section.section").filter(
            has=self.page.get_by_role("heading", name=YEAR)
        )
        cast.get_by_role("button", name=label).first.click()
        self.page.wait_for_url("**/nam/*/")

    def play(self, name: str) -> None:
        """As somebody of the year 2024, by name."""
        self.page.goto(f"{self.origin}/dung-thu/")
        self.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        cast = self.page.locator("section.section").filter(
            has=self.page.get_by_role("heading", name="năm 2024")
        )
        cast.get_by_role("button", name=name).first.click()
        self.page.wait_for_url("**/nam/*/")

    def open(self, room: str) -> None:
        """A room of the year, by its name in the navigation."""
        self.page.get_by_role("navigation", name="Danh mục chính").get_by_role(
            "link", name=room, exact=True
        ).click()
        self.page.wait_for_load_state("networkidle")

    def to(self, selector: str) -> None:
        """Scroll so that the first such element stands at the head of the picture."""
        self.page.locator(selector).first.evaluate(
            "element => window.scrollTo(0, element.getBoundingClientRect().top + scrollY - 16)"
        )


def front_page(visit: Visit) -> None:
    visit.sign_in("Thủ trưởng – Cụm trưởng")


def front_page_on_a_phone(visit: Visit) -> None:
    visit.sign_in("Thủ trưởng – Cụm trưởng")


def signing_board(visit: Visit) -> None:
    visit.sign_in("Thủ trưởng – Cụm trưởng")
    visit.open("Giao ước")
    visit.page.get_by_role("link", name="Bàn ký", exact=True).click()


def verification(visit: Visit) -> None:
    visit.sign_in("Thủ trưởng – Cụm trưởng")
    visit.open("Giao ước")
    visit.page.get_by_role("link", name="Bàn ký", exact=True).click()
    with visit.page.expect_download() as waiting:
        visit.page.get_by_role("link", name="Tải bản hiện hành").first.click()
    paper = visit.downloads / waiting.value.suggested_filename
    waiting.value.save_as(paper)
    # The page is public: seen by who only holds the file.
    visit.page.context.clear_cookies()
    visit.page.goto(f"{visit.origin}/van-ban/kiem-tra/")
    visit.page.locator("input[type=file]").set_input_files(paper)
    visit.page.get_by_role("button", name="Kiểm tra", exact=True).click()
    visit.page.get_by_role("heading", name="Kết quả kiểm tra").wait_for()


def score_sheet(visit: Visit) -> None:
    visit.sign_in("Cán bộ cấp trên")
    visit.open("Xếp hạng")
    visit.page.get_by_role("link", name="Vì sao").first.click()
    changed = visit.page.locator(".leaf.is-changed").first
    changed.get_by_text("Cách chấm, cách tính").click()
    visit.to(".leaf.is-changed")


def ranking(visit: Visit) -> None:
    visit.sign_in("Cán bộ cấp trên")
    visit.open("Xếp hạng")


def pact(visit: Visit) -> None:
    visit.sign_in("Thủ trưởng – Thành viên")
    visit.open("Giao ước")


def matrix(visit: Visit) -> None:
    visit.sign_in("Cán bộ cấp trên")
    visit.open("Xếp hạng")
    visit.page.get_by_role("link", name="Điểm theo tiêu chí").click()


def report_grid(visit: Visit) -> None:
    visit.sign_in("Cán bộ – Cụm trưởng")
    visit.open("Báo cáo")
    visit.page.get_by_role("link", name="Xem").first.click()
    visit.page.get_by_role("link", name="Tổng hợp kết quả thanh tra").first.click()


def common_picture(visit: Visit) -> None:
    visit.sign_in("Cán bộ – Cụm trưởng")
    visit.open("Báo cáo")
    visit.page.get_by_role("link", name="Tổng hợp, biểu đồ").click()
    visit.page.get_by_role("link", name="Bức tranh chung").click()


def pact_progress(visit: Visit) -> None:
    visit.sign_in("Cán bộ – Cụm trưởng")
    visit.open("Giao ước")
    visit.page.get_by_role("link", name="Tiến độ thực hiện").first.click()
    visit.to("section:has(.graph)")


def urging(visit: Visit) -> None:
    visit.sign_in("Cán bộ – Cụm trưởng")
    visit.open("Báo cáo")
    visit.page.locator("th").get_by_role("link", name="9 tháng").click()
    visit.page.get_by_role("link", name="Đôn đốc").first.click()


def ballot_result(visit: Visit) -> None:
    visit.sign_in("Cán bộ cấp trên")
    visit.open("Bỏ phiếu")
    visit.page.get_by_role("link", name="Bình chọn mô hình").first.click()
    visit.page.get_by_role("link", name="Kết quả", exact=True).click()


def voters_page(visit: Visit) -> None:
    """The ballot of 2024: enough heads take a code, the roll is called, the chair opens."""
    page = visit.page
    ballot = f"{visit.origin}/bo-phieu/1/1/"
    for head in ("Lê Minh Khôi", "Trần Đức Thắng", "Phạm Hải Yến"):
        visit.play(head)
        page.goto(f"{ballot}kiem-tra/")
        page.get_by_role("button", name="Danh sách đúng").click()
        page.get_by_label("Giữ mã trong trình duyệt").check()
        page.get_by_label("Tôi đã ghi lại mã").check()
        page.get_by_role("button", name="Xong").click()
    visit.play("Vũ Thị Hạnh")
    page.goto(f"{ballot}danh-sach/")
    for box in page.get_by_label("có mặt").all():
        box.check()
    page.get_by_role("button", name="Lưu điểm danh").click()
    visit.play("Đinh Ngọc Văn")
    page.goto(ballot)
    page.get_by_role("button", name="Mở bỏ phiếu").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Mở bỏ phiếu").click()
    visit.play("Phạm Hải Yến")
    page.goto(f"{ballot}phieu/")
    page.get_by_label("Thanh tra tỉnh Bắc Ninh").check()


SHOTS: dict[str, tuple[Shot, tuple[int, int]]] = {
    "tong-quan": (front_page, SCREEN),
    "cham-diem": (score_sheet, SCREEN),
    "ban-ky": (signing_board, SCREEN),
    "kiem-tra-van-ban": (verification, SCREEN),
    "xep-hang": (ranking, SCREEN),
    "giao-uoc": (pact, SCREEN),
    "diem-theo-tieu-chi": (matrix, SCREEN),
    "bao-cao": (report_grid, SCREEN),
    "buc-tranh": (common_picture, SCREEN),
    "tien-do": (pact_progress, SCREEN),
    "don-doc": (urging, SCREEN),
    "ket-qua-bo-phieu": (ballot_result, SCREEN),
    "bo-phieu": (voters_page, SCREEN),
    "dien-thoai": (front_page_on_a_phone, PHONE),
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def demo_served() -> Iterator[tuple[str, Path]]:
    """Address of a fresh demonstration, and its directory; both are gone afterwards."""
    data = Path(tempfile.mkdtemp(prefix="thidua-anh-"))
    port = free_port()
    environment = {**os.environ, "THIDUA_MODE": "demo", "THIDUA_DATA": str(data)}
    environment.pop("DATABASE_URL", None)
    server = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "thidua", "demo", "serve", "--port", str(port)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        origin = f"http://127.0.0.1:{port}"
        _wait_for(f"{origin}/dung-thu/", server)
        yield origin, data
    finally:
        # The whole group: Granian's workers are children of their own.
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=30)
        shutil.rmtree(data, ignore_errors=True)


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < end:
        if server.poll() is not None:
            raise SystemExit("Bản dùng thử không khởi động được; xem lỗi ở trên.")
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310
                return
        except OSError:
            time.sleep(0.5)
    raise SystemExit(f"{address} không trả lời sau {STARTS_WITHIN} giây.")


def take(browser: Browser, origin: str, data: Path, name: str) -> int:
    """One picture; returns its size in bytes."""
    shot, (width, height) = SHOTS[name]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        color_scheme="light",
        reduced_motion="reduce",
    )
    context.set_default_timeout(15_000)
    visit = Visit(context.new_page(), origin, data)
    shot(visit)
    visit.page.wait_for_load_state("networkidle")
    visit.page.evaluate("document.fonts.ready")
    picture = fewer_colours(visit.page.screenshot(animations="disabled", caret="hide"))
    context.close()
    if len(picture) > LARGEST:
        raise SystemExit(f"{name}: {len(picture)} byte, quá {LARGEST}.")
    (TARGET / f"{name}.png").write_bytes(picture)
    return len(picture)


def chromium() -> str:
    named = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not named:
        raise SystemExit("Cần chromium: apt-get install chromium.")
    return named


def main() -> None:
    names = sys.argv[1:] or list(SHOTS)
    TARGET.mkdir(exist_ok=True)
    missing = []
    with demo_served() as (origin, data), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for name in names:
            try:
                size = take(browser, origin, data, name)
            except Exception as error:  # noqa: BLE001 - one broken page does not spoil the others
                missing.append(name)
                print(f"{name}: {str(error).splitlines()[0]}")  # noqa: T201
            else:
                print(f"{name}.png: {size:,} byte")  # noqa: T201
        browser.close()
    if missing:
        raise SystemExit("Thiếu: " + ", ".join(missing))


if __name__ == "__main__":
    main()
