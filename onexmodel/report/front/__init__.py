"""What all reports share in front: study and writer, meta line, state of the data, guide, what an interval holds."""
