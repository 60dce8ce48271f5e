"""The survey in OpenFisca, which computes variables of entities by formulas over vectors of numpy.

A company is the entity, each answer an input variable, and each share, mean and total a variable with a formula.
OpenFisca takes its inputs as a vector for each variable, and so the answers are brought into columns before anything
is timed. Its floats have 32 bits. It computes totals from given answers: no ranks, outcomes or bounds, and nothing
about sources, windows or facts that do not count.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from tests.benchmarks import questionnaire

PERIOD = "2024"
"""Every variable of OpenFisca has a period. The survey is about none, so this one stands for all."""

Vectors = Mapping[str, Any]
Formula = Callable[[Any, Any], Any]

_CODES = {answer: code for code, answer in enumerate(questionnaire.ANSWERS)}
_SHARES = np.array([float(questionnaire.EARNS.get(answer, "nan")) for answer in questionnaire.ANSWERS], np.float32)


def columns(folder: Path) -> dict[str, Any]:
    """Return a vector of the answers to each question, as codes, and one of the percentages of each measure.

    Args:
        folder: what `large_tables.write_survey` has written, where companies have one order for all questions.
    """
    codes = pl.col("value").replace_strict(_CODES, return_dtype=pl.UInt8)
    answers = pl.read_parquet(folder / "facts" / "answer.parquet", columns=["question", "value"]).with_columns(codes)
    percents = pl.read_parquet(folder / "facts" / "measure.parquet", columns=["of", "percent"])
    measures = percents.with_columns(pl.col("percent").cast(pl.Float32))
    return _vectors(answers, "question", "value") | _vectors(measures, "of", "percent")


def _vectors(table: pl.DataFrame, by: str, of: str) -> dict[str, Any]:
    parts = table.partition_by(by, maintain_order=True)
    return {part[by][0]: part[of].to_numpy() for part in parts}


class Survey:
    """The survey as a tax and benefit system of OpenFisca."""

    def __init__(self) -> None:
        from openfisca_core.entities import build_entity  # noqa: PLC0415 - an extra
        from openfisca_core.indexed_enums import Enum  # noqa: PLC0415 - an extra
        from openfisca_core.taxbenefitsystems import TaxBenefitSystem  # noqa: PLC0415 - an extra

        self._company: Any = build_entity("company", "companies", "A company that answers", is_person=True)
        answer: Any = Enum("Answer", list(questionnaire.ANSWERS))
        self._answers = {"value_type": Enum, "possible_values": answer, "default_value": answer.no}
        self._system: Any = TaxBenefitSystem([self._company])
        files = questionnaire.files()
        categories = [self._group(node, files) for node in files["methodology.yaml"]["categories"]]
        self._computed("total", lambda company, period: _mean(company, period, categories) * 100)

    def totals(self, inputs: Vectors) -> Any:
        """Return the totals of companies, in their order.

        Args:
            inputs: what `columns` returns.
        """
        from openfisca_core.simulations import SimulationBuilder  # noqa: PLC0415 - an extra

        count = len(next(iter(inputs.values())))
        simulation = SimulationBuilder().build_default_simulation(self._system, count)
        for name, vector in inputs.items():
            simulation.set_input(name, PERIOD, vector)
        return simulation.calculate("total", PERIOD)

    def _group(self, node: dict[str, Any], files: dict[str, Any]) -> str:
        """Add a group, and all that is in it, and return the name of its share."""
        parts = [self._group(inner, files) for inner in node.get("groups", ())]
        parts = parts or [self._criterion(criterion) for criterion in files[f"{node['id']}.yaml"]["criteria"]]
        return self._computed(node["id"], lambda company, period: _mean(company, period, parts))

    def _criterion(self, criterion: dict[str, Any]) -> str:
        id = criterion["id"]
        if "ask" in criterion:
            self._given(id, **self._answers)
            return self._computed(f"{id}_share", lambda company, period: _SHARES[company(id, period)])
        (measure,) = (rule["when"]["measure"]["of"] for rule in criterion["rules"])
        self._given(measure, value_type=float)
        return self._computed(f"{id}_share", lambda company, period: _in_proportion(company(measure, period)))

    def _given(self, name: str, **attributes: Any) -> None:
        from openfisca_core.periods import DateUnit  # noqa: PLC0415 - an extra
        from openfisca_core.variables import Variable  # noqa: PLC0415 - an extra

        own = {"entity": self._company, "definition_period": DateUnit.YEAR, **attributes}
        self._system.add_variable(type(name, (Variable,), own))

    def _computed(self, name: str, formula: Formula) -> str:
        self._given(name, value_type=float, formula=formula)
        return name


def _in_proportion(percents: Any) -> Any:
    return np.floor(np.clip(percents, 0, 80) * 5 + 0.5) / 400


def _mean(company: Any, period: Any, names: list[str]) -> Any:
    """Return the mean of the shares of each company that are there: those of questions that apply to it."""
    shares = np.stack([company(name, period) for name in names])
    with np.errstate(invalid="ignore"):
        return np.nansum(shares, axis=0) / np.count_nonzero(~np.isnan(shares), axis=0)
