"""
The one rule of `columns.py` in two engines for rules: ZEN and OpenFisca.

They need packages of their own: `pip install zen-engine openfisca-core` (2.1 and 46.0 when this was written). Both are
handed what they can take: ZEN a person's trainings as a list, with an expression that adds them up; OpenFisca columns,
with each training a person and each certificate a group of them.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from evaluation import ETHICS, NEED, ON

EPOCH = date(1970, 1, 1)
MONTH = f"{ON:%Y-%m}"
TODAY = (ON - EPOCH).days


def read(files: dict[str, Path]) -> tuple[list[str], Any, Any, Any, Any, Any]:
    """Return everybody with the day of the last award, and of each training whose it is, its day, hours and ethics."""
    held = pq.read_table(files["certifications"], columns=["person", "on"])
    trained = pq.read_table(files["trainings"], columns=["person", "completed", "amount", "topics"])
    coded = held["person"].combine_chunks().dictionary_encode()
    whose, on = coded.indices.to_numpy(), held["on"].cast(pa.int32()).to_numpy()
    since = np.full(len(coded.dictionary), -1, dtype=np.int64)
    np.maximum.at(since, whose[on <= TODAY], on[on <= TODAY])
    person = pa.compute.index_in(trained["person"].combine_chunks(), coded.dictionary).to_numpy()
    days = trained["completed"].cast(pa.int32()).to_numpy()
    ethics = pa.compute.equal(trained["topics"], "ethics").to_numpy()
    return coded.dictionary.to_pylist(), since, person, days, trained["amount"].to_numpy(), ethics


def in_zen(files: dict[str, Path]) -> dict[str, bool]:
    import zen  # noqa: PLC0415 - it need not be installed

    counted = "filter(trainings, #.day > since and #.day <= today)"
    rule = f"sum(map({counted}, #.amount)) >= {NEED} and sum(map({counted}, #.ethics ? #.amount : 0)) >= {ETHICS}"
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in"},
        {
            "id": "rule",
            "type": "expressionNode",
            "name": "rule",
            "content": {"expressions": [{"id": "met", "key": "met", "value": rule}]},
        },
        {"id": "out", "type": "outputNode", "name": "out"},
    ]
    edges = [
        {"id": "a", "type": "edge", "sourceId": "in", "targetId": "rule"},
        {"id": "b", "type": "edge", "sourceId": "rule", "targetId": "out"},
    ]
    decision = zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))
    people, since, person, days, hours, ethics = read(files)
    trainings: list[list[dict[str, Any]]] = [[] for _ in people]
    for whose, day, amount, is_ethics in zip(
        person.tolist(), days.tolist(), hours.tolist(), ethics.tolist(), strict=True
    ):
        trainings[whose].append({"day": day, "amount": amount, "ethics": is_ethics})
    return {
        name: decision.evaluate({"since": last, "today": TODAY, "trainings": own})["result"]["met"]
        for name, last, own in zip(people, since.tolist(), trainings, strict=True)
    }


def in_openfisca(files: dict[str, Path]) -> dict[str, bool]:
    from openfisca_core.entities import build_entity  # noqa: PLC0415 - it need not be installed
    from openfisca_core.periods import DateUnit  # noqa: PLC0415
    from openfisca_core.simulations import SimulationBuilder  # noqa: PLC0415
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem  # noqa: PLC0415
    from openfisca_core.variables import Variable  # noqa: PLC0415

    training = build_entity(key="training", plural="trainings", label="", is_person=True)
    certificate = build_entity(
        key="certificate", plural="certificates", label="", roles=[{"key": "part", "plural": "parts"}]
    )

    def variable(name: str, entity: Any, value: type, formula: Any = None) -> type[Variable]:
        fields = {"value_type": value, "entity": entity, "definition_period": DateUnit.MONTH, "label": name}
        return type(name, (Variable,), fields | ({"formula": formula} if formula else {}))

    def counted(entity: Any, period: Any) -> Any:
        since = entity.certificate("since", period)
        return ((entity("day", period) > since) & (entity("day", period) <= TODAY)) * entity("hours", period)

    def met(entity: Any, period: Any) -> Any:
        hours = entity.members("counted", period)
        ethics = hours * entity.members("on_ethics", period)
        return (entity.sum(hours) >= NEED) * (entity.sum(ethics) >= ETHICS)

    rules = TaxBenefitSystem([training, certificate])
    for name, entity, value, formula in (
        ("day", training, int, None),
        ("hours", training, float, None),
        ("on_ethics", training, bool, None),
        ("since", certificate, int, None),
        ("counted", training, float, counted),
        ("met", certificate, bool, met),
    ):
        rules.add_variable(variable(name, entity, value, formula))
    people, since, person, days, hours, ethics = read(files)
    builder = SimulationBuilder()
    builder.create_entities(rules)
    builder.declare_person_entity("training", np.arange(len(person)))
    groups = builder.declare_entity("certificate", np.arange(len(people)))
    builder.join_with_persons(groups, person, roles=np.full(len(person), "part"))
    simulation = builder.build(rules)
    for name, values in (("day", days), ("hours", hours), ("on_ethics", ethics), ("since", since)):
        simulation.set_input(name, MONTH, values)
    return dict(zip(people, simulation.calculate("met", MONTH).tolist(), strict=True))
