"""
A pytest plugin that collects files of worked cases, each case a test.

It is off unless it is asked for: `pytest -p peer_ledger.testing.plugin`, or the same among `addopts` in the settings of
pytest.  It collects files whose name ends with `.cases.toml`.
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
        """Yield its cases; a file that cannot be read is an error that names all that is wrong with it."""
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
        """Hold the case against the rules."""
        result = run_case(self.case)
        if not result.passed:
            raise CaseFailed(str(result))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Show what differs, and the report, without the insides of this package."""
        if isinstance(excinfo.value, CaseFailed):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return where the case is and what it is about."""
        return self.path, None, f"{self.case.id}: {self.case.says}"


class CaseFailed(Exception):
    """
    A worked case came out otherwise than expected.
    """
