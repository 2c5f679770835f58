"""The declared datasets: everything the auditor asks a tenant for, and nothing it does not."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from auditor.datasets.dataset import Dataset
from auditor.datasets.exchange import EXCHANGE
from auditor.datasets.graph import GRAPH

DATASETS: Mapping[str, Dataset] = MappingProxyType(
    {dataset.name: dataset for dataset in (*GRAPH, *EXCHANGE)}
)

__all__ = ["DATASETS", "Dataset"]
