"""What the domain asks of the outside, as protocols."""
