"""From a run to a page: typed parameters, executed notebook, one offline HTML file."""
