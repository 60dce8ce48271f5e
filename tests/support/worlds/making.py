"""Makes small worlds: the files of a methodology over small domains, and what a company of it states, from a number."""

from collections.abc import Iterator
from random import Random
from typing import Any

from attrs import frozen

from cleancloud_rules import CriteriaError, Methodology, methodology_from
from tests.support.worlds.conditions import Asker
from tests.support.worlds.trees import Planter

NOTICE = {"code": "made", "hypothetical": True, "text": "Made up for {company}."}
"""The notice on hypothetical facts, without which a fit writes none."""

TRIES = 40
"""How many methodologies are made of one number until one has no error, such as a requirement that asks for itself."""


@frozen
class World:
    """A methodology over small domains.

    Args:
        seed: the number that it was made from.
        files: its files as plain data.
        methodology: the methodology.
        searches: conditions that a company may have searched for without result.
    """

    seed: int
    files: dict[str, Any]
    methodology: Methodology
    searches: tuple[dict[str, Any], ...]


def world(seed: int, *, additive: bool = False) -> World:
    """Return the world of a number.

    Args:
        seed: the number.
        additive: whether its total is a plain sum of weighted categories, as a fit needs it.
    """
    random = Random(f"{seed} {additive}")  # noqa: S311 - nothing secret is made
    for _ in range(TRIES):
        files = _Maker(random, additive).files()
        asker = Asker(random, files["facts.yaml"]["fact_types"])
        try:
            return World(
                seed, files, methodology_from(files), tuple(asker.condition() for _ in range(random.choice((0, 1, 2))))
            )
        except CriteriaError as error:
            last = error
    raise AssertionError(f"seed {seed} makes no methodology without an error: {last}")


@frozen
class _Maker:
    random: Random
    additive: bool

    def one(self, *options: Any) -> Any:
        return self.random.choice(options)

    def files(self) -> dict[str, Any]:
        types = {name: self._type(name) for name in ("alpha", "beta")[: self.one(1, 1, 2)]}
        asker = Asker(self.random, types)
        planter = Planter(self.random, asker, self.additive)
        head, files = planter.tree()
        return {
            "methodology.yaml": {
                "id": "world", "title": "World", "edition": "1", "publisher": "Nobody",
                "sources": {"report": {"type": "report"}}, "windows": {"ever": "always"}, "source_types": ["report"],
                "cohorts": {"big": "Big", "small": "Small"}, "notices": [NOTICE], **head,
            },
            "facts.yaml": {"fact_types": types, **self._implies(asker)},
            **files,
        }  # fmt: skip

    def _type(self, name: str) -> dict[str, Any]:
        selection = self.one("best", "best", "best", "single", "latest")
        fields = dict(self._fields(selection))
        return {"title": name.capitalize(), "horizon": "ever", "selection": selection, "fields": fields}

    def _fields(self, selection: str) -> Iterator[tuple[str, dict[str, Any]]]:
        keyed = selection != "best" or self.one(True, False, False)
        if keyed and self.one(True, True, False):
            yield "topic", {"type": "enum", "values": ["x", "y"], "key": True, "optional": self.one(True, False, False)}
        for name in self.random.sample(("level", "ratio", "kind", "flag", "parts"), self.one(1, 1, 2)):
            yield name, {**self._field(name), "optional": self.one(True, False)}

    def _field(self, name: str) -> dict[str, Any]:
        better: dict[str, Any] = self.one({"better": "higher"}, {"better": "higher"}, {"better": "lower"}, {})
        match name:
            case "level":
                return {"type": "integer", **better, "valid": self.one("[0..3]", "[0..4]")}
            case "ratio":
                return {"type": "number", "digits": 1, **better, "valid": "[0..2]"}
            case "kind":
                return {"type": "enum", "values": ["a", "b", "c"], **self.one({"better": "listed"}, {})}
            case "parts":
                return {"type": "set", "values": ["a", "b"], **self.one({"better": "more"}, {})}
            case _:
                return {"type": "boolean", **self.one({"better": "higher"}, {})}

    def _implies(self, asker: Asker) -> dict[str, Any]:
        # A fact that a later one supersedes still implies others, which a state does not keep.
        types = [name for name, made in asker.types.items() if made["selection"] != "latest"]
        if self.one(True, False, False, False, False) and types:
            pair = [asker.condition(self.one(*types)) for _ in range(2)]
            return {"implies": [{"if": pair[0], "then": pair[1]}]}
        return {}
