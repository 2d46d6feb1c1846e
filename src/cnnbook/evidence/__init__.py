"""Claims, experiments, results and the verdicts computed from them.

One idea a module, bottom to top: `text`, `language`, `errors`, `topics` and `rules` are words, and `typed` makes them
of a file's tables; `experiment` declares a run and `registry` finds it; `codehash` says which code a run depends on;
`runner` measures and `results` keeps the figures; `statistics` compares them and `verdicts` decides; `claims` reads the
files of claims; `lookup` answers "what is known about this claim?" and is what a page asks. Importing
``cnnbook.evidence`` itself imports nothing else.
"""
