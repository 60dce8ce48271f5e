"""The engine: compiles a methodology, fires its rules and checks each firing."""
