"""Compares two records: what changed in evidence and rules, and what that changed for each company."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from attrs import frozen

from cleancloud_rules.analysis.transitions.outcome import comparison_of
from cleancloud_rules.analysis.transitions.transition import Side
from cleancloud_rules.diagnostics.collector import listed, reject
from cleancloud_rules.diagnostics.diagnostic import Location, SourceFile
from cleancloud_rules.errors import InputError
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.records.inputs import Loaded, company_files, contents_of, loaded
from cleancloud_rules.records.reading import KeptRecord, read_record
from cleancloud_rules.records.verification import verified
from cleancloud_rules.results.kept_records import ComparedRecord, Comparison
from cleancloud_rules.scoring.compiled import with_cut_off
from cleancloud_rules.scoring.recorder import Recorder


def compare(old: KeptRecord, new: KeptRecord) -> Comparison:
    """Return what changed between two records, and to which change each difference of a figure is attributed.

    Both records are replayed, and what their input files give is compared: `Comparison.old` and `Comparison.new` say
    whether a record differs from its replay. If one record is of one company, only this company is compared.

    Args:
        old: a record, the content of its file, or the path of its file, such as `pathlib.Path("a.record.json")`.
        new: the record that it is compared with, likewise.

    Returns:
        The changes of evidence and of the methodology, and for each company how its figures changed, adding up.

    Raises:
        InputError: if one of them is no record of this format, if its input files cannot be loaded, or if a comparison
            has no meaning: a record counts hypothetical facts, the methodologies have no criterion in common, or the
            records have no company in common.
        EngineError: if the rules engine is missing or fails, or differs from the cross-check.

    Example:
        >>> import cleancloud_rules as cc
        >>> old = cc.record("examples/two_editions", "examples/two_editions/first")
        >>> new = cc.record("examples/two_editions", "examples/two_editions/second")
        >>> [(company.company.name, company.kind.value) for company in cc.compare(old, new).companies]
        [('The Green Spoon', 'changed'), ('The Old Anchor', 'changed'), ('Station Buffet', 'changed')]
    """
    before, after = _read(old), _read(new)
    _refuse_strangers(before, after)
    records = (_compared(before), _compared(after))
    is_one = before.loaded.dataset is None or after.loaded.dataset is None
    company = min(before.companies & after.companies) if is_one else None
    return comparison_of(before.side, after.side, records, company)


@frozen
class _Read:
    """A record, and what its input files state."""

    name: str
    data: Mapping[str, Any]
    loaded: Loaded
    side: Side

    @property
    def companies(self) -> frozenset[str]:
        """The ids of its companies."""
        return frozenset(company.id for company in self.loaded.companies)

    @property
    def methodology(self) -> Methodology:
        """Its methodology."""
        return self.loaded.methodology


def _read(record: KeptRecord) -> _Read:
    kept, name = read_record(record)
    data = kept.data()
    if data["hypothetical"]:
        help = "make a record without `with_hypothetical`"
        raise _refused(name, "the record counts hypothetical facts, which are no evidence", help)
    contents, options = contents_of(data["inputs"]), data["options"]
    asked = options["as_of"]
    day = None if asked is None else date.fromisoformat(asked)
    found = loaded(contents, options["company"], day, with_hypothetical=False)
    bibliography = () if found.dataset is None else found.dataset.bibliography
    files = company_files(contents, options["company"], day)
    responses = {company.id: company.responses for company in found.companies}
    side = Side(found.methodology, files, {source.id: source for source in bibliography}, responses)
    return _Read(name, data, found, side)


def _compared(read: _Read) -> ComparedRecord:
    shown = verified(read.data)
    made = read.data["made"].get("at")
    return ComparedRecord(
        shown.record,
        made if isinstance(made, str) else None,
        shown.made_by,
        shown.replay,
        shown.differing,
        Recorder(with_cut_off(read.methodology, read.side.as_of)).methodology_record(),
        None if read.loaded.dataset is None else read.loaded.dataset.title,
        len(read.companies),
    )


def _refuse_strangers(old: _Read, new: _Read) -> None:
    """Refuse two records whose comparison has no meaning.

    Raises:
        InputError: if their methodologies have no criterion, or the records no company in common.
    """
    known = {str(criterion.id) for criterion in old.methodology.criteria}
    common = [one for one in new.methodology.criteria if not known.isdisjoint((one.id, *one.replaces))]
    if not common:
        ids = f"`{old.methodology.id}` of `{old.name}`, `{new.methodology.id}` of `{new.name}`"
        raise _refused(new.name, f"the methodologies of the two records have no criterion in common: {ids}")
    if old.companies.isdisjoint(new.companies):
        ids = f"{listed(sorted(old.companies)[:_SHOWN])} in `{old.name}`"
        raise _refused(new.name, f"the records have no company in common: there is {ids}")


_SHOWN = 3
"""How many companies an error names."""


def _refused(name: str, message: str, help: str = "") -> InputError:
    return InputError(reject("records-not-comparable", message, Location(SourceFile(name)), help).diagnostics)
