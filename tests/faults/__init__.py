"""Plugins with one fault each, and what finds them."""
