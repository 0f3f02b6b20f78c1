"""How good the data are: the cells asked for, what fills them, what is suspicious, what each gap stops and what money rests on it."""
