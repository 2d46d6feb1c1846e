"""The experiments of 5.15."""
