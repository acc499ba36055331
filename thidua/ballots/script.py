"""The program a voter's browser runs, told by its fingerprint."""

import hashlib
from functools import cache
from pathlib import Path

FILES = ("sjcl.js", "belenios.js", "worker.js", "vote.js")
STATIC = Path(__file__).parent / "static" / "ballots"


@cache
def script_sha256() -> str:
    """SHA-256 over the files of the voter's page in the order of FILES, one after the other.

    Shown on the voter's page, frozen with the list, printed in the minutes: anybody can compare
    it with the published one by `cat sjcl.js belenios.js worker.js vote.js | sha256sum`.
    """
    digest = hashlib.sha256()
    for name in FILES:
        digest.update((STATIC / name).read_bytes())
    return digest.hexdigest()
