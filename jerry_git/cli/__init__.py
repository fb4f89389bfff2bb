"""The command line: arguments to commands, events to text, exceptions to messages."""
