"""Makes criteria and trees of groups of small worlds: every hit policy, and every form of a group."""

from decimal import Decimal
from random import Random
from typing import Any

from attrs import field, frozen

from tests.support.worlds.conditions import Asker

WORDS = {"title": "T", "because": "It holds.", "otherwise": "Nothing."}


@frozen
class Planter:
    """Makes the criteria and groups of one methodology.

    Args:
        random: makes the choices.
        asker: makes conditions.
        additive: whether the total is a plain sum of weighted categories of points.
    """

    random: Random
    asker: Asker
    additive: bool
    _maxima: dict[str, Decimal] = field(factory=dict, init=False)
    """The maximum of each criterion made so far; None of a group."""
    _groups: list[str] = field(factory=list, init=False)
    _words: set[str] = field(factory=set, init=False)
    """The words that say how strongly criteria of the group that is being made are required."""

    def one(self, *options: Any) -> Any:
        """Return one of the options."""
        return self.random.choice(options)

    def sometimes(self, one_of: int) -> bool:
        """Whether the rarer of two forms is chosen: once in so many times."""
        return self.random.randrange(one_of) == 0

    def tree(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the keys of the methodology that speak of groups, and the files of criteria."""
        files: dict[str, Any] = {}
        rounding = {
            "digits": self.one(0, 1, 2, 2), "mode": self.one("half_up", "half_up", "half_even", "floor", "ceiling"),
            "total": self.one("rounded_sum", "sum_of_rounded"), "points_digits": 1,
        }  # fmt: skip
        if self.additive:
            return {"categories": self._additive(files), "rounding": rounding}, files
        how = self._aggregate()
        categories = [self._group(f"g{n}", how, files, 0) for n in range(self.one(1, 1, 2))]
        if how["aggregate"] == "sum" and self.sometimes(3):
            for category, weight in zip(categories, [100] if len(categories) == 1 else [40, 60], strict=True):
                category.pop("scale", None)
                category["weight"] = weight
        whole = self._limits(how)
        for key, options in (("not_assessed", ["excluded"]), ("not_applicable", ["full", "zero"])):
            whole |= {key: self.one(*options)} if self.sometimes(8) else {}
        return {"categories": categories, "rounding": rounding, **how, **whole}, files

    def _additive(self, files: dict[str, Any]) -> list[dict[str, Any]]:
        number = self.one(1, 2)
        weights = [100] if number == 1 else self.one([50, 50], [40, 60])
        made = []
        for n, weight in enumerate(weights):
            files[f"g{n}.yaml"] = {
                "category": f"g{n}",
                "criteria": [self._criterion({}) for _ in range(self.one(1, 1, 2))],
            }
            made.append({"id": f"g{n}", "title": "G", "weight": weight})
        return made

    def _aggregate(self) -> dict[str, Any]:
        how = self.one("sum", "sum", "weighted sum", "mean", "mean", "weighted mean", "minimum", "maximum")
        return {"aggregate": how, "of": self.one("points", "points", "shares")}

    def _group(self, id: str, above: dict[str, Any], files: dict[str, Any], depth: int) -> dict[str, Any]:
        how: dict[str, Any] = {"aggregate": "none"} if self.sometimes(10) else self._aggregate()
        made = {"id": id, "title": "G", **how, **self._weight(above)}
        if depth == 0 and self.sometimes(3):
            made["groups"] = [self._group(f"{id}_{n}", how, files, 1) for n in range(self.one(1, 1, 2))]
        if "groups" not in made or self.one(True, False):
            criteria = [self._criterion(how) for _ in range(self.one(1, 2, 2) if "groups" not in made else 1)]
            files[f"{id}.yaml"] = {"category": id, "criteria": criteria}
        made |= self._limits(how, id)
        parts = [c["id"] for c in files.get(f"{id}.yaml", {"criteria": []})["criteria"]]
        parts += [group["id"] for group in made.get("groups", ())]
        if len(parts) > 1 and self.sometimes(6):
            made["tiers"] = parts
        if self.sometimes(8):
            made["not_applicable"] = self._not_applicable()
        if self.sometimes(10) and self._maxima:
            made["requires"] = [self._requirement()]
        if self.sometimes(5):
            made["rounding"] = {"digits": self.one(0, 0, 1), **self.one({}, {"mode": "ceiling"}, {"mode": "floor"})}
        if made.get("groups") and self.sometimes(3):
            made["parts"] = "rounded"
        if self.sometimes(8):
            made["not_assessed"] = self.one("excluded", "zero")
        if how["aggregate"] != "none" and self.sometimes(4):
            made["scale"] = self.one(1, 10, 100)
        self._groups.append(id)
        return made

    def _weight(self, above: dict[str, Any]) -> dict[str, Any]:
        return {"weight": self.one(0, 1, 2, 3)} if above.get("aggregate", "").startswith("weighted") else {}

    def _limits(self, how: dict[str, Any], id: str | None = None) -> dict[str, Any]:
        """Return the keys of a group, or of the root, that need no knowledge of its parts."""
        made: dict[str, Any] = {}
        scored = how["aggregate"] != "none"
        if scored:
            if how["aggregate"] == "sum" and how["of"] == "points" and self.sometimes(5):
                made["base"] = self.one(1, 2, -1)
            made |= {"at_least": self.one(0, 1, -1)} if self.sometimes(8) else {}
            made |= {"at_most": self.one(1, 2, 3)} if self.sometimes(8) else {}
            if self.sometimes(6):
                made["caps"] = [{self.one("unless", "unless", "if"): self._requirement(), "at_most": self.one(0, 1)}]
            if self.sometimes(6):
                made["bands"] = self._bands(with_values=id is not None)
        if not scored or self.sometimes(6):
            made["levels"] = self._levels(scored, with_values=id is not None)
        if self._words and self.sometimes(4):
            made["needs"] = self.one(*sorted(self._words))
        if self.sometimes(6):
            made["coverage"] = [self.one({"at_least": 1}, {"at_least": "60%", "of": "criteria"}, {"at_least": "50%"})]
        if self.sometimes(6):
            made["empty"] = "zero"
        return made

    def _bands(self, *, with_values: bool) -> list[dict[str, Any]]:
        values = self.one(None, (3, 1), (1, 3)) if with_values else None
        edge = self.one(1, 2)
        bands = [{"label": "A", "score": f">= {edge}"}, {"label": "B", "score": f"< {edge}"}]
        return [{**band, "value": value} for band, value in zip(bands, values, strict=True)] if values else bands

    def _levels(self, scored: bool, *, with_values: bool) -> list[dict[str, Any]]:
        levels: list[dict[str, Any]] = []
        values = with_values and self.one(True, False)
        for number in range(self.one(1, 2)):
            asked: dict[str, Any] = {}
            if number or self.one(True, False):
                asked = (
                    {"at_least": self.one(1, 2)}
                    if scored and self.one(True, False)
                    else {"requires": [self._requirement()]}
                )
            levels.append({"id": f"l{number}", "title": "L", **asked, **({"value": number + 1} if values else {})})
        return levels

    def _requirement(self) -> Any:
        """Return a requirement on a criterion or on a group made so far."""
        of = self.one(*self._maxima, *self._groups)
        return self.one(of, {"of": of, "at_least": self.one(1, 1, 2, 0)})

    def _not_applicable(self) -> dict[str, Any]:
        made: dict[str, Any] = {"when": self.asker.when(1)}
        if self.sometimes(8):
            made = self.one({"cohorts": ["small"]}, {"cohorts": ["small"], **made})
        return {**made, **self.one({}, {}, {"counts_as": "excluded"}, {"counts_as": "full"}, {"counts_as": "zero"})}

    def _criterion(self, above: dict[str, Any]) -> dict[str, Any]:
        policy = self.one(
            "collect max",
            "collect max",
            "collect sum",
            "first",
            *(() if self.additive else ("collect min", "collect sum")),
        )
        rules = [self._rule(n) for n in range(self.one(1, 1, 2, 3))]
        most = [max(rule["points"], rule.get("in_proportion", {}).get("least", 0)) for rule in rules]
        best = max(*most, 0)
        made: dict[str, Any] = {"hit_policy": policy}
        if policy == "collect sum":
            best = sum(max(0, one) for one in most)
            if self.sometimes(3):
                best = made["at_most"] = max(*most, 0)
        if any(rule["points"] < 0 for rule in rules) and self.one(True, False):
            made["at_least"] = self.one(0, -1, -2)
        id = f"c{len(self._maxima)}"
        made |= {"max_points": best, **self._weight(above), **self._forms(best)}
        self._maxima[id] = best
        return {
            "id": id, "title": "C", "horizon": "ever", **made, "rules": rules, "otherwise": WORDS["otherwise"],
        }  # fmt: skip

    def _forms(self, best: Any) -> dict[str, Any]:
        made: dict[str, Any] = {}
        if self.additive:
            return made
        if self._maxima and self.sometimes(5):
            made["requires"] = [self._requirement()]
        if self.sometimes(5):
            made["not_applicable"] = self._not_applicable()
        if self.sometimes(8):
            made["not_assessed"] = self.one("excluded", "zero")
        if best and self.sometimes(5):
            made["met_at"] = self.one(*range(1, int(best) + 1))
        if self.sometimes(5):
            self._words.add(word := self.one("must", "should"))
            made["requirement"] = word
        return made

    def _rule(self, number: int) -> dict[str, Any]:
        when, further = self.asker.when(), {}
        points = self.one(1, 2, 2, 3, *(() if self.additive else (-1, -2, Decimal("1.5"))))
        found = self.asker.proportion() if not self.additive and self.sometimes(8) else None
        if found is not None:
            further, when = {"in_proportion": {**found[0], "digits": self.one(0, 1)}}, found[1]
            points = int(points)
        return {"id": f"r{number}", "points": points, **further, "when": when, "because": WORDS["because"]}
