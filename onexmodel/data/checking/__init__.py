"""What must hold, what looks wrong, what is filled in, what rows rest on."""
