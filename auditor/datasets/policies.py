"""Datasets of tenant-wide policies that bind applications, read from Microsoft Graph."""

from __future__ import annotations

from auditor.datasets.dataset import Dataset

POLICIES: tuple[Dataset, ...] = ()
