"""Makes conditions of small worlds: tests on every type of field, and every form of condition around them."""

from random import Random
from typing import Any

from attrs import frozen

TESTS: dict[str, tuple[Any, ...]] = {
    "integer": (
        "> 0", ">= 1", ">= 2", "<= 1", "< 2", "> 1", 1, 2, "[1..2]", "[2..3]", "(0..2)", "0, > 1", "[3..4]", "not(1)",
        "not(> 1)", "not(<= 1)", "[1..2], 3",
    ),
    "number": ("> 0", ">= 1", "> 1", "<= 1", "< 1", 1, "(0..1)", "[1..2]", "(1..2]", "not(1)", "not(< 1)", "[0..1)"),
    "enum": ("a", "b", "c", ["b", "c"], ["a", "c"], 'not("a")', 'not("b")'),
    "key": ("x", "x", "y", "y", 'not("x")', ["x", "y"]),
    "set": ("a", "b", ["a", "b"], {"all": ["a", "b"]}, {"is": ["a"]}, {"is": ["a", "b"]}, 'not("a")'),
    "boolean": (True, True, False, "not(true)"),
}  # fmt: skip
"""Tests by type of field."""


@frozen
class Asker:
    """Makes conditions on fact types.

    Args:
        random: makes the choices.
        types: the fact types as plain data.
    """

    random: Random
    types: dict[str, Any]

    def one(self, *options: Any) -> Any:
        """Return one of the options."""
        return self.random.choice(options)

    def when(self, depth: int = 0) -> dict[str, Any]:
        """Return a condition of any form."""
        forms = ("condition", "condition", "condition", "all", "any", "none", "count", "beside", "beside")
        match self.one(*forms) if depth < 2 else "condition":
            case "condition":
                return self.condition()
            case "count":
                return {"count": self._count()}
            case "beside":
                return {"all": [self.condition(), {"none": [self.when(depth + 1) for _ in range(self.one(1, 2))]}]}
            case form:
                return {form: [self.when(depth + 1) for _ in range(self.one(1, 2, 2))]}

    def condition(self, name: str | None = None) -> dict[str, Any]:
        """Return a condition on one fact.

        Args:
            name: its fact type; None for any.
        """
        name = name or self.one(*self.types)
        fields = self.types[name]["fields"]
        tested = [field for field in fields if self.one(True, True, False)]
        return {name: {field: self._test(fields[field]) for field in tested}}

    def _count(self) -> dict[str, Any]:
        of = self.condition()
        distinct = self.one(None, None, *self.types[next(iter(of))]["fields"])
        return {"of": of, "at_least": 2, **({"distinct": distinct} if distinct else {})}

    def _test(self, spec: dict[str, Any]) -> Any:
        own = TESTS["key" if spec.get("key") else spec["type"]]
        general = ("not(null)", "-", *(("null",) if spec["optional"] else ()))
        return self.one(*own, *own, *general)

    def proportion(self) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """Return where a rule takes its points in proportion to, and a condition that reads it; None if nowhere."""
        numbers = [
            (name, field)
            for name, made in self.types.items()
            for field, spec in made["fields"].items()
            if spec["type"] in ("integer", "number")
        ]
        if not numbers:
            return None
        name, field = self.one(*numbers)
        ends = self.one([0, 2], [0, 2], [2, 0], [0, 1], [1, 3])
        condition = self.condition(name)
        condition[name].pop(field, None)
        return {"to": f"{name}.{field}", "over": ends}, condition
