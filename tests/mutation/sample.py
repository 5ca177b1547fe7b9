"""
Draw mutants that mutmut has generated, so many of each module, the same ones for the same seed.

    python tests/mutation/sample.py --seed 9 evaluation/_lifecycle=150 evaluation/_context=90
    python tests/mutation/sample.py --seed 21 evaluation=110 allocation=40 rules=20

Of a package they are drawn from all its modules together.  It prints their names, to be given to `mutmut run`.  What changes nothing but a sentence meant for people is not drawn
(what a message says is not what decides), nor the second of two that spell one word wrong.
"""

import argparse
import ast
import random
import re
from pathlib import Path

MUTATED = Path("mutants/src/peer_ledger")
MUTANT = re.compile(r"(.+__mutmut)_(orig|\d+)")


def mutants_of(module: str) -> list[str]:
    """Return the names of a module's mutants that change more than a wording."""
    found: dict[str, dict[str, ast.AST]] = {}
    for node in ast.walk(ast.parse((MUTATED / f"{module}.py").read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef) and (matched := MUTANT.fullmatch(node.name)):
            found.setdefault(matched[1], {})[matched[2]] = node
    dotted = ".".join(["peer_ledger", *module.split("/")])
    return [
        f"{dotted}.{function}_{number}"
        for function, ways in found.items()
        for number, mutant in ways.items()
        if number != "orig" and not is_wording(ways["orig"], mutant)
    ]


def modules_of(name: str) -> list[str]:
    """Return a module, or the modules of a package of which there are mutants."""
    if not (MUTATED / name).is_dir():
        return [name]
    paths = sorted((MUTATED / name).glob("*.py"))
    return [f"{name}/{path.stem}" for path in paths if "__mutmut_" in path.read_text("utf-8")]


def is_wording(original: ast.AST, mutant: ast.AST) -> bool:
    """Tell a mutant that differs only in a sentence, or that writes a word in capitals."""
    pairs = list(zip(list(ast.walk(original))[1:], list(ast.walk(mutant))[1:], strict=False))
    if [type(one) for one, _ in pairs] != [type(other) for _, other in pairs]:
        return False
    changed = [
        (one.value, other.value)
        for one, other in pairs
        if isinstance(one, ast.Constant) and isinstance(other, ast.Constant) and one.value != other.value
    ]
    return any(
        isinstance(one, str) and isinstance(other, str) and (" " in one.strip() or other == one.upper())
        for one, other in changed
    )


def main() -> None:
    """Print the names drawn."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--seed", type=int, default=9)
    parser.add_argument("modules", nargs="+", metavar="MODULE_OR_PACKAGE=NUMBER")
    chosen = parser.parse_args()
    for asked in chosen.modules:
        module, number = asked.split("=")
        names = sorted(name for one in modules_of(module) for name in mutants_of(one))
        drawn = random.Random(f"{chosen.seed} {module}").sample(names, min(int(number), len(names)))
        print("\n".join(sorted(drawn)))


if __name__ == "__main__":
    main()
