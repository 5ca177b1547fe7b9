"""
The papers that many boards ask for: what a rule file need not say of them, because it goes without saying.
"""

from collections.abc import Mapping

import attrs

from peer_ledger.values.vocabularies import standard_vocabularies


@attrs.frozen
class Paper:
    """
    What is assumed of a document by its name.

    Attributes:
        document_kind: The kind of document.
        says: The sentence, in which `{at_least}` stands for what it must state, and `{need}` for how many. A maximum
            follows what it must state: `18 years and at most 30 years`.
        without: The sentence when it need state nothing.
        adds_up: Whether several may add up to what it must state.
        from_different: Whether several must come from different people.
    """

    document_kind: str
    says: str
    without: str | None = None
    adds_up: bool = False
    from_different: bool = False


_KNOWN = " from people who have known the applicant for {at_least}."
_LETTERS = "{need} letters of recommendation."

PAPERS: Mapping[str, Paper] = {
    "age": Paper("age", "At least {at_least} of age."),
    "education": Paper("education", "", "A high school diploma or its equivalent."),
    "recovery": Paper("recovery", "At least {at_least} of recovery.", "Personal recovery."),
    "exam": Paper("exam", "", "A passed examination."),
    "code-of-ethics": Paper("code-of-ethics", "", "A signed code of ethics."),
    "references": Paper("reference-letter", f"{{need}} references{_KNOWN}", "{need} references.", from_different=True),
    "letters": Paper("reference-letter", f"{{need}} letters{_KNOWN}", _LETTERS, from_different=True),
    "letter": Paper("reference-letter", "", "A letter of recommendation."),
    "reference-letter": Paper("reference-letter", f"{{need}} letters{_KNOWN}", _LETTERS, from_different=True),
    "fee": Paper("fee", "A {at_least} fee.", "A fee.", adds_up=True),
    "late-fee": Paper("fee", "A {at_least} fee, late charge included.", adds_up=True),
    "work-hours": Paper("work-hours", "At least {at_least} of work.", adds_up=True),
    "supervision-hours": Paper("supervision-hours", "At least {at_least} of supervision.", adds_up=True),
    "background-check": Paper("background-check", "", "A background check."),
    "residence": Paper("residence", "", "Residence in the state."),
    "employment": Paper("employment", "", "Employment as a peer."),
    "caregiving": Paper("caregiving", "At least {at_least} as a caregiver.", "Experience as a caregiver."),
}
"""The papers by the name that a requirement for them has; a kind of document is a name, too."""

_BY_KIND = {paper.document_kind: paper for name, paper in PAPERS.items() if name == paper.document_kind}


def is_paper(name: str) -> bool:
    """
    Return whether a requirement of this name is for documents unless it says otherwise.
    """
    return name in PAPERS or name in standard_vocabularies()["documents"]


def kind_of_paper(name: str) -> str:
    """
    Return the kind of document that a requirement of this name asks for.
    """
    return PAPERS[name].document_kind if name in PAPERS else name


def paper(name: str, document_kind: str) -> Paper | None:
    """
    Return what is assumed of a requirement of this name for documents of this kind; `None` when nothing is.
    """
    own = PAPERS.get(name)
    return own if own is not None and own.document_kind == document_kind else _BY_KIND.get(document_kind)
