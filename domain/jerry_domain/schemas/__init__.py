"""Event schemas are for ever (LES-001): which change of a JSON Schema old events survive, decided and explained.

`compatibility.compare` is the verdict; the rest is how it comes about.
"""
