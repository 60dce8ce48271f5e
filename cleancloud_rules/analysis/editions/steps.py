"""Which subsets of changes give a valid methodology, and the steps from one edition to the next."""

from collections.abc import Callable, Iterator
from itertools import combinations

from attrs import frozen

from cleancloud_rules.analysis.editions.differ import Path, mixture
from cleancloud_rules.analysis.editions.flatten import FlatMethodology, put_together
from cleancloud_rules.analysis.lint.sums import excessive_sums
from cleancloud_rules.checking.methodology import check
from cleancloud_rules.diagnostics.collector import DiagnosticCollector
from cleancloud_rules.errors import CriteriaError
from cleancloud_rules.language.conditions import Scope, condition_of
from cleancloud_rules.language.converter import structure
from cleancloud_rules.language.file_types import DerivationEntry
from cleancloud_rules.language.load.derivations import derivation_of
from cleancloud_rules.model.conditions import Condition, conditions_of
from cleancloud_rules.model.groups import Combining, Reads
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.scoring.compiled import compiled

_FEW = 3
"""The maximum number of waiting changes that are tried together with another one, before all of them are tried."""


@frozen
class Patch:
    """A patch: changes that are applied together.

    Args:
        path: where it is.
        changes: the numbers of its changes.
        is_wording: whether no figure depends on it.
    """

    path: Path
    changes: tuple[int, ...]
    is_wording: bool


@frozen
class Taken:
    """Patches that were applied together, and the methodology after them."""

    patches: tuple[Patch, ...]
    methodology: Methodology


class Steps:
    """The steps from one edition to the next. Each step gives a valid methodology.

    Patches are tried in their order. A patch that is not valid alone waits until it is, or until it is valid together
    with as few others as possible. Patches that still wait at the end are applied together.

    Args:
        old: the methodology that the steps begin with.
        new: the methodology that they lead to.
        accepts: whether the companies can be read under a methodology.
    """

    # Greedy search. All subsets would be 2 ** n, so a patch is tried with at most _FEW of those that wait, smallest
    # subsets first, and then with all of them: O(n ** _FEW) attempts for each patch. It ends because every patch is
    # taken once, either by a step or at the end; and the last methodology is the new edition, which is valid.

    def __init__(self, old: FlatMethodology, new: FlatMethodology, accepts: Callable[[Methodology], bool]) -> None:
        self._old = old
        self._new = new
        self._accepts = accepts
        self._taken: set[Path] = set()

    def __call__(self, patches: tuple[Patch, ...]) -> Iterator[Taken]:
        """Return the steps that apply these patches."""
        wording = tuple(patch for patch in patches if patch.is_wording)
        rest = list(patches)
        if wording and (step := self._step(wording)):
            yield step
            rest = [patch for patch in patches if not patch.is_wording]
        waiting: list[Patch] = []
        for patch in rest:
            step = self._with_few(patch, waiting)
            if step is None:
                waiting.append(patch)
            while step is not None:
                yield step
                waiting = [other for other in waiting if other not in step.patches]
                alone = (self._step((other,)) for other in waiting)
                step = next((found for found in alone if found is not None), None)
        if waiting:
            self._taken.update(patch.path for patch in waiting)
            yield Taken(tuple(waiting), put_together(self._mixed(self._taken)))

    def _with_few(self, patch: Patch, waiting: list[Patch]) -> Taken | None:
        """Try a patch alone, then with one, two and three of those that wait, and then with all of them."""
        sizes = [*range(min(len(waiting), _FEW) + 1), *([len(waiting)] if len(waiting) > _FEW else [])]
        groups = (group for size in sizes for group in combinations(waiting, size))
        steps = (self._step((*group, patch)) for group in groups)
        return next((step for step in steps if step is not None), None)

    def _step(self, patches: tuple[Patch, ...]) -> Taken | None:
        paths = self._taken | {patch.path for patch in patches}
        flat = self._mixed(paths)
        methodology = put_together(flat)
        if not stands(methodology, flat) or not self._accepts(methodology):
            return None
        self._taken = paths
        return Taken(patches, methodology)

    def _mixed(self, paths: set[Path]) -> FlatMethodology:
        return mixture(self._old, self._new, lambda path: path in paths)


def stands(methodology: Methodology, flat: FlatMethodology) -> bool:
    """Whether a methodology that was put together could have been loaded.

    Args:
        methodology: the methodology.
        flat: the flat record that it was put together from.
    """
    if len(methodology.criteria) != len(flat.criteria) or len(methodology.groups) != len(flat.groups):
        return False
    if not _reads_alike(methodology):
        return False
    if any(diagnostic.is_error for diagnostic in check(methodology, complete=True)):
        return False
    try:
        return not any(excessive_sums(compiled(methodology)))
    except CriteriaError:
        return False


def _reads_alike(methodology: Methodology) -> bool:
    """Whether everything that was read with a vocabulary has the same meaning under the present one."""
    vocabulary = methodology.vocabulary
    gather = DiagnosticCollector()
    scope = Scope(vocabulary, {source.id: source for source in methodology.bibliography})
    for condition in _conditions(methodology):
        if condition.node is not None and gather.attempt(condition_of, condition.node, scope) != condition:
            return False
    for derivation in vocabulary.derivations:
        assert derivation.node is not None
        if gather.attempt(derivation_of, structure(derivation.node, DerivationEntry), scope) != derivation:
            return False
    for rule in (rule for criterion in methodology.criteria for rule in criterion.rules):
        proportion = rule.in_proportion
        fact_type = vocabulary.by_id.get(proportion.fact_type) if proportion else None
        if proportion and (fact_type is None or fact_type.get(proportion.field) is None):
            return False
    if any(
        f.unit and not vocabulary.units.get(f.unit) for fact_type in vocabulary.fact_types for f in fact_type.fields
    ):
        return False
    return _tables_have_inputs(methodology)


def _tables_have_inputs(methodology: Methodology) -> bool:
    """Whether all inputs of decision tables exist, and each table comes after the tables that it reads."""
    known: set[str | None] = {None, *(criterion.id for criterion in methodology.criteria)}
    known.update(group.id for group in methodology.groups)
    combinings: dict[str | None, Combining] = {None: methodology.combining, **{g.id: g for g in methodology.groups}}
    tables: set[str | None] = set()
    for table in methodology.tables:
        for part in table.inputs:
            combining = combinings.get(part.of)
            there = {
                Reads.TABLE: part.of in tables,
                Reads.LABEL: combining is not None and bool(combining.bands),
                Reads.LEVEL: combining is not None and bool(combining.levels),
            }
            if not there.get(part.reads, part.of in known):
                return False
        tables.add(table.id)
    return True


def _conditions(methodology: Methodology) -> Iterator[Condition]:
    for _, _, when in methodology.asked:
        yield from conditions_of(when)
    for implication in methodology.vocabulary.implications:
        yield from (implication.given, implication.then)
    for derivation in methodology.vocabulary.derivations:
        yield from (condition for _, condition in derivation.inputs)
