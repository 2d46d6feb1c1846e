"""The experiments of 5.16."""
