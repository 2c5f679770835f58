"""Datasets of Conditional Access, partners and agents."""

from __future__ import annotations

from auditor.datasets.dataset import Dataset

ACCESS: tuple[Dataset, ...] = ()
