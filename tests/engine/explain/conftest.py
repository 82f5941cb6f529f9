import pytest
import torch


@pytest.fixture(autouse=True)
def one_thread() -> None:
    """The machine is shared, and sums of one thread are the same everywhere."""
    torch.set_num_threads(1)
