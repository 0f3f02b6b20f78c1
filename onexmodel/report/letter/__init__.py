"""One page for the file (呈报件, in English a memo): what the first pages of a report say, as a Word document."""
