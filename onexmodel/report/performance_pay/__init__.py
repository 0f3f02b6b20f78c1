"""performance_pay: what performance pay may come on top."""
