"""
The questions about facts that every rule set has.
"""

from peer_ledger.rules._questions import Question, Reading


def _on_file(kind: str, plural: str) -> Question:
    return Question(
        id=f"{plural}-on-file",
        asks=f"Is every {kind} for this person on file?",
        readings=(
            Reading(id="all", says="Yes, what is not on file does not exist."),
            Reading(id="not-all", says="No, what is missing exists but is not on file."),
        ),
        assumed="not-all",
        weight="blocking",
        about="facts",
    )


ACTS_ON_FILE = _on_file("act of the board", "certifications")
"""The question whether every act of the board is on file; it arises where no `Coverage` says so and it matters."""

DOCUMENTS_ON_FILE = _on_file("document", "documents")
"""The same question about documents: letters, forms, fees and the like."""

FILINGS_ON_FILE = _on_file("filing", "filings")
"""The same question about filings; it arises where filing has closed and none is on file."""

FILING_SENT = Question(
    id="filing-sent",
    asks="When was the application sent? Only the day it was received is on file, and the day it was sent counts.",
    readings=(
        Reading(id="in-time", says="In time."),
        Reading(id="late", says="Late, while late filing was open."),
        Reading(id="same-day", says="On the day it was received."),
    ),
    assumed="in-time",
    weight="blocking",
    about="facts",
)
"""The question when an application was sent; it arises where that is not on file and it was not received in time."""

FILING_RECEIVED = Question(
    id="filing-received",
    asks="When was the application received? Only the day it was sent is on file, and the day it was received counts.",
    readings=(
        Reading(id="in-time", says="In time, or as soon as it was sent."),
        Reading(id="late", says="Late, while late filing was open."),
        Reading(id="too-late", says="After the last day of filing, or not at all."),
    ),
    assumed="in-time",
    weight="blocking",
    about="facts",
)
"""The question when an application was received; it arises where that is not on file and may have been too late."""

UNKNOWN_WRITERS = Question(
    id="unknown-writers",
    asks="Are the documents without a writer on file from different people?",
    readings=(
        Reading(id="different", says="Yes, each is from a different person."),
        Reading(id="same", says="No, one person wrote them and the others."),
    ),
    assumed="same",
    weight="blocking",
    about="facts",
)
"""The question by how many people documents are; it arises where different writers are asked for and not on file."""

GIVEN_FOR = Question(
    id="given-for-this-step",
    asks="Was a letter or a fee that names no step given for this application, or for an earlier one?",
    readings=(
        Reading(id="this", says="For this one."),
        Reading(id="other", says="For the earlier one."),
    ),
    assumed="other",
    weight="blocking",
    about="facts",
)
"""The question for which step a document was given, where that is not on file and it may have served another one."""

PAID_FOR = Question(
    id="paid-for-this-certificate",
    asks="Was a fee that names no certificate paid for this one, or for another one that asks for a fee, too?",
    readings=(
        Reading(id="this", says="For this one."),
        Reading(id="other", says="For the other one, as far as that one asks for it."),
    ),
    assumed="other",
    weight="blocking",
    about="facts",
)
"""The question for which certificate a fee was paid, where that is not on file and two may have cost one."""

UNRECORDED_TRAINING = Question(
    id="unrecorded-training",
    asks="Does training with unknown hours or kind count?",
    readings=(
        Reading(id="counts", says="Yes, it was long enough and of the kind that counts."),
        Reading(id="does-not", says="No, it was not of a kind that counts."),
    ),
    assumed="does-not",
    weight="blocking",
    about="facts",
)
"""The question whether training with unrecorded details counts; it arises where the answer depends on it."""

SAME_COURSE = Question(
    id="same-course",
    asks="Are trainings with the same title the same course?",
    readings=(
        Reading(id="same", says="Yes, the course was taken again, or the training was recorded twice."),
        Reading(id="different", says="No, they are different courses with the same title."),
    ),
    assumed="same",
    weight="blocking",
    about="facts",
)
"""The question whether equal titles are one course; it arises where a course counts once and that decides."""

RECORDED_TWICE = Question(
    id="recorded-twice",
    asks="Are trainings of the same day that look alike one training that was recorded twice?",
    readings=(
        Reading(id="one", says="Yes, it is one training, recorded twice."),
        Reading(id="several", says="No, each of them took place."),
    ),
    assumed="one",
    weight="blocking",
    about="facts",
)
"""The question whether records that look alike are of one training; it arises where that decides."""

RECORDS_DISAGREE = Question(
    id="records-disagree",
    asks="Two lists record one training with different hours, topics or details. Which is right?",
    readings=(
        Reading(id="least", says="The one by which less counts."),
        Reading(id="most", says="The one by which more counts."),
    ),
    assumed="least",
    weight="blocking",
    about="facts",
)
"""The question which record of a training is right; it arises where two disagree and that decides."""

OF_FACTS = (
    ACTS_ON_FILE, DOCUMENTS_ON_FILE, FILINGS_ON_FILE, FILING_SENT, FILING_RECEIVED, UNKNOWN_WRITERS, GIVEN_FOR,
    PAID_FOR, UNRECORDED_TRAINING, SAME_COURSE, RECORDED_TWICE, RECORDS_DISAGREE,
)  # fmt: skip
"""
The questions about facts that every rule set has: records that may be missing, details left out of them, and records
that may be of the same training or disagree about it.
"""
