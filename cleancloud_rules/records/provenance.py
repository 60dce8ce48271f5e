"""Says where a record comes from, in the form of in-toto: which files, by what, when and for whom."""

from pathlib import PurePath
from typing import Any

from cleancloud_rules.documents.canonical_json import canonical_json
from cleancloud_rules.records.reading import KeptRecord, read_record, refuse_wrong_digests
from cleancloud_rules.results.kept_records import IN_MEMORY

STATEMENT = "https://in-toto.io/Statement/v1"
"""The type of the statement, which in-toto defines."""

PREDICATE = "https://slsa.dev/provenance/v1"
"""The type of what it says about its subject, which SLSA defines."""

BUILD = "urn:cleancloud-rules:record:1"
"""How a record is made: `record` loads the files of a methodology and of a dataset, and scores what they state."""

BUILDER = "urn:cleancloud-rules"
"""What makes records: this library."""


def provenance(record: KeptRecord, *, name: str | None = None) -> str:
    """Return where a record comes from: an in-toto Statement v1 with SLSA Provenance v1, as canonical JSON.

    Its subject is the file of the record, by its SHA-256. Its dependencies are the input files, by theirs. Everything
    else is what the record says of its making, so equal records give equal bytes. Tools that know in-toto can sign it.

    Args:
        record: a record, the content of its file, or the path of its file.
        name: the name of the file of the record; None for the name in its path, else ``record.json``.

    Returns:
        The statement as the text of a file.

    Raises:
        InputError: if it is no record of this format, or if a digest in it is not that of what it holds.

    Example:
        >>> import json
        >>> import cleancloud_rules as cc
        >>> statement = json.loads(cc.provenance(cc.record("gds", "clean_cloud_2024"), name="gds.record.json"))
        >>> statement["_type"], statement["subject"][0]["name"]
        ('https://in-toto.io/Statement/v1', 'gds.record.json')
    """
    kept, path = read_record(record)
    data = kept.data()
    refuse_wrong_digests(data, path)
    subject = name or ("record.json" if path == IN_MEMORY else PurePath(path).name)
    statement = {
        "_type": STATEMENT,
        "subject": [{"name": subject, "digest": {"sha256": kept.sha256}}],
        "predicateType": PREDICATE,
        "predicate": {"buildDefinition": _definition(data), "runDetails": _run(data["made"])},
    }
    return canonical_json(statement)


def _definition(data: dict[str, Any]) -> dict[str, Any]:
    """Return what was asked for, and the files that it was made of."""
    asked = {name: data["made"][name] for name in ("by", "solicited") if name in data["made"]}
    parameters = {**data["options"], "with_hypothetical": data["hypothetical"], **asked}
    digests = {name: file["sha256"] for name, file in data["inputs"].items()} | data["made"].get("read_from", {})
    files = [{"name": name, "digest": {"sha256": digests[name]}} for name in sorted(digests)]
    return {"buildType": BUILD, "externalParameters": parameters, "resolvedDependencies": files}


def _run(made: dict[str, Any]) -> dict[str, Any]:
    """Return what made the record, with versions, and when."""
    library, _, version = made["library"].partition(" ")
    engine, _, of_engine = made["engine"].partition(" ")
    versions = {library: version, engine: of_engine, "python": made["python"]}
    return {"builder": {"id": BUILDER, "version": versions}, "metadata": {"finishedOn": made["at"]}}
