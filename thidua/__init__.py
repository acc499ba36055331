"""Thi đua: an emulation cluster's whole year."""

__version__ = "0.1.0"
