"""The pictures of a report, a file each: what is shown of which side, in words, and as a table."""
