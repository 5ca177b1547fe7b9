"""Rule sets that a ledger carries: an old answer can be given again when the package has other rules."""

import json

import attrs
import pytest

from peer_ledger import Certification, Credit, Ledger, TrainingEvent, evaluate, ruleset
from peer_ledger.errors import InvalidData
from peer_ledger.ledger import read_archive, write_archive
from peer_ledger.records import RuleSetText
from peer_ledger.rulesets import RuleSetNotFound, keep_rules, kept_ruleset, kept_rulesets, ruleset_to_dict
from peer_ledger.rulesets._files import digest_of

NC = "us-nc-cpss"
HISTORY = [
    Certification(id="c", person="p-1", credential=NC, act="awarded", on="2024-03-14"),
    TrainingEvent(id="e", person="p-1", completed="2025-02-03", credits=[Credit(amount=19, topics={"ethics"})]),
]


def milder(rules):
    """Return the rules with 19 hours of training asked in every renewal, as another version."""
    changed = []
    for procedure in rules.procedures:
        editions = tuple(
            attrs.evolve(
                edition,
                requirements=tuple(
                    attrs.evolve(one, need=19) if one.id == "training" and procedure.step == "renewal" else one
                    for one in edition.requirements
                ),
            )
            for edition in procedure.editions
        )
        changed.append(attrs.evolve(procedure, editions=editions))
    return attrs.evolve(rules, version="later", procedures=tuple(changed))


def test_what_is_kept_is_the_rule_set():
    """A kept rule set comes back as it was, prose and all; keeping it again adds nothing."""
    ledger = Ledger()
    assert 1 == keep_rules(ledger, ruleset(NC)).added
    assert (0, 1) == ((again := keep_rules(ledger, ruleset(NC))).added, again.unchanged)
    assert ruleset(NC) == kept_ruleset(ledger, NC)
    [one] = kept_rulesets(ledger)
    assert (NC, ruleset(NC).version, digest_of(ruleset(NC))) == (one.ruleset, one.version, one.digest)


def test_an_old_answer_is_given_again_after_an_upgrade(tmp_path):
    """19 hours are short of what one version asks and enough for the next; a file, closed and opened, has both."""
    with Ledger.open(tmp_path / "a.ledger") as ledger:
        keep_rules(ledger, ruleset(NC), at="2026-03-01T09:00-05:00")
        ledger.append(HISTORY, at="2026-03-01T10:00-05:00")
        told = evaluate(ledger, "p-1", on="2026-03-15").to_dict()
        keep_rules(ledger, milder(ruleset(NC)), at="2026-06-01T09:00-04:00")
    with Ledger.open(tmp_path / "a.ledger", read_only=True) as ledger:
        in_march = ledger.known_at("2026-03-31T00:00-04:00")
        digest = told["provenance"]["digest"]
        assert told == evaluate(in_march, "p-1", on="2026-03-15", ruleset=kept_ruleset(ledger, NC, digest)).to_dict()
        assert "short" == told["findings"][0]["result"]
        newest = evaluate(ledger, "p-1", on="2026-03-15", ruleset=kept_ruleset(ledger, NC))
        assert "met" == newest.finding("training").result
        assert kept_ruleset(in_march, NC) == ruleset(NC)
        assert kept_ruleset(ledger, NC, digest[:12]) == ruleset(NC)


def test_words_that_changed_are_another_text_of_the_same_rules():
    """A rule set of which only the prose changed has the same digest; both texts are kept, and the last one is given."""
    reworded = attrs.evolve(ruleset(NC), notes=("Other words.",))
    ledger = Ledger()
    assert 2 == keep_rules(ledger, ruleset(NC), reworded).added
    assert digest_of(reworded) == digest_of(ruleset(NC))
    assert reworded == kept_ruleset(ledger, NC, digest_of(ruleset(NC)))


def test_an_archive_carries_them(tmp_path):
    """What is kept goes into an archive and comes back, byte for byte."""
    ledger = Ledger()
    keep_rules(ledger, ruleset(NC))
    write_archive(ledger, tmp_path / "first.jsonl")
    back = read_archive(tmp_path / "first.jsonl")
    write_archive(back, tmp_path / "second.jsonl")
    assert (tmp_path / "first.jsonl").read_bytes() == (tmp_path / "second.jsonl").read_bytes()
    assert ruleset(NC) == kept_ruleset(back, NC)


def test_a_kept_rule_set_that_was_altered_is_found_out(tmp_path):
    """A figure that is changed in the file behind the ledger's back breaks its chain."""
    path = tmp_path / "a.ledger"
    with Ledger.open(path) as ledger:
        keep_rules(ledger, ruleset(NC))
        assert ledger.verify()
    stored = path.read_bytes()
    figure = rb"notice_days\":90"
    assert 1 == stored.count(figure)
    path.write_bytes(stored.replace(figure, figure.replace(b"90", b"91")))
    with Ledger.open(path, read_only=True) as ledger:
        assert not ledger.verify()


def forged(**given):
    rules = ruleset(NC)
    said = {
        "id": "k",
        "ruleset": NC,
        "version": "1",
        "digest": digest_of(rules),
        "text": json.dumps(ruleset_to_dict(rules)),
    }
    return RuleSetText(**(said | given))


@pytest.mark.parametrize(
    ("said", "record"),
    [
        ("is not that of the text", forged(digest="0" * 64)),
        ("is not JSON", forged(text="{")),
        ("cannot be read", forged(text="{}")),
    ],
)
def test_a_text_that_is_not_what_it_says_is_refused(said, record):
    """Rules are never taken from a text that has another digest, or is none."""
    ledger = Ledger()
    ledger.append(record)
    with pytest.raises(InvalidData, match=said):
        kept_ruleset(ledger, NC)


def test_what_is_not_kept_is_said_with_what_is():
    """A rule set that the ledger does not carry is refused with a list of those it does."""
    ledger = Ledger()
    with pytest.raises(RuleSetNotFound, match="it carries none"):
        kept_ruleset(ledger, NC)
    keep_rules(ledger, ruleset(NC))
    with pytest.raises(RuleSetNotFound, match=f"it carries {NC}"):
        kept_ruleset(ledger, NC, "f" * 64)


@pytest.mark.parametrize(
    ("text", "says"),
    [("1" * 5000, "too many digits"), ("[" * 100_000, "nested too deeply"), ("{", "is not JSON"), ("NaN", "NaN")],
)
def test_a_kept_text_that_cannot_be_read_is_told(text, says):
    """What is kept is read as strictly as all JSON."""
    ledger = Ledger()
    ledger.append(RuleSetText(id="k", ruleset=NC, version="1", digest="0" * 64, text=text))
    with pytest.raises(InvalidData, match=says):
        kept_ruleset(ledger, NC)
