"""A text as it is being written, with the source of every piece."""

from service.domain.alignment import Alignment, Run


class Written:
    """Pieces of text and the runs that they came with; adjacent copies become one run."""

    __slots__ = ("_pieces", "_runs", "length")

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._runs: list[tuple[int, int, int, int]] = []
        self.length = 0

    def add(self, text: str, source_start: int, source_end: int) -> None:
        """Appends text made from source characters [source_start, source_end)."""
        if not text:
            return
        start, end = self.length, self.length + len(text)
        if self._runs and end - start == source_end - source_start and self._continues(start, source_start):
            first, _, source_first, _ = self._runs[-1]
            self._runs[-1] = (first, end, source_first, source_end)
        else:
            self._runs.append((start, end, source_start, source_end))
        self._pieces.append(text)
        self.length = end

    def insert(self, text: str) -> None:
        """Appends text that has no source."""
        self._pieces.append(text)
        self.length += len(text)

    @property
    def text(self) -> str:
        return "".join(self._pieces)

    @property
    def alignment(self) -> Alignment:
        return Alignment(Run(*run) for run in self._runs)

    def _continues(self, start: int, source_start: int) -> bool:
        first, end, source_first, source_end = self._runs[-1]
        return end == start and source_end == source_start and end - first == source_end - source_first
