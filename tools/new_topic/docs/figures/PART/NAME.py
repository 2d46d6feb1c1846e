"""Figures of NUMBER."""

# write: def NAME(lang: str) -> str: a drawing made with draw.Drawing; both pages show it with the macro figure()
