"""Tests of the provenance of records: in-toto reads it, and it says nothing but what the record holds."""

import json
from hashlib import sha256
from pathlib import Path

import pytest
from google.protobuf.json_format import Parse, ParseDict
from in_toto_attestation.predicates.provenance.v1 import provenance_pb2
from in_toto_attestation.v1 import statement_pb2
from in_toto_attestation.v1.resource_descriptor import ResourceDescriptor
from in_toto_attestation.v1.statement import Statement

import cleancloud_rules as cc
from cleancloud_rules.documents.canonical_json import canonical_json, read_canonical
from tests.support.kept import data_of, forged, kept


@pytest.mark.parametrize("whose", [("careful_water",), ("clean_cloud_2024", "gds")], ids="-".join)
def test_the_library_of_in_toto_reads_the_statement(whose: tuple[str, ...]) -> None:
    record, data = kept(*whose), data_of(*whose)
    text = cc.provenance(record, name="made.record.json")
    statement = Statement.copy_from_pb(Parse(text, statement_pb2.Statement()))
    statement.validate()
    (subject,) = statement.pb.subject
    assert (subject.name, dict(subject.digest)) == (
        "made.record.json", {"sha256": sha256(record.to_json().encode()).hexdigest()},
    )  # fmt: skip
    assert statement.pb.predicate_type == "https://slsa.dev/provenance/v1"
    predicate = ParseDict(json.loads(text)["predicate"], provenance_pb2.Provenance())  # refuses unknown names
    files = predicate.build_definition.resolved_dependencies
    for file in files:
        ResourceDescriptor.copy_from_pb(file).validate()
    assert {file.name: file.digest["sha256"] for file in files} == {
        name: sha256(file["text"].encode()).hexdigest() for name, file in data["inputs"].items()
    }
    assert dict(predicate.build_definition.external_parameters)["with_hypothetical"] is False
    assert predicate.run_details.builder.version["cleancloud_rules"] == cc.__version__
    assert predicate.run_details.metadata.finished_on.ToJsonString() == "2026-12-01T12:00:00Z"
    assert [dict(one)["name"] for one in predicate.build_definition.external_parameters["by"]] == [
        "A. Person", "B. Person",
    ]  # fmt: skip


def test_equal_records_give_equal_bytes_and_the_making_alone_changes_what_is_said_of_it(tmp_path: Path) -> None:
    record = kept("careful_water")
    text = cc.provenance(record)
    assert text == cc.provenance(record.to_json()) == cc.provenance(record.to_json().encode())
    assert canonical_json(read_canonical(text.encode())) == text
    path = tmp_path / "water.record.json"
    path.write_bytes(record.to_json().encode())
    data = json.loads(cc.provenance(path))
    assert data["subject"][0]["name"] == "water.record.json"
    assert json.loads(text)["subject"][0]["name"] == "record.json"
    later = data_of("careful_water")
    later["made"]["at"] = "2030-01-01T00:00:00Z"
    other = json.loads(cc.provenance(forged(later)))
    assert other["predicate"]["runDetails"]["metadata"] == {"finishedOn": "2030-01-01T00:00:00Z"}
    assert other["predicate"]["buildDefinition"] == data["predicate"]["buildDefinition"]


def test_a_record_with_a_wrong_digest_has_no_provenance() -> None:
    data = data_of("careful_water")
    data["made"]["at"] = "2030-01-01T00:00:00Z"
    with pytest.raises(cc.InputError, match=r"not the digest of what the record holds: `digests.record`"):
        cc.provenance(canonical_json(data))
    name = "dataset/companies/example_fen.yaml"
    data["inputs"][name]["text"] += "\n"
    with pytest.raises(cc.InputError, match=f"`sha256` of the input file `{name}`"):
        cc.provenance(forged(data))
    del data["inputs"][name]["sha256"]
    with pytest.raises(cc.InputError, match=f"`sha256` of the input file `{name}`"):
        cc.provenance(forged(data))


@pytest.mark.parametrize("change", [{"by": None}, {"by": [1]}, {"by": [{"role": "analyst"}]}, {"library": None}])
def test_what_does_not_say_how_it_was_made_is_no_record(change: dict[str, object]) -> None:
    data = data_of("careful_water")
    data["made"].update(change)
    for function in (cc.provenance, cc.verify):
        with pytest.raises(cc.InputError, match="`made` is missing, or is something else"):
            function(forged(data))


def test_what_the_record_says_of_its_making_is_said() -> None:
    read = {"facts.csv": "0" * 64}
    made = cc.record("GDS", "clean_cloud_2024", with_hypothetical=True)
    data = made.data() | {"made": made.data()["made"] | {"solicited": False, "read_from": read}}
    predicate = json.loads(cc.provenance(forged(data)))["predicate"]
    definition, run = predicate["buildDefinition"], predicate["runDetails"]
    assert definition["externalParameters"]["with_hypothetical"] is True
    assert definition["externalParameters"]["solicited"] is False
    assert {"name": "facts.csv", "digest": {"sha256": "0" * 64}} in definition["resolvedDependencies"]
    engine, _, version = data["made"]["engine"].partition(" ")
    assert run["builder"]["version"][engine] == version != cc.__version__
