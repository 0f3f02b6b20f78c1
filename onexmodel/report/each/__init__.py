"""A report for each province of some data, and the page that sets them side by side."""
