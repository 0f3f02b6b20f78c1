"""The model. One topic is one module of pure functions on numpy arrays, with a YAML of its parameters beside it.

A function is named after the quantity it computes; its argument names are columns, parameters (dots written as
underscores) or other rules. Arrays may carry a leading draw axis. Nothing here knows a table, a file or a province.
"""
