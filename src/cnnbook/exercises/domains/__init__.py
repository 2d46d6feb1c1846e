"""Exercises of 5.17."""
