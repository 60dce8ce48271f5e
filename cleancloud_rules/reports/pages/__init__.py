"""Result pages: rankings and scorecards as HTML pages that load nothing. Each is made from results alone."""
