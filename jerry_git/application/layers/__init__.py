"""The layers of a code base: what may import what, and how that is drawn."""
