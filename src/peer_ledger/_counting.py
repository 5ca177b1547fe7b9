"""
How a number of things is written.
"""


def counted(number: int, what: str) -> str:
    """
    Write how many of something there are.

    Args:
        number: How many.
        what: The word for one of them; its plural ends in -s, or in -ies where it ends in -y.

    >>> counted(1, "row"), counted(2, "row"), counted(0, "correction"), counted(3, "entry")
    ('1 row', '2 rows', '0 corrections', '3 entries')
    """
    if number == 1:
        return f"1 {what}"
    return f"{number} {what[:-1]}ies" if what.endswith("y") else f"{number} {what}s"


def with_article(word: str) -> str:
    """
    Put the article before a word.

    >>> with_article("course"), with_article("attestation")
    ('a course', 'an attestation')
    """
    return f"{'an' if word[:1] in 'aeio' else 'a'} {word}"
