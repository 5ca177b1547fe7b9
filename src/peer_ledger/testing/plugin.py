"""
A pytest plugin that collects files of worked cases; each case is a test.

It is off unless it is requested: with `pytest -p peer_ledger.testing.plugin`, or with the same in pytest's `addopts`.
It collects files whose names end with `.cases.toml`.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from peer_ledger.errors import PeerLedgerError
from peer_ledger.testing.cases import WorkedCase, read_cases, run_case

ENDING = ".cases.toml"


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a file of worked cases."""
    return CaseFile.from_parent(parent, path=file_path) if file_path.name.endswith(ENDING) else None


class CaseFile(pytest.File):
    """
    A file of worked cases.
    """

    def collect(self) -> Iterable[pytest.Item]:
        """Yield the file's cases; when it cannot be read, raise an error that lists everything that is wrong."""
        try:
            cases = read_cases(self.path)
        except PeerLedgerError as error:
            raise self.CollectError(f"{self.path}: {error}") from None
        for case in cases:
            yield CaseItem.from_parent(self, name=case.id, case=case)


class CaseItem(pytest.Item):
    """
    One worked case.
    """

    def __init__(self, *, case: WorkedCase, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.case = case

    def runtest(self) -> None:
        """Run the case."""
        result = run_case(self.case)
        if not result.passed:
            raise CaseFailed(str(result))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return the differences and the report, without a traceback through this package."""
        if isinstance(excinfo.value, CaseFailed):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return the case's file, and what the case is about."""
        return self.path, None, f"{self.case.id}: {self.case.says}"


class CaseFailed(Exception):
    """
    The answer to a worked case differs from what the case expects.
    """
