"""Jobs, people and a mail server for the tests of notices and background work."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.factories.world import NOON, make_user
from thidua.accounts.models import User
from thidua.notices.jobs import first_time, job
from thidua.notices.models import Delivery, Notice
from thidua.notices.services import notify
from thidua.rules.errors import RuleError

done: list[str] = []


def reachable(username: str = "nguoi-nhan", email: str = "nhan@tinh.gov.vn") -> User:
    person = make_user(username, f"Người nhận {username}")
    person.email = email
    person.save()
    return person


def told(recipient: User, key: str = "nhac-1", **changed) -> Notice:
    said = {
        "kind": "nhac",
        "title": "Báo cáo quý I đến hạn",
        "body": "Còn 3 ngày nữa là đến hạn nộp báo cáo quý I.",
        "url": "/bao-cao/",
        "at": NOON,
        **changed,
    }
    return notify(recipient=recipient, key=key, **said)


def letter_to(recipient: User, **changed) -> Delivery:
    return told(recipient, **changed).deliveries.get()


@job("Ghi lại")
def write_down(*, job_id: str, text: str) -> None:
    done.append(text)


@job("Luôn hỏng")
def always_fails(*, job_id: str) -> None:
    done.append("thử")
    raise RuleError("Mẫu công văn chưa có người ký.")


@job("Hỏng vì lỗi chương trình")
def breaks(*, job_id: str) -> None:
    raise ValueError("Nguyễn Thị Tố Cáo")


@job("Gửi hai thông báo rồi nghỉ")
def tell_twice(*, job_id: str, person: int, marker: str) -> None:
    """Dies between the two where the marker says that it is the first try."""
    recipient = User.objects.get(pk=person)
    for step in ("một", "hai"):
        with first_time(job_id, step) as is_first:
            if is_first:
                # A key of its own at every try: only the step keeps it to one.
                told(recipient, key=f"{step}-{os.getpid()}")
        if not Path(marker).exists():
            Path(marker).write_text(str(os.getpid()))
            time.sleep(60)


class MailServer:
    """As much of SMTP as a test needs; `refuses` with 550, or never answers (`is_mute`)."""

    def __init__(self, *, refuses: bool = False, is_mute: bool = False) -> None:
        self.refuses, self.is_mute = refuses, is_mute
        self.letters: list[str] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def _serve(self) -> None:
        while not self._ended.is_set():
            with suppress(OSError):
                client, _ = self._socket.accept()
                with client:
                    self._talk(client)

    def _talk(self, client: socket.socket) -> None:
        if self.is_mute:
            self._ended.wait(5)
            return
        client.settimeout(5)
        with client.makefile("rwb") as line:
            self._say(line, "220 thu")
            while asked := line.readline():
                verb = asked.split()[0].upper().decode()
                if verb == "DATA":
                    self._say(line, "354 đi")
                    self._receive(line)
                elif verb == "RCPT" and self.refuses:
                    self._say(line, "550 khong co Nguyen Thi To Cao")
                elif verb == "QUIT":
                    self._say(line, "221 chào")
                    return
                else:
                    self._say(line, "250 được")

    def _receive(self, line) -> None:
        text = b""
        while (part := line.readline()) != b".\r\n":
            text += part
        self.letters.append(text.decode())
        self._say(line, "250 nhận")

    def _say(self, line, text: str) -> None:
        line.write(f"{text}\r\n".encode("ascii", "replace"))
        line.flush()

    def stop(self) -> None:
        self._ended.set()
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port)).close()
        self._thread.join(5)
        self._socket.close()


@contextmanager
def mail_server(settings, **kind) -> Iterator[MailServer]:
    """A server of this kind, which the product is set to use."""
    server = MailServer(**kind)
    server._thread.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_TIMEOUT = 0.3
    try:
        yield server
    finally:
        server.stop()
