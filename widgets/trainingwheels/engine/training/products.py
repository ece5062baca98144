"""The product of two large matrices, by whichever of torch's libraries is the fastest."""

from __future__ import annotations

from functools import cache

import torch
from torch import Tensor

__all__ = ["product"]

# Multiplications from which oneDNN is faster than MKL on processors with AVX-512, its longer way there included. MKL
# uses it on Intel's only: on an AMD EPYC, oneDNN does 207 GFLOP/s and MKL 97 (3,200 x 64 by 64 x 64, one thread).
LARGE = 2**21


def product(A: Tensor, B: Tensor, out: Tensor | None = None) -> Tensor:
    """A B, into ``out`` if there is one."""
    if A.shape[0] * B.numel() < LARGE or not _has_onednn(A.device, A.dtype):
        return torch.mm(A, B, out=out)
    AB: Tensor = torch.ops.mkldnn._linear_pointwise.default(A, B.t(), None, "none", [], "")
    return AB if out is None else out.copy_(AB)


@cache
def _has_onednn(device: torch.device, dtype: torch.dtype) -> bool:
    wide = device.type == "cpu" and torch.backends.cpu.get_cpu_capability() == "AVX512"
    return wide and dtype == torch.float32 and hasattr(torch.ops.mkldnn, "_linear_pointwise")
