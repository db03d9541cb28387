"""Whether torch.compile can run: it needs a C++ compiler on processors, and Triton and a C compiler on graphics cards."""


def why_not(torch, device):
    """None where torch.compile can compile a sum, else the first line of what it says.

    The sum is tried by itself, so that an error in the network's own compilation is no excuse to leave it out.
    """
    try:
        torch.compile(lambda x: x + 1)(torch.ones(1, device=device))
    except Exception as error:
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        return lines[0][:200] if lines else type(error).__name__
    return None
