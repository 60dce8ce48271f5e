"""What is written by hand about datasets: their head, published claims, hypothetical facts and wide tables."""

from cleancloud_rules.language.claim_file_types import (
    ContradictionEntry,
    HighestEntry,
    StatementEntry,
    StatementsFile,
    UnanswerableEntry,
)
from cleancloud_rules.language.file_types import DatasetFile, NeverHypotheticalEntry, OverlayEntry, OverlayFile
from cleancloud_rules.language.table_file_types import BesideEntry, ColumnEntry, TableEntry, TablesFile
from cleancloud_rules.model.datasets import Accepted
from cleancloud_rules.model.facts import Basis
from cleancloud_rules.schemas.generation import Described, Key, key
from cleancloud_rules.schemas.texts.facts import BESIDE

_COLUMN: dict[str, str | Key] = {
    **{name: own for name, own in BESIDE.items() if name != "disclosed"},
    "locator": "The place in the source. `{column}` in it is the name of the column.",
}

DATASETS = (
    Described(
        DatasetFile,
        "A dataset: companies with their sources. Paths are relative to this file.",
        {
            "title": "The title for readers.",
            "description": "What the dataset contains, and what it does not.",
            "selection": "How the companies were chosen.",
            "methodology": "The id of its methodology.",
            "as_of": "The cut-off: facts count that were there by that day. Default: the methodology's.",
            "companies": key("A folder of company files, or a list of files and folders.", minItems=1),
            "sources": "The bibliography: a file `sources: {id: entry, ...}`.",
            "published": "The file of the published table.",
            "statements": "The file of published claims.",
            "overlays": "Files of hypothetical facts.",
            "never_hypothetical": "Facts that no solver may choose, each with the reason.",
            "accepted": "Warnings of `check` that are accepted, each with the reason.",
        },
    ),
    Described(
        Accepted,
        "Warnings of one code in one file.",
        {
            "code": "The code of the warnings, such as contradicting-facts.",
            "where": "The file, as a path from this folder; after a colon the beginning of a place in it: "
            "acme.yaml:facts[3].",
            "reason": "Why they are accepted.",
        },
    ),
    Described(
        NeverHypotheticalEntry,
        "Facts that no solver may choose.",
        {
            "facts": "The condition that such a fact passes.",
            "cohort": "The cohort whose companies it is about. Default: all companies.",
            "reason": "Why none is chosen.",
        },
    ),
    Described(
        OverlayFile,
        "Hypothetical facts that a solver chose.",
        {
            "hypothetical": "The header: the methodology's notice on hypothetical facts, word for word.",
            "methodology": "The id of the methodology of the overlay.",
            "sources": "The solver as a source.",
            "companies": "The companies.",
        },
    ),
    Described(
        OverlayEntry,
        "The hypothetical facts of one company.",
        {
            "id": "The id of the company.",
            "facts": key(
                "The facts.",
                each={"required": ["basis", "source"], "properties": {"basis": {"enum": [Basis.HYPOTHETICAL.value]}}},
            ),
        },
    ),
    Described(
        StatementsFile,
        "Published claims: how many companies do what, according to a publication, and where it contradicts itself.",
        {
            "statements": "The claims, in the order in which they are shown.",
            "unanswerable": "Claims that no fact can answer, each with the reason.",
            "contradictions_page": "Where readers find the contradictions; the id of each one is appended as `#id`.",
            "contradictions": "The contradictions, in the order in which they are shown.",
        },
    ),
    Described(
        StatementEntry,
        "One published claim.",
        {
            "id": "An id that is unique in the dataset.",
            "title": "What the claim counts.",
            "published": "The published number of companies, or a bound on it.",
            "when": "The condition for a company to be counted. Default: only the cohort decides.",
            "highest": "",
            "cohort": "The cohort that is counted. Default: all companies.",
            "companies": "The ids of the companies that the publisher names among them.",
            "window": "The days whose facts are read, in place of the windows that have ends.",
            "earlier": key("Counts of earlier editions, by edition.", each={"minimum": 0}),
            "from_words": "Whether the number was inferred from words such as “nearly 90%”.",
            "reading": "`refused` for a meaning that its sentence could have and is not taken to have. Default: "
            "`chosen`.",
            "reason": "Why the reading is refused.",
            "topic": "The subject. Claims of one topic are readings of one sentence or contradict each other.",
            "contradicts": "Claims that cannot be true together with this one.",
            "source": "The id of the source.",
            "locator": "The place in the source.",
            "note": "A note for readers.",
        },
    ),
    Described(
        HighestEntry,
        "A superlative in place of `when`: a company is counted if no other one has a higher value.",
        {
            "of": "The condition of the facts whose values are compared.",
            "field": "The field that holds the value: a number, a quantity, a year or a date.",
        },
    ),
    Described(
        UnanswerableEntry,
        "A published claim that no fact can answer.",
        {
            "id": "An id that is unique in the dataset.",
            "title": "What is claimed.",
            "why": "Why no fact can answer it.",
            "source": "The id of the source.",
            "locator": "The place in the source.",
            "note": "A note for readers.",
        },
    ),
    Described(
        ContradictionEntry,
        "A passage in which the publisher contradicts itself or leaves something open.",
        {
            "id": "An id that is unique in the dataset.",
            "title": "What it is about.",
            "says": "What the publisher says, in your own words.",
            "data": "Which reading the data choose.",
            "why": "The reason for that reading.",
            "topic": "The heading under which readers find it.",
            "companies": "The ids of the companies whose facts depend on it.",
            "criteria": "The ids of the criteria that depend on it.",
            "claims": "The ids of the published claims that it is about.",
            "facts": "Conditions that the stated facts pass that depend on it.",
            "not_found": "The searches without result that rest on it, as companies state them.",
        },
    ),
    Described(
        TablesFile,
        "What the columns of tables mean that have a row for each company. They lie in the folder of this file.",
        {"tables": "The tables."},
    ),
    Described(
        TableEntry,
        "A table with a row for each company.",
        {
            "file": "The workbook (.xlsx) or the CSV file, in the folder of this file.",
            "sheet": "The sheet of the workbook. A CSV file has none.",
            "company": "The column with the id, the name or an alias of the company.",
            "unread": "The columns that are not read. One that stands nowhere is a warning.",
            "defaults": "",
            "columns": "The columns that are read, by the text in the first row of the table.",
        },
    ),
    Described(BesideEntry, "What stands beside all facts of the table, unless a column says more.", _COLUMN),
    Described(
        ColumnEntry,
        "What a column means: each of its cells is a fact. An empty cell says nothing.",
        {
            "fact": "The fact type.",
            "field": "The field whose value stands in the cell.",
            "set": "The values of other fields, the same in all rows.",
            "no_is": "What `no` means, for a field of type boolean: `fact`: a fact; `not_found`: something that was "
            "looked for and not found; `nothing`: nothing. Default: fact.",
            **_COLUMN,
        },
    ),
)
