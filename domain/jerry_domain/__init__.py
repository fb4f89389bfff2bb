"""The domain: work items as events, rules and values. Standard library only, no I/O, no clock, no randomness."""
