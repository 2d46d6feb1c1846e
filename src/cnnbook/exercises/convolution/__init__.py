"""Exercises of 5.14."""
