"""Which subsets of changes give a valid methodology, and the steps from one edition to the next."""

from collections.abc import Callable, Iterator

from attrs import frozen

from cleancloud_rules.analysis.editions.differ import Path, mixture
from cleancloud_rules.analysis.editions.flatten import FlatMethodology, put_together
from cleancloud_rules.analysis.lint.sums import excessive_sums
from cleancloud_rules.analysis.stepwise.search import StepSearch
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

TOGETHER = "They are valid only together."
"""Why changes are applied together that are not valid alone."""


def no_figure(changes: int) -> str:
    """Return that no figure depends on so many changes."""
    return "No figure depends on them." if changes > 1 else "No figure depends on it."


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

    @property
    def is_wording(self) -> bool:
        """Whether no figure depends on them."""
        return all(patch.is_wording for patch in self.patches)

    @property
    def changes(self) -> tuple[int, ...]:
        """The numbers of their changes, sorted."""
        return tuple(sorted(number for patch in self.patches for number in patch.changes))

    @property
    def because(self) -> str | None:
        """Why they are applied together; None for a single change."""
        if self.is_wording:
            return no_figure(len(self.patches))
        if len(self.patches) == 1:
            return "They are parts of one unit." if len(self.changes) > 1 else None
        return TOGETHER


class Steps:
    """The steps from one edition to the next. Each step gives a valid methodology.

    Patches of wording come first. A patch that is not valid alone waits for those that it needs; see `StepSearch`.

    Args:
        old: the methodology that the steps begin with.
        new: the methodology that they lead to.
        accepts: whether the companies can be read under a methodology.
    """

    def __init__(self, old: FlatMethodology, new: FlatMethodology, accepts: Callable[[Methodology], bool]) -> None:
        self._old = old
        self._new = new
        self._accepts = accepts

    def __call__(self, patches: tuple[Patch, ...]) -> Iterator[Taken]:
        """Return the steps that apply these patches."""
        search = StepSearch(self._after)
        wording = tuple(patch for patch in patches if patch.is_wording)
        if wording and (methodology := search.together(wording)):
            yield Taken(wording, methodology)
            patches = tuple(patch for patch in patches if not patch.is_wording)
        for taken, methodology in search(patches):
            yield Taken(taken, methodology)

    def _after(self, patches: frozenset[Patch], is_last: bool) -> Methodology | None:
        paths = {patch.path for patch in patches}
        flat = mixture(self._old, self._new, lambda path: path in paths)
        methodology = put_together(flat)
        return methodology if is_last or (stands(methodology, flat) and self._accepts(methodology)) else None


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
