"""
The keys and the short forms of a rule file that the classes do not have, for who looks them up.
"""

from collections.abc import Mapping

EXTRA_KEYS: Mapping[str, Mapping[str, str]] = {
    "File": {
        "format": "The format, which is 1.",
        "seen": "The day on which the sources and the rules were seen, unless they say another.",
        "body, jurisdiction, time_zone, version, confidence, grade, ask, notice_days, counts_in, cites": (
            "Said at the top, they hold for every rule set of the file that does not say otherwise."
        ),
        "sources": "The sources that all rule sets of the file may cite.",
        "ID": "A rule set: `[us-xx-yyy]`. Its id has a hyphen.",
    },
    "RuleSet": {
        "initial, renewal, reinstatement": "The procedures by step; each table in one is an edition by its id.",
        "cites": "The sources of everything in it that does not cite others.",
        "seen": "The day on which its facts were seen; the same as `seen_on`.",
        "drop": "Steps of the rule set that it extends and that it does not have.",
        "notes": 'With `extends`, `"..."` in the list is replaced by the notes of the rule set that it extends.',
        "step_notes": 'By step: `step_notes.renewal = ["One."]`. With `extends`, `"..."` is replaced by all those of '
        "the rule set that it extends.",
    },
    "Source": {
        "board, code, agency, directory, other": "The address, under the word for whose text it is.",
    },
    "Question": {
        "readings": 'By id: `yes = "Yes, within two years. [PAGE, CODE]"`, with its sources in brackets. The first is '
        "assumed unless `assumed` names another.",
    },
    "Procedure": {
        "ID": "An edition.",
        "drop": "Editions of the rule set that it extends and that it does not have.",
    },
    "Edition": {
        "like": "The id of an edition before this one: what is not said here is as it is there. Of an edition that the "
        "rule set that it extends has, too: what this rule set changes there, it changes here.",
        "ID": 'A requirement. For papers, an amount, a number or `true` is enough: `age = "18 years"`, '
        "`references = 2`, `exam = true`.",
        "cites": "The sources of everything in it that does not cite others; with `like`, of what it changes.",
        "within": 'The days that count for its documents, unless they say others; `"any"` for no limit.',
        "drop": "Requirements of the edition that it is like, or that it extends, and that it does not have.",
    },
    "Hours": {
        "topics, not_topics, deliveries, approved_by, ...": "The keys of `counts`, without it.",
        "parts, caps": "By id. A part may be a number of hours; one that is called like a topic is on that topic.",
    },
    "SessionCount": {"trainings": "How many; with it, no `kind` is needed."},
    "Documents": {
        "kind, document_kind": "Not needed where the id is a kind of document, `references`, `letters` or `late-fee`.",
        "adds_up": "Assumed for fees and for hours of work and supervision.",
        "from_different": "Assumed for references and letters.",
    },
    "Anniversary": {
        "ends": "Instead of `begins`: `day-before` the anniversary, on the `anniversary`, with the `month-before`, "
        "with its month (`month-end`) or with its year (`year-end`); `unsettled` where the sources state the length "
        "and not the last day: it raises the question `last-day`.",
    },
    "FixedDate": {
        "ends": 'Instead of `begins` and `phase`: the day of every year, `"06-30"`, or one of the days on which a '
        "cycle of several years ends, `2027-06-30`.",
    },
    "CycleEditions": {
        "editions": "Cycles by the day on which each takes effect: `cycle.editions.first = { months = 12 }`, "
        "`cycle.editions.2016-06-03 = { months = 24 }`.",
    },
    "UnknownCycle": {"unknown": 'What is not known: `cycle = { unknown = "how long a certificate lasts" }`.'},
    "Unstated": {"unstated": 'What it is: `need = { unstated = "the hours that the letter asks for" }`.'},
    "UnstatedQuantity": {
        "unstated": 'What it is: `at_least = { unstated = "what a renewal costs", unit = "us-dollar" }`.'
    },
    "TrainingFilter": {"any": '`counts = "any"` is any training, under a reading that limits nothing.'},
}
"""Keys by the class of their table; `File` for the top of a file."""

SHORT_FORMS: Mapping[str, str] = {
    "RelativeDate": 'a text: `"90 days before the due date"`, `"the end of the month of the due date"`, `"any time"`',
    "Interval": 'a text: `"from the first day of the cycle to the due date"`, `"after the last grant"`',
    "Span": 'a text: `"to 6 months after the due date"`, `"more than 6 months after the due date"`',
    "EffectiveFrom": "a day: `2026-07-01`",
    "Quantity": 'a text: `"12 months"`, `"$20"`',
}
"""What may be written instead of a table, by its class."""
