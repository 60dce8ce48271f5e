"""How long a long questionnaire takes: 250 criteria in 25 groups, four levels deep, and companies that answer it all.

    python -m tests.benchmarks.questionnaire [COMPANIES]

Prints milliseconds a company and resident memory, and both again as ratios to a plain evaluation in the same process:
machines differ, and so does one machine from minute to minute, but a ratio stays.
"""

import os
import random
import sys
from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from time import process_time
from typing import Any

from attrs import frozen

from cleancloud_rules import Company, Methodology, company_from, methodology_from, score
from cleancloud_rules.model.rounding import RoundingMode, rounded

COMPANIES = 3_000
QUESTIONS, MEASURES = 200, 50
LEVELS = (2, 4, 6, 13)
"""Groups at each depth: 25 together. Criteria are in the deepest."""

ANSWERS = ("yes", "partial", "no", "not_applicable")
EARNS = {"yes": Decimal(1), "partial": Decimal("0.5"), "no": Decimal(0)}

Data = dict[str, Any]


def files() -> Data:
    """Return the files of the methodology."""
    groups = [[f"g{depth}_{i}" for i in range(number)] for depth, number in enumerate(LEVELS)]
    made: Data = {"methodology.yaml": _head(groups), "facts.yaml": {"fact_types": _fact_types()}}
    for number, group in enumerate(groups[-1]):
        criteria = [_question(i) for i in range(QUESTIONS) if i % LEVELS[-1] == number]
        criteria += [_measure(i) for i in range(MEASURES) if i % LEVELS[-1] == number]
        made[f"{group}.yaml"] = {"category": group, "answers": _answers(), "criteria": criteria}
    return made


