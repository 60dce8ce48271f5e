"""Commands for researchers, who keep facts in spreadsheets."""
