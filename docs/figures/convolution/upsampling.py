"""Figures of 5.14.4."""

# write: def upsampling(lang: str) -> str: a drawing made with draw.Drawing; both pages show it with the macro figure()
