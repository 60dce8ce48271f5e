from cleancloud_rules import Diagnostic
from cleancloud_rules.reports.diagnostics import as_data, workflow_commands
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


def test_a_finding_is_plain_data() -> None:
    data = as_data(WRONG)
    assert (data["code"], data["file"], data["line"], data["help"]) == ("some-code", "criteria/a.yaml", 1, "write `c`")
