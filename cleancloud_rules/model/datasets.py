"""Datasets: companies with their sources, a published table, published claims and overlays."""

from collections.abc import Collection, Iterable
from datetime import date
from pathlib import PurePath

from attrs import field, frozen

from cleancloud_rules.diagnostics.collector import did_you_mean, listed
from cleancloud_rules.documents.nodes import MappingNode
from cleancloud_rules.model.claims import PublishedClaim, UnanswerableClaim
from cleancloud_rules.model.conditions import Condition
from cleancloud_rules.model.facts import Company, Source
from cleancloud_rules.model.published import Contradiction, PublishedTable
from cleancloud_rules.model.texts import called
from cleancloud_rules.one_line import one_line
from cleancloud_rules.packed import Packed


@frozen
class Accepted:
    """Warnings that a dataset accepts.

    Args:
        code: their code.
        where: the file, as a path from the folder of the dataset; after a colon the beginning of a place in it, such as
            ``facts[3]``.
        reason: why they are accepted.
    """

    code: str
    where: str
    reason: str
    node: MappingNode | None = field(default=None, eq=False, repr=False, kw_only=True)


@frozen
class NeverHypothetical:
    """Facts that no solver may choose.

    Args:
        facts: the condition that they pass.
        reason: why none is chosen.
        cohort: the cohort whose companies it is about; None for all companies.
    """

    facts: Condition
    reason: str
    cohort: str | None = None
    node: MappingNode | None = field(default=None, eq=False, repr=False, kw_only=True)

    def is_about(self, company: Company) -> bool:
        """Whether it is about a company."""
        return self.cohort in (None, company.cohort)


@frozen(field_transformer=one_line)
class Dataset(Packed):
    """A dataset, complete and checked.

    Args:
        title: what a reader sees.
        methodology: id of the methodology that it is made for.
        companies: sorted by id.
        bibliography: the sources that its companies can cite, sorted by id.
        description: what it contains and what it does not.
        selection: how the companies were chosen.
        published: the published table; None if there is none.
        statements: the published claims that count companies, in the order of the file.
        unanswerable: the published claims that no fact can answer, in the order of the file.
        contradictions: where the publisher contradicts itself, in the order of the file.
        overlays: the files of hypothetical facts.
        never_hypothetical: the facts that no solver may choose.
        accepted: the warnings that it accepts.
        left_out: the files and folders in its folders that were not read although they may be meant.
        as_of: its cut-off, in place of that of the methodology; None if it has none.

    Example:
        >>> import cleancloud_rules as cc
        >>> methodology = cc.load_methodology("clean_cloud_2024")
        >>> dataset = cc.load_dataset("clean_cloud_2024", methodology)
        >>> dataset.title, len(dataset.companies)
        ('Clean Cloud 2024', 25)
    """

    title: str
    methodology: str
    companies: tuple[Company, ...]
    bibliography: tuple[Source, ...] = ()
    description: str = ""
    selection: str = ""
    published: PublishedTable | None = None
    statements: tuple[PublishedClaim, ...] = ()
    unanswerable: tuple[UnanswerableClaim, ...] = field(default=(), kw_only=True)
    contradictions: tuple[Contradiction, ...] = ()
    overlays: tuple[PurePath, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    left_out: tuple[PurePath, ...] = ()
    as_of: date | None = None
    never_hypothetical: tuple[NeverHypothetical, ...] = ()
    node: MappingNode | None = field(default=None, eq=False, repr=False, kw_only=True)

    def company(self, name: str) -> Company:
        """Return the company with an id, a name or an alias. Case and spaces of names and aliases do not matter.

        Raises:
            KeyError: if there is none, or if several have the name.
            TypeError: if the name is no text.
        """
        if not isinstance(name, str):
            raise TypeError(f"`name` must be a text, not {name!r}")
        words = {company.id: (company.id, company.name, *company.aliases) for company in self.companies}
        found = called(name, words)
        if len(found) != 1:
            raise KeyError(f"the dataset has {no_company(name, found, sum(words.values(), ()))}")
        return next(company for company in self.companies if company.id == found[0])


def no_company(name: str, found: Collection[str], known: Iterable[str]) -> str:
    """Return that a name names no company or several companies, in words.

    Args:
        name: the name.
        found: what it names, in words.
        known: the words that name companies.
    """
    if found:
        return f"several companies `{name}`: {listed(found)}"
    known, stem = [*known], PurePath(name).stem
    # Where the path of a file is given, its company is mostly called like it.
    hint = f"did you mean `{stem}`?" if stem in known else did_you_mean(name, known)
    return f"no company `{name}`" + (f"; {hint}" if hint else "")


def published_table(dataset: Dataset) -> PublishedTable:
    """Return the published table of a dataset.

    Raises:
        ValueError: if it has none.
    """
    if dataset.published is None:
        raise ValueError(f"the dataset `{dataset.title}` has no published table")
    return dataset.published
