"""
What is missing, in words: amounts of training, letters, fees.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from peer_ledger.reports._findings import Finding
from peer_ledger.reports._report_data import ReportData
from peer_ledger.reports._terms import Outcome, Standing, Step
from peer_ledger.values._wording import dollars, training_amount, with_article
from peer_ledger.values.hours import plain_hours

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")

_NEXT: Mapping[Step, str] = {
    "initial": " for certification",
    "renewal": "",
    "reinstatement": " for certification after the lapse",
}

_DOCUMENTS: Mapping[str, tuple[str, str]] = {
    "reference-letter": ("a letter of recommendation", "letters of recommendation"),
    "code-of-ethics": ("the signed code of ethics", "signed codes of ethics"),
    "education": ("proof of education", "proofs of education"),
    "age": ("proof of age", "proofs of age"),
    "exam": ("a passed examination", "passed examinations"),
    "recovery": ("a statement of recovery", "statements of recovery"),
    "residence": ("proof of residence", "proofs of residence"),
    "employment": ("confirmation of employment", "confirmations of employment"),
    "lawful-presence": ("proof of lawful presence", "proofs of lawful presence"),
    "caregiving": ("a statement of caregiving", "statements of caregiving"),
    "supervisor-approval": ("the supervisor's approval", "approvals by the supervisor"),
    "in-service-training": ("confirmation of in-service training", "confirmations of in-service training"),
    "human-services-degree": ("proof of a human-services degree", "proofs of a human-services degree"),
    "outside-certificate": ("a certificate from another body", "certificates from other bodies"),
    "parent-or-guardian": ("proof of being a parent or guardian", "proofs of being a parent or guardian"),
    "registry-check": ("a check of the protective services registries", "checks of the protective services registries"),
    "school-enrollment": ("proof of school enrollment", "proofs of school enrollment"),
    "military-service": ("proof of military service", "proofs of military service"),
    "work-hours": ("a record of work as a peer", "records of work as a peer"),
    "work-period": ("a record of work as a peer", "records of work as a peer"),
    "supervision-hours": ("a record of supervision", "records of supervision"),
    "college-credits": ("a record of college credits", "records of college credits"),
}
"""The nouns for kinds of documents, in the singular and the plural, where the first is not the id with its article."""

_AMOUNTS: Mapping[str, str] = {
    "work-hours": "work as a peer",
    "work-period": "work as a peer",
    "supervision-hours": "supervision",
    "college-credits": "college",
}
"""What an amount is of, for kinds of documents whose amounts add up."""


_NOTHING_NEXT: Mapping[Standing, str] = {
    "suspended": "No recertification can be filed while it is suspended.",
    "inactive": "No recertification can be filed while it is inactive.",
    "revoked": "No recertification can be filed.",
    "surrendered": "No recertification can be filed.",
}

_NOT_AMOUNTS = frozenset({"training", "option"})
"""The units that count trainings and options, and not how long training is."""


def missing_sentence(report: ReportData) -> str:
    """
    Return what is missing for the next step, and what is not settled, in one or two sentences.

    Args:
        report: The report.

    Returns:
        The sentences; one says so when nothing is missing.
    """
    if report.standing == "undetermined":
        return "What is next depends on that."
    if report.step is None:
        return _NOTHING_NEXT.get(report.standing, "Nothing can be filed.")
    if report.outcome == "not applicable":
        return "The rules for the next step are not known."
    what = " for the return from inactive status" if report.standing == "inactive" else _NEXT[report.step]
    missing, perhaps, unsettled = missing_items(report)
    said = [
        f"{words}: {listed(items)}."
        for words, items in (
            (f"Still missing{what}", missing),
            ("Not on file, but may exist", perhaps),
            ("Not settled", unsettled),
        )
        if items
    ]
    if not said and report.outcome != "met":
        said.append(f"Whether anything is missing{what} is not settled.")
    elif not said:
        filed = "." if report.pending_since is not None else ", but no application."
        said.append(f"Everything required{what} is on file{filed}")
    return " ".join(said)


def missing_text(report: ReportData) -> str:
    """
    Return what is missing for the next step in as few words as a cell of a table has room for.

    Args:
        report: The report.

    Returns:
        The words; empty where nothing is missing.
    """
    if report.standing == "undetermined":
        return "not settled"
    missing, perhaps, unsettled = missing_items(report)
    said = missing + [
        f"{words}: {listed(items)}" for words, items in (("may exist", perhaps), ("not settled", unsettled)) if items
    ]
    return "; ".join(said) or ("not settled" if report.outcome == "undetermined" else "")


def missing_items(report: ReportData) -> tuple[list[str], list[str], list[str]]:
    """
    Return what is missing for the next step, what is not on file but may exist, and what is not settled.

    Designations are left out; they have outcomes of their own.

    Args:
        report: The report.
    """
    findings = [finding for finding in report.findings if finding.designation is None]
    decided = [finding for finding in findings if _outcome(report, finding) != "undetermined"]
    others = [finding for finding in findings if _outcome(report, finding) == "undetermined"]
    perhaps = [finding for finding in findings if may_exist(finding)]
    unsettled = [finding for finding in findings if finding not in perhaps]
    return list(_short(decided)), list(_unsettled(perhaps)), [*_short(others), *_unsettled(unsettled)]


def may_exist(finding: Finding) -> bool:
    """
    Return whether documents that a requirement asks for are not on file and may exist all the same.

    Args:
        finding: The finding of the requirement.
    """
    is_open = finding.result == "undetermined" and finding.subject == "documents"
    return is_open and any(reason.kind == "perhaps-not-recorded" for reason in finding.because)


def _outcome(report: ReportData, finding: Finding) -> Outcome:
    """Return the outcome that a finding is part of; where that is undetermined, another reading may need nothing."""
    return report.hours_outcome if finding.subject == "hours" else report.documents_outcome


def listed(items: Iterable[str]) -> str:
    """
    Return a list in a sentence.

    >>> listed(["2 hours of training"]), listed(["a", "b", "c"]), listed(["a, b", "c"])
    ('2 hours of training', 'a, b, c', 'a, b; c')
    """
    items = list(items)
    return ("; " if any("," in item for item in items) else ", ").join(items)


def _short(findings: Sequence[Finding]) -> Iterator[str]:
    """Yield what is missing: of training, the smallest addition that would do."""
    wholes = {finding.requirement for finding in findings if finding.additions}
    training: dict[tuple[str, str], Fraction] = {}
    others = []
    for finding in findings:
        if finding.result != "short" or finding.part_of in wholes:
            continue
        for more, unit, of in _additions(finding, findings):
            training[unit, of] = training.get((unit, of), Fraction(0)) + more
        if not finding.additions and finding.subject == "hours" and finding.unit not in _NOT_AMOUNTS:
            key = finding.unit, _of_training(finding)
            training[key] = training.get(key, Fraction(0)) + finding.short
        elif not finding.additions:
            others.append(described(finding, finding.short))
    yield from (f"{training_amount(more, unit)} {of}" for (unit, of), more in training.items())
    yield from others


def _additions(finding: Finding, findings: Sequence[Finding]) -> Iterator[tuple[Fraction, str, str]]:
    """Yield the training that would do: how much, its unit, and what of, by the narrowest requirement it serves."""
    of = {one.requirement: _of_training(one) for one in findings}
    for addition in finding.additions:
        name = addition.serves[0] if addition.serves else finding.requirement
        yield addition.amount, finding.unit, of.get(name, _of_training(finding))


def _unsettled(findings: Sequence[Finding]) -> Iterator[str]:
    """Yield what may be missing."""
    for finding in findings:
        if finding.result == "undetermined" and finding.part_of is None:
            if finding.need is None or finding.counted >= finding.need:
                yield f"“{finding.says.rstrip('.')}”"
            else:
                yield described(finding, finding.need - finding.counted)


def described(finding: Finding, missing: Fraction) -> str:
    """
    Return an amount that is missing for a requirement, with what it is of.

    Args:
        finding: The finding of the requirement.
        missing: How much is missing, in the unit of the finding.
    """
    if finding.unit == "us-dollar" and finding.document_kind == "fee":
        whole = missing == finding.need
        return f"the {dollars(missing)} fee" if whole else f"{dollars(missing)} of the fee"
    if finding.called is not None and finding.subject == "documents" and finding.unit == "document" and missing == 1:
        return finding.called
    if finding.unit == "document" and finding.document_kind is not None:
        at_least = "at least " if finding.need is None else ""  # no source states how many
        return f"{at_least}{_documents(finding.document_kind, missing)}"
    attested = _AMOUNTS.get(finding.document_kind or "")
    if attested is not None and finding.unit != "document":
        return f"{training_amount(missing, finding.unit)} of {attested}"
    if finding.subject == "hours" and finding.unit not in _NOT_AMOUNTS:
        return f"{training_amount(missing, finding.unit)} {_of_training(finding)}"
    return finding.called or f"“{finding.says.rstrip('.')}”"


def amount_missing(finding: Finding) -> str:
    """
    Return how much is missing for a requirement, in as few words as a cell of a table has room for.
    """
    if finding.unit == "us-dollar":
        return dollars(finding.short)
    return training_amount(finding.short, finding.unit)


def _of_training(finding: Finding) -> str:
    """Return what hours are of: what the rule set calls it, else the id of the requirement in words."""
    return f"of {finding.called or finding.requirement.replace('-', ' ')}"


def _documents(kind: str, missing: Fraction) -> str:
    word = kind.replace("-", " ")
    one, several = _DOCUMENTS.get(kind, (with_article(word), f"{word}s"))
    if missing == 1:
        return one
    number = _NUMBERS[int(missing)] if missing.denominator == 1 and missing < len(_NUMBERS) else plain_hours(missing)
    return f"{number} {several}"
