"""Letters on the terminal, for the demo: readable, where Django's own prints them encoded."""

from typing import Any

from django.core.mail.backends import console


class EmailBackend(console.EmailBackend):
    """Prints who is told what."""

    def write_message(self, message: Any) -> None:
        """One letter; `EmailBackend.send_messages` holds the lock and flushes."""
        self.stream.write(
            f"--- Thư gửi {', '.join(message.to)} ({message.extra_headers['Message-ID']})\n"
            f"    {message.subject}\n\n{message.body}"
        )
