"""What draws share: only what differs between them is computed, bit for bit what a whole run gives."""
