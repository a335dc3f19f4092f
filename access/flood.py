"""How often one address may try in vain to sign in, whatever names it tries."""

from collections import OrderedDict, deque
from collections.abc import Callable
from time import monotonic

PER_MINUTE = 20
ADDRESSES = 10_000  # the ones seen longest ago are forgotten first


class Flood:
    """Counts tries per address over the last minute, in this process."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._tries: OrderedDict[str, deque[float]] = OrderedDict()

    def allows(self, address: str) -> bool:
        """Count a try, and say whether it may be made."""
        tries = self._tries.setdefault(address, deque(maxlen=PER_MINUTE))
        self._tries.move_to_end(address)
        if len(self._tries) > ADDRESSES:
            self._tries.popitem(last=False)
        if len(tries) == PER_MINUTE and tries[0] > self._clock() - 60:
            return False
        tries.append(self._clock())
        return True

    def forgive(self, address: str) -> None:
        """Take back a try that was right: a whole school may sit behind one address."""
        if self._tries.get(address):
            self._tries[address].pop()
