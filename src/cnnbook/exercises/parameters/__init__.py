"""The exercises and questions of 5.15."""
