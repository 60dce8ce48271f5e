"""Datasets: companies with their sources, a published table, published claims and overlays."""

from datetime import date
from pathlib import PurePath

from attrs import field, frozen

from cleancloud_rules.documents.nodes import MappingNode
from cleancloud_rules.model.claims import PublishedClaim
from cleancloud_rules.model.facts import Company, Source
from cleancloud_rules.model.published import Contradiction, PublishedTable
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
        statements: the published claims, in the order of the file.
        contradictions: where the publisher contradicts itself, in the order of the file.
        overlays: the files of hypothetical facts.
        accepted: the warnings that it accepts.
        left_out: the files and folders in its folders that were not read although they may be meant.
        as_of: its cut-off, in place of that of the methodology; None if it has none.
    """

    title: str
    methodology: str
    companies: tuple[Company, ...]
    bibliography: tuple[Source, ...] = ()
    description: str = ""
    selection: str = ""
    published: PublishedTable | None = None
    statements: tuple[PublishedClaim, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    overlays: tuple[PurePath, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    left_out: tuple[PurePath, ...] = ()
    as_of: date | None = None
    node: MappingNode | None = field(default=None, eq=False, repr=False, kw_only=True)


def published_table(dataset: Dataset) -> PublishedTable:
    """Return the published table of a dataset.

    Raises:
        ValueError: if it has none.
    """
    if dataset.published is None:
        raise ValueError(f"the dataset `{dataset.title}` has no published table")
    return dataset.published
