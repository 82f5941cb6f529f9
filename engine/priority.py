"""Long work stands back behind people: whoever reads on the same machine must not feel it."""

import os
import sys
from functools import cache

__all__ = ["stand_back"]

_NICENESS = 10
_BELOW_NORMAL_PRIORITY_CLASS = 0x00004000  # winbase.h


@cache  # a second call would lower it further
def stand_back() -> None:
    """Lower the priority of this process, once and for good. Nothing happens where the system does not allow it."""
    try:
        if sys.platform == "win32":
            import ctypes

            kernel = ctypes.windll.kernel32
            kernel.SetPriorityClass(kernel.GetCurrentProcess(), _BELOW_NORMAL_PRIORITY_CLASS)
        else:
            os.nice(_NICENESS)
    except OSError:
        pass
