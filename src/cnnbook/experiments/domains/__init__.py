"""The experiments of 5.17."""
