"""Compiles the Vietnamese of `locale/` without gettext's programs, which few machines have."""

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def compile_messages(locale_dir: Path) -> list[Path]:
    """Write each `.mo` that is missing or older than its `.po`; returns those written.

    Raises ValueError naming the message whose placeholders differ from the original's.
    """
    written = []
    for source in sorted(locale_dir.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            _compile(source, target)
            written.append(target)
    return written


def _compile(source: Path, target: Path) -> None:
    with source.open("rb") as file:
        catalog = read_po(file, abort_invalid=True)
    for message, errors in catalog.check():
        if errors:
            raise ValueError(f"{source}:{message.lineno}: {message.id!r}: {errors[0]}")
    # Two processes may compile at once: each writes its own file and puts it in place whole.
    half = target.with_suffix(f".{os.getpid()}.part")
    with half.open("wb") as file:
        write_mo(file, catalog)
    half.replace(target)