def _head(groups: list[list[str]]) -> Data:
    def below(depth: int, number: int) -> Data:
        id = groups[depth][number]
        node: Data = {"id": id, "title": f"Group {id}"}
        if depth + 1 < len(LEVELS):
            inside = [i for i in range(LEVELS[depth + 1]) if i * LEVELS[depth] // LEVELS[depth + 1] == number]
            node |= {"aggregate": "mean", "groups": [below(depth + 1, i) for i in inside]}
        return node | {"of": "shares", "scale": 100}

    return {
        "id": "questionnaire",
        "title": "Questionnaire",
        "edition": "1",
        "publisher": "Nobody",
        "sources": {"survey": {"type": "survey", "title": "Survey"}},
        "windows": {"always": "always"},
        "source_types": ["survey"],
        "rounding": {"digits": 2, "mode": "half_up", "total": "rounded_sum", "points_digits": 2},
        "aggregate": "mean",
        "categories": [below(0, i) for i in range(LEVELS[0])],
        "points_basis": "project",
    }


def _fact_types() -> Data:
    names = [f"m{i}" for i in range(MEASURES)]
    percent = {"type": "percent", "digits": 1, "better": "higher"}
    return {
        "answer": {
            "title": "Answer",
            "horizon": "always",
            "fields": {
                "question": {"type": "enum", "values": "questions", "key": True},
                "value": {"type": "enum", "values": list(ANSWERS)},
            },
        },
        "measure": {
            "title": "Measure",
            "horizon": "always",
            "fields": {"of": {"type": "enum", "values": names, "key": True}, "percent": percent},
        },
    }


def _answers() -> Data:
    return {
        "fact": "answer",
        "question": "question",
        "answer": "value",
        "points": EARNS,
        "not_applicable": ["not_applicable"],
        "because": "Answered {answer.value}.",
        "otherwise": "No answer that earns points.",
    }


def _question(number: int) -> Data:
    return {"id": f"q{number}", "ask": f"Is number {number} done?"}


def _measure(number: int) -> Data:
    proportion = {"to": "measure.percent", "over": [0, 80], "digits": 2}
    return {
        "id": f"p{number}",
        "title": f"Measure {number}",
        "horizon": "always",
        "max_points": 4,
        "hit_policy": "collect max",
        "rules": [
            {
                "id": "share",
                "points": 4,
                "in_proportion": proportion,
                "when": {"measure": {"of": f"m{number}"}},
                "because": "At {measure.percent}.",
            }
        ],
        "otherwise": "No measure.",
    }


@frozen
class Answered:
    """What a company says: answers by question, and percentages by measure, in tenths."""

    id: str
    answers: dict[str, str]
    tenths: dict[str, int]


def answered(number: int) -> Answered:
    """Return what a company says, the same in every run."""
    chance = random.Random(number)  # noqa: S311 - generated answers, no secrets
    answers = {f"q{i}": chance.choices(ANSWERS, (5, 3, 3, 1))[0] for i in range(QUESTIONS)}
    return Answered(f"c{number}", answers, {f"m{i}": chance.randrange(1001) for i in range(MEASURES)})


def company_of(said: Answered, methodology: Methodology) -> Company:
    """Return the facts of a company."""
    percents = {id: Decimal(tenths).scaleb(-1) for id, tenths in said.tenths.items()}
    data = {
        "id": said.id,
        "name": said.id,
        "answers": {"fact": "answer", "source": "survey", "values": said.answers},
        "facts": [{"measure": {"of": id, "percent": p}, "source": "survey"} for id, p in percents.items()],
    }
    return company_from(data, methodology)


class Plain:
    """The same methodology as loops over plain data, without reasons: what a ratio is taken of."""

    def __init__(self, files: Data) -> None:
        self.categories = files["methodology.yaml"]["categories"]
        self.criteria = {name.removesuffix(".yaml"): file.get("criteria") for name, file in files.items()}

    def total(self, said: Answered) -> Decimal:
        """Return the total of a company."""
        whole = self._mean(self._group(category, said) for category in self.categories)
        assert whole is not None
        return rounded(whole, 2, RoundingMode.HALF_UP)

    def _group(self, group: Data, said: Answered) -> Fraction | None:
        inner = [self._group(part, said) for part in group.get("groups", ())]
        if inner:
            mean = self._mean(part if part is None else part / 100 for part in inner)
            return None if mean is None else mean * 100
        shares = [share for c in self.criteria[group["id"]] if (share := self._share(c, said)) is not None]
        return Fraction(100) * sum(shares) / len(shares) if shares else None

    @staticmethod
    def _mean(parts: Iterable[Fraction | None]) -> Fraction | None:
        values = [part for part in parts if part is not None]
        return sum(values, Fraction(0)) / len(values) if values else None

    @staticmethod
    def _share(criterion: Data, said: Answered) -> Fraction | None:
        id = criterion["id"]
        if id in said.answers:
            answer = said.answers[id]
            return None if answer == "not_applicable" else Fraction(EARNS[answer])
        exact = Fraction(min(said.tenths[f"m{id[1:]}"], 800), 200)
        return Fraction(rounded(exact, 2, RoundingMode.HALF_UP)) / 4


def resident() -> float:
    """Return the resident memory of this process, in MB."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE") / 2**20


@frozen
class Measured:
    """What a run took.

    Args:
        loading: milliseconds of processor time a company, reading its facts.
        scoring: the same, scoring it.
        checked: the same, scoring a few with the cross-check.
        plain: the same, of the plain evaluation.
        memory: resident MB, by how many companies have been scored.
    """

    loading: float
    scoring: float
    checked: float
    plain: float
    memory: dict[int, float]


def measure(companies: int) -> Measured:
    """Score companies one after the other and return what it took; their totals are those of the plain evaluation."""
    made = files()
    methodology, plain = methodology_from(made), Plain(made)
    spent = dict.fromkeys(("loading", "scoring", "checked", "plain"), 0.0)

    def timed(what: str, step: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        began = process_time()
        result = step(*arguments, **options)
        spent[what] += process_time() - began
        return result

    score(company_of(answered(0), methodology), methodology)
    memory = {0: resident()}
    checked = range(0, companies, max(1, companies // 20))
    for number in range(companies):
        said = answered(number)
        company = timed("loading", company_of, said, methodology)
        card = timed("scoring", score, company, methodology, cross_check=False)
        total = timed("plain", plain.total, said)
        assert card.total == total, (number, card.total, total)
        if number in checked:
            timed("checked", score, company, methodology, cross_check=True)
        if number + 1 in (500, companies):
            memory[number + 1] = resident()
    per = {what: 1000 * seconds / (len(checked) if what == "checked" else companies) for what, seconds in spent.items()}
    return Measured(per["loading"], per["scoring"], per["checked"], per["plain"], memory)


def main(companies: int) -> None:
    """Print what a run took."""
    found = measure(companies)
    for what in ("loading", "scoring", "checked", "plain"):
        took = getattr(found, what)
        sys.stdout.write(f"{what:8} {took:8.2f} ms a company, {took / found.plain:6.1f} times the plain evaluation\n")
    for number, size in found.memory.items():
        sys.stdout.write(f"after {number:5} companies {size:7.1f} MB, {size / found.memory[0]:.3f} times the start\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else COMPANIES)
