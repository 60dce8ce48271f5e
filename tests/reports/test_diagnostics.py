from cleancloud_rules import Diagnostic
from cleancloud_rules.reports.diagnostics import as_data, sarif, workflow_commands
from cleancloud_rules.results import Location, Severity, SourceFile

WHERE = Location(SourceFile("criteria/a.yaml", "a: b\n"), 1, 4, 1, 5)
WRONG = Diagnostic("some-code", "100% is `b`, not\n`c`", WHERE, "write `c`")
ODD = Diagnostic("odd-code", "it is odd", Location(SourceFile("criteria/b.yaml")), severity=Severity.WARNING)


def test_a_workflow_command_annotates_the_place_and_escapes_what_would_end_it() -> None:
    assert workflow_commands([WRONG, ODD]) == (
        "::error file=criteria/a.yaml,title=some-code,line=1,col=4,endLine=1,endColumn=5::"
        "100%25 is `b`, not%0A`c` (write `c`)\n"
        "::warning file=criteria/b.yaml,title=odd-code::it is odd\n"
    )
    comma = Diagnostic("c", "m", Location(SourceFile("a,b:c.yaml")))
    assert workflow_commands([comma]) == "::error file=a%2Cb%3Ac.yaml,title=c::m\n"


def test_sarif_has_a_result_for_each_finding() -> None:
    (run,) = sarif([WRONG, ODD])["runs"]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["odd-code", "some-code"]
    first, second = run["results"]
    assert (first["ruleId"], first["ruleIndex"], first["level"]) == ("some-code", 1, "error")
    assert second["level"] == "warning"
    (place,) = first["locations"]
    assert place["physicalLocation"]["artifactLocation"] == {"uri": "criteria/a.yaml"}
    assert place["physicalLocation"]["region"] == {"startLine": 1, "startColumn": 4, "endLine": 1, "endColumn": 5}
    assert "region" not in second["locations"][0]["physicalLocation"]


def test_a_finding_is_plain_data() -> None:
    data = as_data(WRONG)
    assert (data["code"], data["file"], data["line"], data["help"]) == ("some-code", "criteria/a.yaml", 1, "write `c`")
