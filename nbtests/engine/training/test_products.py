"""Products of matrices, by whichever library."""

import pytest
import torch

from trainingwheels.engine.training import products
from trainingwheels.engine.training.products import LARGE, product


@pytest.fixture(params=[False, True], ids=["mkl", "onednn"], autouse=True)
def processor(request, monkeypatch):
    """One on which MKL is the faster library, or oneDNN."""
    monkeypatch.setattr(products, "has_whole_avx512", lambda: request.param)
    products._onednn_is_faster.cache_clear()
    yield
    products._onednn_is_faster.cache_clear()


def matrices(rows, columns, dtype=torch.float32):
    draw = torch.Generator().manual_seed(rows)
    return (torch.randn(*shape, generator=draw, dtype=dtype) for shape in ((rows, 64), (64, columns)))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("rows", [8, LARGE // 64**2])
@pytest.mark.parametrize("turned", [False, True])
def test_it_is_the_product(rows, turned, dtype):
    """Small and large, and with the second matrix in either order in memory: a large one may go to another library."""
    A, B = matrices(rows, 64, dtype)
    B = B.t().contiguous().t() if turned else B
    expected = (A.double() @ B.double()).to(dtype)
    torch.testing.assert_close(product(A, B), expected, atol=1e-4, rtol=1e-4)
    out = torch.empty_like(expected)
    assert product(A, B, out) is out
    torch.testing.assert_close(out, expected, atol=1e-4, rtol=1e-4)


def test_a_row_is_what_it_is_alone():
    """A member that has diverged does not spoil the others."""
    A, B = matrices(LARGE // 64**2, 64)
    expected = product(A, B)
    A[3] = float("nan")
    found = product(A, B)
    assert found[3].isnan().all()
    others = torch.arange(len(A)) != 3
    assert (found[others] == expected[others]).all()
