"""Figures of 5.16.10."""

# write: def transfer(lang: str) -> str: a drawing made with draw.Drawing; both pages show it with the macro figure()
