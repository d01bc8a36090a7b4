"""Labelled results: from the arrays of the core to tables with names, units and errors.

`outcome` holds the arrays, `layout` makes the dataset of them, `result` gives tables made from it, most of
them in files of their own. `text`, `columns` and `figures` print them for people, `document` makes the JSON
document; `save` writes the dataset to disk.
"""
