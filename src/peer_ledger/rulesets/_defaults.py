"""
What goes without saying in a rule file: citations of the table around, the kind of a requirement, its sentence.
"""

import copy
from collections.abc import Mapping
from datetime import date
from typing import Any

import attrs

from peer_ledger.errors import Problem, nearest, shown, shown_name
from peer_ledger.rules import AnyOf, Custom, Documents, Hours, RuleSet, SessionCount
from peer_ledger.rulesets._last_day import with_last_day
from peer_ledger.rulesets._leaves import long_value
from peer_ledger.rulesets._papers import is_paper, kind_of_paper, paper
from peer_ledger.rulesets._says import called_of, cap_says, says_of
from peer_ledger.rulesets._templates import merged
from peer_ledger.values.vocabularies import standard_vocabularies

FILE_KEYS = (
    "body", "jurisdiction", "time_zone", "version", "seen", "confidence", "grade", "ask", "notice_days", "counts_in",
    "cites",
)  # fmt: skip
"""The keys at the top of a file that hold for each of its rule sets."""


def completed(data: Any, top: Mapping[str, Any], problems: list[Problem]) -> Any:
    """
    Return a rule set as the classes have it, with everything said that went without saying, apart from sentences.

    Args:
        data: The rule set, with lists in the place of tables by name, and put together with what it extends.
        top: The keys at the top of its file.
        problems: Where to note what cannot be understood.
    """
    if type(data) is not dict:
        return data
    data = {**{key: top[key] for key in FILE_KEYS if key in top and key not in data}, **data}
    cites, seen = data.pop("cites", None), data.pop("seen", None)
    found = long_value(RuleSet, with_last_day(data, cites), "", problems)
    _of_the_set(found, seen)
    for one in _tables(found.get("questions")):
        _of_question(one)
    if "cycle" in found and "cycle_cites" not in found and cites is not None:
        found["cycle_cites"] = cites
    for key in ("recognition", "provisional"):
        _cite(found.get(key), cites)
    for one in _tables(found.get("units")):
        _cite(one, cites)
    done: dict[str, dict[str, Any]] = {}
    for number, procedure in enumerate(_tables(found.get("procedures"))):
        listed: Any = procedure.get("editions")
        for place, edition in enumerate(listed if type(listed) is list else ()):
            if type(edition) is dict:
                inner: list[Problem] = []
                listed[place] = _of_edition(_continued(edition, done, inner), cites, inner)
                problems += [problem.below(f"procedures[{number}].editions[{place}]") for problem in inner]
                if type(edition.get("id")) is str:
                    done[edition["id"]] = listed[place]
    _told_of_dropped("", found, problems)
    return found


def _told_of_dropped(path: str, found: Any, problems: list[Problem]) -> None:
    """Take out what is to be left out and was not there, and note that."""
    inside = list(found.items()) if type(found) is dict else []
    for key, value in inside:
        at = f"{path}.{key}" if path else key
        if type(value) is dict:
            _told_of_dropped(at, value, problems)
        if type(value) is not list:
            continue
        found[key] = [one for one in value if type(one) is not dict or one.get("drop") is not True]
        names = [_id_of(one) for one in _tables(found[key])]
        for one in _tables(value):
            if one.get("drop") is True:
                near = nearest(_id_of(one), names)
                problems.append(Problem(f"{at}.drop", f"there is no {shown_name(_id_of(one))} to leave out{near}"))
        for number, one in enumerate(found[key]):
            _told_of_dropped(f"{at}[{number}]", one, problems)


def _id_of(table: Mapping[str, Any]) -> str:
    return next((table[key] for key in ("id", "step", "unit") if type(table.get(key)) is str), "")


def _continued(
    edition: dict[str, Any], before: Mapping[str, dict[str, Any]], problems: list[Problem]
) -> dict[str, Any]:
    """Return an edition put together with the one that it is like."""
    if "like" not in edition:
        return edition
    own = {key: value for key, value in edition.items() if key != "like"}
    like = edition["like"]
    if type(like) is not str:
        problems.append(Problem("like", f"must be the id of an edition before this one, not {shown(like)}"))
        return own
    if like not in before:
        near = nearest(like, before)
        problems.append(Problem("like", f"there is no edition {shown_name(like)} before this one{near}"))
        return own
    base = {key: value for key, value in before[like].items() if key not in ("id", "says", "begins")}
    return merged(copy.deepcopy(base), with_own_cites(own))


def with_own_cites(edition: dict[str, Any]) -> dict[str, Any]:
    """
    Return an edition that changes another one, with its citations on each table that it changes.

    Args:
        edition: The edition; without `cites` of its own, what it changes keeps its citations.
    """
    if "cites" not in edition or type(edition.get("requirements")) is not list:
        return edition
    return {**edition, "requirements": [_changed(one, edition["cites"]) for one in edition["requirements"]]}


def _changed(table: Any, cites: Any) -> Any:
    if type(table) is not dict or "drop" in table:
        return table
    inner = {
        key: [_changed(one, cites) for one in table[key]] for key in ("parts", "caps") if type(table.get(key)) is list
    }
    return {"cites": cites, **table, **inner}


def _tables(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if type(one) is dict] if type(value) is list else []


