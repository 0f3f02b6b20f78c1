"""The rules as documents: docs/model, and the section of a report on the rules its first number leans on."""
