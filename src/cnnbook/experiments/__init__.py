"""The experiments of the book, one module a topic: ``cnnbook.experiments.<part>.<topic>``.

A module declares ``EXPERIMENT`` (one) or ``EXPERIMENTS`` (several); `cnnbook.evidence.registry` finds it by its place.
"""
