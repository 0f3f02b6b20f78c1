"""Budget, pots and accounts."""
