"""Datasets of Privileged Identity Management and of roles that come through groups."""

from __future__ import annotations

from auditor.datasets.dataset import Dataset

PIM: tuple[Dataset, ...] = ()
