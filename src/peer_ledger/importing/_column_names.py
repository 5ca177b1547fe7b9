"""The letters that spreadsheet programs give to columns, and the heading of the column that names give."""

PERSON_BY_NAME = "Person (by name)"
"""The heading of the column of ids that is added to a table of names."""


def column_number(letters: str) -> int:
    """
    Return the number of a column of a sheet, from 1.

    >>> column_number("A"), column_number("AB")
    (1, 28)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """
    Return the letters that spreadsheet programs give a column, counted from 1.

    >>> column_letters(1), column_letters(28)
    ('A', 'AB')
    """
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
