"""
The files of rule sets that come with the package, and which one is the default.
"""

import re
from functools import lru_cache
from importlib.resources import files

_HEADING = re.compile(r"^\[([a-z0-9]+(?:-[a-z0-9]+)+)\]", re.MULTILINE)
"""The heading of a rule set in a file."""


@lru_cache(maxsize=1)
def bundled_files() -> dict[str, str]:
    """
    Map the ids of bundled rule sets to their files, as the headings in them say.
    """
    found: dict[str, str] = {}
    for entry in files("peer_ledger.rulesets").iterdir():
        if entry.name.endswith(".toml") and not entry.name.endswith(".cases.toml"):
            found |= dict.fromkeys(_HEADING.findall(entry.read_text("utf-8")), entry.name)
    return found


def bundled_text(ruleset_id: str) -> str | None:
    """
    Return the file in which a bundled rule set stands; `None` when there is none of this id.
    """
    name = bundled_files().get(ruleset_id)
    return None if name is None else files("peer_ledger.rulesets").joinpath(name).read_text("utf-8")


DEFAULT = "us-nc-cpss"
"""Its id."""
