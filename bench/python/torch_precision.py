"""PyTorch's switches for TF32: with it, an NVIDIA card rounds the inputs of products to ten bits."""
import contextlib


@contextlib.contextmanager
def full_precision(torch):
    """Without TF32. Afterwards the switches are as before: by default, cuDNN's is on and that of matrix products is off."""
    switches = [torch.backends.cuda.matmul, torch.backends.cudnn]
    before = [switch.allow_tf32 for switch in switches]
    for switch in switches:
        switch.allow_tf32 = False
    try:
        yield
    finally:
        for switch, allowed in zip(switches, before):
            switch.allow_tf32 = allowed
