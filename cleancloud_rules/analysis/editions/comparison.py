"""Compares two editions of a methodology: a list of changes, in words."""

from itertools import count

from attrs import evolve, frozen

from cleancloud_rules.analysis.editions.differ import Found, Path, differences
from cleancloud_rules.analysis.editions.flatten import (
    FlatMethodology,
    Placed,
    flattened,
    put_together,
    with_new_ids,
)
from cleancloud_rules.analysis.editions.renamed_questions import NewQuestions, new_questions, with_new_questions
from cleancloud_rules.analysis.editions.steps import Patch
from cleancloud_rules.analysis.editions.wording import said, sentence
from cleancloud_rules.checking.editions import says_what_it_replaces
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.results.differences import Change, ChangeKind


@frozen
class Compared:
    """Two editions, compared.

    Args:
        old: the old edition, in which everything that is replaced has its new id.
        new: the new edition.
        changes: the changes; new ids come first.
        patches: the changes that are applied together, in their order, without new ids.
        renamed: the numbers of the changes that are new ids.
        ids: new ids by old ids.
        questions: new ids of the questions that facts name.
        remarks: sentences about ids under `replaces` that need attention.
        sha256: the digest of the old edition.
    """

    old: FlatMethodology
    new: FlatMethodology
    changes: tuple[Change, ...]
    patches: tuple[Patch, ...]
    renamed: tuple[int, ...]
    ids: dict[str, str]
    questions: NewQuestions
    remarks: tuple[str, ...]
    sha256: str = ""

    @property
    def start(self) -> Methodology:
        """The old edition with new ids: where the steps begin."""
        return evolve(put_together(self.old), sha256=self.sha256)


def compared(old: Methodology, new: Methodology) -> Compared:
    """Return what changed between two editions of a methodology."""
    before, after = flattened(old), flattened(new)
    ids, remarks = _new_ids(before, after)
    changes: list[Change] = []
    for list_name, items in (("groups", after.groups), ("criteria", after.criteria)):
        for item in items:
            for old_id in (id for id, new_id in ids.items() if new_id == item.id):
                kind = "category" if list_name == "groups" else "criterion"
                text = f"{kind} `{old_id}` was renamed to `{item.id}`"
                path = (list_name, item.id, "id")
                changes.append(Change(len(changes) + 1, ChangeKind.RENAMED, path, text, old_id, item.id))
    renamed = tuple(change.number for change in changes)
    questions = new_questions(old.vocabulary, new.vocabulary, ids)
    before = with_new_questions(with_new_ids(before, ids), questions)
    patches: dict[Path, tuple[list[int], bool]] = {}
    for found in differences(before, after):
        change = _change(len(changes) + 1, found)
        changes.append(change)
        numbers, is_wording = patches.get(found.patch, ([], True))
        patches[found.patch] = ([*numbers, change.number], is_wording and found.is_wording)
    made = tuple(Patch(path, tuple(numbers), is_wording) for path, (numbers, is_wording) in patches.items())
    return Compared(before, after, tuple(changes), made, renamed, ids, questions, remarks, old.sha256)


def _change(number: int, found: Found) -> Change:
    texts = [None if value in (None, "", ()) else said(value).strip("`") for value in (found.old, found.new)]
    return Change(number, found.kind, found.path, sentence(found), texts[0], texts[1])


def _new_ids(before: FlatMethodology, after: FlatMethodology) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return new ids by old ids, as far as the old edition has these, and remarks that need attention.

    What the old edition has under an id that means something else now gets an id that neither edition has.
    """
    ids: dict[str, str] = {}
    remarks: list[str] = []
    taken = {item.id for edition in (before, after) for item in (*edition.groups, *edition.criteria)}
    for old_items, new_items in ((before.groups, after.groups), (before.criteria, after.criteria)):
        known, present = {item.id for item in old_items}, {item.id for item in new_items}
        claimed = {id for item in new_items for id in item.thing.replaces if id in known}
        reused: set[str] = set()
        for item in new_items:
            replaced = [id for id in item.thing.replaces if id in known]
            remarks += [_unknown(item, id) for id in item.thing.replaces if id not in known]
            is_new = says_what_it_replaces(item.thing) and not item.thing.replaces
            if item.id in known and not is_new and not ({item.id} & claimed or present & set(replaced)):
                remarks += [f"`{item.id}` is in both editions, so it is not compared with `{id}`" for id in replaced]
                continue
            reused |= {item.id} & known
            if replaced:
                ids[replaced[0]] = item.id
                remarks += [f"`{item.id}` replaces `{id}` too, which is listed as removed" for id in replaced[1:]]
        for id in sorted(reused - ids.keys()):
            ids[id] = next(name for n in count(1) if (name := f"{id}{'_old' * n}") not in taken)
            taken.add(ids[id])
            remarks.append(f"`{ids[id]}` stands for `{id}` of the old edition: in the new one `{id}` is something else")
    return {old: new for old, new in ids.items() if old != new}, tuple(remarks)


def _unknown(item: Placed, id: str) -> str:
    return f"`{item.id}` replaces `{id}`, which the old edition does not have"
