"""The territory: who covers what, what is missing, from what the build prepared."""
