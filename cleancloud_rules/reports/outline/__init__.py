"""Documents as blocks, and what renders them: as text, on a terminal, as Markdown and as HTML."""
