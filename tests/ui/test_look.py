"""The page of components in a real browser."""

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = [pytest.mark.journey]

SCREENS = [(1366, 768), (360, 740)]
# The smallest side a finger hits (44 px), for controls that stand alone.
SMALL_TARGETS = """() => [...document.querySelectorAll(
    "button, .btn, .form-control, .form-select, .site-nav a, .task-link, .pages-step")]
  .filter((part) => part.checkVisibility({opacityProperty: true}) && !part.closest(".drop"))
  .map((part) => [part.textContent.trim() || part.name, part.getBoundingClientRect().height])
  .filter(([, height]) => height < 43.5)"""
FACES = """() => Promise.all([
    document.fonts.load("16px 'Inter Variable'", "Ễ"),
    document.fonts.load("16px 'Inter Variable'", "a"),
  ]).then((found) => found.map((faces) => faces.length))"""


def width_of(page) -> int:
    return page.evaluate("document.documentElement.scrollWidth")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), SCREENS)
def test_components_fit_the_screen_and_axe_finds_nothing(open_page, width, height, theme):
    page = open_page("/ui/", width=width, height=height, color_scheme=theme)

    found = Axe().run(page).response["violations"]

    assert [(fault["id"], [node["target"] for node in fault["nodes"]]) for fault in found] == []
    assert width_of(page) == width
    assert page.evaluate("document.documentElement.dataset.bsTheme") == theme


def test_fingers_hit_every_control_on_a_phone(open_page):
    page = open_page("/ui/", width=360, height=740, has_touch=True)

    assert page.evaluate(SMALL_TARGETS) == []


def test_vietnamese_letters_come_from_our_own_face(open_page):
    assert open_page("/ui/").evaluate(FACES) == [1, 1]


def test_theme_a_person_chose_stays_after_reload(open_page):
    page = open_page("/ui/", color_scheme="light")

    page.get_by_role("button", name="Chọn giao diện sáng hoặc tối").click()
    page.get_by_role("button", name="Tối", exact=True).click()
    page.reload()

    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    chosen = page.locator("[data-theme-choice=dark]")
    assert chosen.get_attribute("aria-pressed") == "true"


def test_keyboard_reaches_the_content_first(open_page):
    page = open_page("/khong-co-trang-nay/")

    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")

    assert focused == "Đến nội dung chính"
    assert page.evaluate("document.activeElement.id") == "content"


def test_refused_form_sends_the_focus_to_its_errors(open_page):
    page = open_page("/ui/")

    assert page.evaluate("document.activeElement.hasAttribute('data-error-summary')")


def test_dialog_opens_by_button_and_closes_by_escape(open_page):
    page = open_page("/ui/")

    page.get_by_role("button", name="Chốt giao ước").first.click()
    dialog = page.get_by_role("dialog", name="Chốt giao ước năm 2026?")
    assert dialog.is_visible()
    faults = Axe().run(page).response["violations"]
    page.keyboard.press("Escape")

    assert faults == []
    assert not dialog.is_visible()


def test_phone_opens_and_closes_its_menu(open_page):
    page = open_page("/ui/", width=360, height=740)
    menu = page.get_by_role("navigation", name="Danh mục chính")
    assert not menu.is_visible()

    page.get_by_role("button", name="Mở danh mục").click()

    assert menu.is_visible()
    assert width_of(page) == 360


def test_chosen_file_is_named(open_page, tmp_path):
    page = open_page("/ui/")
    file = tmp_path / "ban-da-ky.pdf"
    file.write_bytes(b"x" * 3000)

    page.set_input_files("#bare-drop", file)

    assert page.get_by_text("ban-da-ky.pdf (3 KB)").is_visible()


def test_a_form_is_sent_once_however_often_it_is_clicked(open_page):
    page = open_page("/ui/")
    sent = []
    page.route("**/gui/", lambda route: sent.append(route.request.url))  # never answered

    page.evaluate("""() => {
        const form = document.querySelector("form.panel");
        form.action = "/gui/";
        form.noValidate = true;
        const button = form.querySelector("[type=submit]");
        button.click();
        button.click();
        button.click();
    }""")
    page.wait_for_timeout(300)

    assert len(sent) == 1


def test_print_leaves_out_what_paper_cannot_do(open_page):
    page = open_page("/ui/", color_scheme="dark")

    page.emulate_media(media="print")

    assert not page.locator(".site-header").is_visible()
    assert not page.locator(".toolbar").first.is_visible()
    assert page.locator(".table").first.is_visible()
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_a_foreign_origin_is_never_asked(open_page):
    page = open_page("/ui/")
    asked = []
    page.on("request", lambda request: asked.append(request.url))

    page.reload(wait_until="networkidle")

    origin = page.url.removesuffix("/ui/")
    assert asked
    assert [url for url in asked if not url.startswith((origin, "data:"))] == []
