"""budget_and_settlement: what a year needs, who pays, what is settled."""
