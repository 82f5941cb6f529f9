"""Long work stands back behind people: whoever reads on the same machine must not feel it."""

import os
import sys
from functools import cache

__all__ = ["stand_back"]

_NICENESS = 10
_BELOW_NORMAL_PRIORITY_CLASS = 0x00004000  # winbase.h


@cache  # a second call would lower it further
def stand_back() -> None:
    """Lower the priority of this process, once and for good. Nothing happens where the system does not allow it.

    Called before torch is imported. Its threads then sleep while they wait for each other, in place of spinning: a
    process of low priority is often interrupted, and beside two busy cores one look at a small network took twelve
    times as long while the threads that had work waited for a core that another one spun on.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # OpenMP 5.2, section 21.2.8; read when its library is loaded
    try:
        if sys.platform == "win32":
            import ctypes

            kernel = ctypes.windll.kernel32
            kernel.SetPriorityClass(kernel.GetCurrentProcess(), _BELOW_NORMAL_PRIORITY_CLASS)
        else:
            os.nice(_NICENESS)
    except OSError:
        pass
