"""Datasets of what applications did and of the risk Microsoft sees in them."""

from __future__ import annotations

from auditor.datasets.dataset import Dataset

ACTIVITY: tuple[Dataset, ...] = ()
