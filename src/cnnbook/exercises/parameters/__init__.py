"""Exercises of 5.15."""
