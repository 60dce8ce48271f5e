"""Steps that add up: how a change of many figures is attributed to single changes, one after another."""
