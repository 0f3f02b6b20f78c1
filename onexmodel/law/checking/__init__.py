"""What files people write may be: their bytes, the shape of a scenario, the values its changes may give."""
