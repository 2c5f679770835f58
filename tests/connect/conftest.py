from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.connect.ways import Stage, stage


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage(tmp_path_factory.mktemp("ways")) as made:
        yield made
