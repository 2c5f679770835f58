"""The declared datasets: everything the auditor asks a tenant for, and nothing it does not."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from auditor.datasets.access import ACCESS
from auditor.datasets.activity import ACTIVITY
from auditor.datasets.dataset import Dataset
from auditor.datasets.exchange import EXCHANGE
from auditor.datasets.graph import GRAPH
from auditor.datasets.pim import PIM
from auditor.datasets.policies import POLICIES

DATASETS: Mapping[str, Dataset] = MappingProxyType(
    {dataset.name: dataset for dataset in (*GRAPH, *PIM, *POLICIES, *ACCESS, *ACTIVITY, *EXCHANGE)}
)

__all__ = ["DATASETS", "Dataset"]
