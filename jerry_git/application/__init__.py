"""What users do: command handlers and queries as functions, and the ports that they need."""
