"""The experiments of 5.14."""
