"""Upsampling layers."""

# write: the functions behind the page, which need torch alone; each docstring gives shapes, units, errors, an example
# write: References in this module's docstring, each with its year or its address
