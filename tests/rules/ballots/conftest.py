"""What the tests of ballots share: tellers, a counted election, the tool. Made once: they are costly."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.rules.ballots.elections import Held, Tellers, ceremony, hold
from tests.rules.ballots.tool import MISSING, WHY_MISSING, Tool


@pytest.fixture(scope="session")
def tellers() -> Tellers:
    """Two of three."""
    return ceremony(2, 3)


@pytest.fixture(scope="session")
def held(tellers: Tellers) -> Held:
    """Five voters, one of whom abstains; tellers 1 and 3 counted."""
    return hold(tellers, 5)


@pytest.fixture(scope="session")
def new_tool(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Tool]:
    """The tool in a fresh folder at each call; skips where it is not installed."""
    if MISSING:
        pytest.skip(WHY_MISSING)
    return lambda: Tool(Path(tmp_path_factory.mktemp("belenios")))


@pytest.fixture
def tool(new_tool: Callable[[], Tool]) -> Tool:
    return new_tool()
