"""A place in a text: a half-open range of code points."""

import msgspec


class Span(msgspec.Struct, frozen=True, order=True, gc=False):
    """`[start, end)` in code points, relative to the text that its owner names."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def moved(self, by: int) -> "Span":
        """The same range, `by` code points further on."""
        return Span(self.start + by, self.end + by) if by else self

    def covers(self, other: "Span") -> bool:
        """Whether `other` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end

    def touches(self, offset: int) -> bool:
        """Whether `offset` lies inside or at either edge, as a cursor would."""
        return self.start <= offset <= self.end

    def overlaps(self, other: "Span") -> bool:
        """Whether the two share a code point, or either is empty and lies in the other."""
        return self.start <= other.end and other.start <= self.end


NOWHERE = Span(0, 0)
