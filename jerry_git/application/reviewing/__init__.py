"""Tiered review (PAT-007): how carefully a change is to be reviewed, by the riskiest thing that it touches."""
