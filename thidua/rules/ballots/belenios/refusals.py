"""Why something sent to us is refused: one class per thing, one Vietnamese sentence each."""

from collections.abc import Iterator
from contextlib import contextmanager

from thidua.rules.errors import RuleError


class InvalidElection(RuleError):
    """The text of the election, or what it would be made of."""


class InvalidCredential(RuleError):
    """A voting code, or the public part of one."""


class InvalidBallot(RuleError):
    """A ballot that does not prove what it must."""


class InvalidCeremony(RuleError):
    """A message of the tellers' key ceremony."""


class InvalidPartial(RuleError):
    """A teller's partial decryption; `owner` says whose (0: nobody's in particular)."""

    def __init__(self, sentence: str, owner: int = 0) -> None:
        super().__init__(sentence)
        self.owner = owner


class InvalidTally(RuleError):
    """The encrypted sum, or a decryption of it that gives no count."""


class InvalidArchive(RuleError):
    """A published archive that is damaged, changed, or not ours to accept."""


class InvalidKeyFile(RuleError):
    """A teller's file, or the passphrase for it."""


class Malformed(Exception):
    """What is wrong, as the middle of a sentence; never leaves this package."""


@contextmanager
def refusing(kind: type[RuleError], what: str, way_out: str) -> Iterator[None]:
    """Turns Malformed into the refusal `kind`: "<what>: <reason>. <way out>"."""
    try:
        yield
    except Malformed as reason:
        raise kind(f"{what}: {reason}. {way_out}") from None
