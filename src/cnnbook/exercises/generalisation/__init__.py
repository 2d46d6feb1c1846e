"""Exercises of 5.16."""
