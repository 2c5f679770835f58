"""Audits what app registrations of a Microsoft Entra tenant can do, with proof."""

__version__ = "0.1.0"
