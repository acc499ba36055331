"""`belenios-tool`, the independent judge, in a folder of its own."""

import os
import shutil
import subprocess
from pathlib import Path

MISSING = shutil.which("belenios-tool") is None
WHY_MISSING = (
    "belenios-tool is not installed (apt-get install belenios-tool), so nobody independent judges"
)
GROUP = ("--group", "BELENIOS-2048")


class Tool:
    """Runs the tool in one folder. `run` returns what it printed and fails loudly."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder

    def write(self, name: str, content: str | bytes) -> None:
        raw = content.encode() if isinstance(content, str) else content
        (self.folder / name).write_bytes(raw)

    def read(self, name: str) -> str:
        return (self.folder / name).read_text().strip()

    def names(self, ending: str) -> list[str]:
        return sorted(path.name for path in self.folder.glob(f"*{ending}"))

    def run(self, *arguments: str, given: str = "") -> str:
        done = self._done(*arguments, given=given)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def accepts(self, data: bytes, uuid: str) -> bool:
        """Whether `belenios-tool election verify` accepts the archive."""
        self.write(f"{uuid}.bel", data)
        return self._done("election", "verify").returncode == 0

    def threshold(self, step: int, *arguments: str, given: str = "") -> str:
        return self.run(
            *("setup", "generate-trustee-key-threshold", *GROUP, "--step", str(step)),
            *arguments,
            given=given,
        )

    def _done(self, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["belenios-tool", *arguments],
            cwd=self.folder,
            input=given,
            capture_output=True,
            text=True,
            timeout=60,
            env={**os.environ, "BELENIOS_USE_URANDOM": "1"},
            check=False,
        )
