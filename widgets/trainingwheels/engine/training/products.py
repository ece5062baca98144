"""The product of two large matrices, by whichever of torch's libraries is the fastest."""

from __future__ import annotations

from functools import cache

import torch
from torch import Tensor

from trainingwheels.engine.training.machine import has_whole_avx512

__all__ = ["product"]

# Multiplications from which oneDNN is faster than MKL, its longer way there included, on processors of AMD that have
# whole units of AVX-512; MKL uses it on Intel's only. 3,200 x 64 by 64 x 64, one thread, GFLOP/s: on an EPYC 207 by
# oneDNN, more than Zen 4 can do, and 97 by MKL; on one of Zen 4 91 and 92, on a Xeon 164 and 190; at the gradient of
# weights, which oneDNN has to copy, 87 and 92, 124 and 199. With 1,024 rows the Zen 4 has 84 and 94, 73 and 95.
LARGE = 2**21


def product(A: Tensor, B: Tensor, out: Tensor | None = None) -> Tensor:
    """A B of two matrices, into ``out`` if there is one."""
    if A.shape[0] * B.numel() < LARGE or not _onednn_is_faster(A.device, A.dtype):
        return torch.mm(A, B, out=out)
    AB: Tensor = torch.ops.mkldnn._linear_pointwise.default(A, B.t(), None, "none", [], "")
    return AB if out is None else out.copy_(AB)


@cache
def _onednn_is_faster(device: torch.device, dtype: torch.dtype) -> bool:
    wide = device.type == "cpu" and torch.backends.cpu.get_cpu_capability() == "AVX512" and has_whole_avx512()
    return wide and dtype == torch.float32 and hasattr(torch.ops.mkldnn, "_linear_pointwise")
