"""What a page is made of: blocks, tables, figures, numbers as they are printed, the page template."""
