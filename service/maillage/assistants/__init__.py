"""What AI assistants may do: a few tools that only read, over the Model Context Protocol."""
