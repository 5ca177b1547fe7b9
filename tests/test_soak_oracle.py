"""The comparison on several processors goes on where it stopped, and tells what differs by the seed of the life."""

import json

import soak_oracle


def run(*arguments):
    return soak_oracle.main(["--processes", "1", "--seed", "1000", "--chunk", "2", *map(str, arguments)])


def chunks(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_chunks_that_are_done_are_not_done_again(tmp_path, capsys):
    """Four lives in two chunks, of which the second was torn: it is done again, and comes out the same."""
    path = tmp_path / "lives.jsonl"
    assert 0 == run("--lives", 4, "--odd", "plain", "--to", path)
    before = chunks(path)
    assert [(1000, 1002), (1002, 1004)] == [(one["first"], one["end"]) for one in before]
    path.write_text(json.dumps(before[0]) + "\n" + '{"first": 1002, "e', "utf-8")
    assert 0 == run("--lives", 4, "--odd", "plain", "--to", path)
    assert before == chunks(path)
    assert "12 answers about 4 lives compared, 0 different" in capsys.readouterr().out


def test_what_differs_is_told_by_its_seed_and_makes_it_fail(monkeypatch, capsys):
    monkeypatch.setattr(soak_oracle, "compared", found_something)
    monkeypatch.setattr(soak_oracle, "get_context", lambda method: Inline)
    assert 1 == run("--lives", 2)
    out = capsys.readouterr().out
    assert "2 answers about 2 lives compared, 1 different" in out
    assert "life 1001: so, and not so" in out


def found_something(chunk):
    """Compare nothing, and find a difference."""
    first, end, _ = chunk
    return {"first": first, "end": end, "seen": {"current/met": 2}, "found": [f"life {first + 1}: so, and not so"]}


class Inline:
    """A pool that works in this process."""

    def __init__(self, processes):
        assert processes == 1

    @classmethod
    def Pool(cls, processes):  # noqa: N802  # the name that multiprocessing gave it
        return cls(processes)

    def __enter__(self):
        return self

    def __exit__(self, *raised):
        return None

    def imap_unordered(self, function, items):
        return map(function, items)
