"""What every command needs while it runs: temporary folders, an end in good order, processes that end with it, and what it says of its progress."""
