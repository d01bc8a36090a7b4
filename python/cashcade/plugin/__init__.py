"""Plugins: found, loaded one by one, blamed by distribution and version; what they offer; a new one."""

from cashcade.plugin.find import Plugins, check_block, find_plugins

__all__ = ["Plugins", "check_block", "find_plugins"]
