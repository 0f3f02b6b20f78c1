"""Cost-reduction levers."""
