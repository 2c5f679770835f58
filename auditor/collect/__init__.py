"""Collects a tenant: walks the declared datasets and seals what came into a snapshot."""

from auditor.collect.collection import Collected, collect

__all__ = ["Collected", "collect"]
