"""Words: names and numerals as users type them, texts and records as they are shown."""