def _cite(table: Any, cites: Any) -> None:
    if type(table) is dict and "cites" not in table and cites is not None:
        table["cites"] = cites


def _of_the_set(found: dict[str, Any], seen: Any) -> None:
    name = found.get("id")
    if "jurisdiction" not in found and type(name) is str and name.count("-") > 1:
        found["jurisdiction"] = "-".join(name.split("-")[:2])
    if "seen_on" not in found and seen is not None:
        found["seen_on"] = seen
    if "version" not in found and type(found.get("seen_on")) is date:
        found["version"] = f"{found['seen_on']:%Y.%m.%d}"


def _of_question(found: dict[str, Any]) -> None:
    readings = _tables(found.get("readings"))
    if "assumed" not in found and readings and "id" in readings[0]:
        found["assumed"] = readings[0]["id"]


def _of_edition(found: dict[str, Any], cites: Any, problems: list[Problem]) -> dict[str, Any]:
    cites = found.pop("cites", cites)
    within = found.pop("within", None)
    for key in ("begins", "earning"):
        _cite(found.get(key), cites)
    for one in _tables(found.get("requirements")):
        _of_requirement(one, cites, within, problems)
    return found


def _of_requirement(found: dict[str, Any], cites: Any, within: Any, problems: list[Problem]) -> None:
    found.setdefault("kind", _kind(found))
    _cite(found, cites)
    own = found.get("cites")
    if found["kind"] == Documents.kind:
        _of_documents(found, within, problems)
    for one in _tables(found.get("parts")):
        _of_part(one, own)
    for one in _tables(found.get("caps")):
        _cite(one, own)
    for option in _tables(found.get("options")):
        for one in _tables(option.get("requirements")):
            _of_requirement(one, own, within, problems)
    for key in ("earning", "within", "carry_over", "recurs"):
        _cite(found.get(key), own)
    for one in _tables(found.get("not_shared_with")):
        _cite(one, own)


def _of_part(found: dict[str, Any], cites: Any) -> None:
    _cite(found, cites)
    if not found.keys() & {"counts", "within", "parts"} and found.get("id") in standard_vocabularies()["topics"]:
        found["counts"] = {"topics": [found["id"]]}
    _cite(found.get("within"), found.get("cites"))
    for one in _tables(found.get("parts")):
        _of_part(one, found.get("cites"))


def in_sentences(data: Any) -> Any:
    """
    Return a rule set in which each requirement and each edition has a sentence, made from its figures if it had none.

    Args:
        data: The rule set, otherwise complete; it is not changed.
    """
    if type(data) is not dict:
        return data
    found = copy.deepcopy(data)
    unit = found.get("counts_in", "hour")
    for procedure in _tables(found.get("procedures")):
        for edition in _tables(procedure.get("editions")):
            for one in _tables(edition.get("requirements")):
                _spoken(one, unit if type(unit) is str else "hour")
            said = [one.get("says") for one in _tables(edition.get("requirements"))]
            _say(edition, next((one for one in said if type(one) is str), ""))
    return found


def _spoken(found: dict[str, Any], unit: str) -> None:
    for one in _tables(found.get("parts")):
        _spoken(one, unit)
    for one in _tables(found.get("caps")):
        _say(one, cap_says(one, unit))
    for option in _tables(found.get("options")):
        for one in _tables(option.get("requirements")):
            _spoken(one, unit)
        _say(option, " ".join(str(one.get("says", "")) for one in _tables(option.get("requirements"))))
    _say(found, says_of(found, unit))
    called = called_of(found)
    if "called" not in found and called:
        found["called"] = called


def _say(found: dict[str, Any], says: str) -> None:
    if "says" not in found and says:
        found["says"] = says


def _kind(found: Mapping[str, Any]) -> str:
    """Return the kind of a requirement, which its keys show."""
    if "options" in found:
        return AnyOf.kind
    if "check" in found:
        return Custom.kind
    if "spread" in found:
        return SessionCount.kind
    name = found.get("id")
    is_on_training = bool(found.keys() & {"counts", "parts", "caps", "earning", "carry_over", "recurs"})
    if "document_kind" in found or (type(name) is str and is_paper(name) and not is_on_training):
        return Documents.kind
    return Hours.kind


def _of_documents(found: dict[str, Any], within: Any, problems: list[Problem]) -> None:
    name = found.get("id")
    if "document_kind" not in found and type(name) is str and is_paper(name):
        found["document_kind"] = kind_of_paper(name)
    kind = found.get("document_kind")
    known = paper(name, kind) if type(name) is str and type(kind) is str else None
    if known is not None and known.adds_up and "at_least" in found:
        found.setdefault("adds_up", True)
    need = found.get("need", 1)
    if known is not None and known.from_different and (type(need) is dict or (type(need) is int and need > 1)):
        found.setdefault("from_different", True)
    if found.get("within") == "any":
        del found["within"]
    elif "within" not in found and within is not None:
        told = len(problems)
        made = long_value(_INTERVAL, within, "within", problems)
        if len(problems) == told:  # what cannot be read is told at the edition, and not of each document again
            found["within"] = dict(made) if type(made) is dict else made


_INTERVAL = attrs.fields_dict(Documents)["within"].type
