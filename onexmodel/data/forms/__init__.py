"""What people fill in: the workbooks handed out, and the short form that stands for a whole data set."""
