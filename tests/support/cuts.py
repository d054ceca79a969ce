"""Cutting a text from scratch and after an edit, for the property that both give the same."""

from backend_expert.facts.item import TOP
from backend_expert.languages.reader import Cut, Reader


def cut_afresh(reader: Reader, text: str) -> list[Cut]:
    """All cuts of `text`; fails when they leave a gap or stand still."""
    return _cut_on(reader, text, [], [], 0)


def cut_again(
    reader: Reader, text: str, old: list[Cut], start: int, removed: int, added: int
) -> list[Cut]:
    """The cuts of `text`, which came from a text with cuts `old` by one edit.

    Cuts from the item before the edited one, and takes over the old cuts as soon as one is met.
    """
    touched = next((i for i, cut in enumerate(old) if start < cut.end), len(old))
    kept = old[: max(touched - 1, 0)]
    moved = added - removed
    later = [
        Cut(cut.start + moved, cut.end + moved, cut.place)
        for cut in old
        if cut.start >= start + removed
    ]
    return _cut_on(reader, text, kept, later, start + added)


def _cut_on(
    reader: Reader, text: str, kept: list[Cut], later: list[Cut], edited_to: int
) -> list[Cut]:
    cuts = list(kept)
    at, place = (cuts[-1].end, cuts[-1].place) if cuts else (0, TOP)
    known = {cut: place for place, cut in enumerate(later)}
    while at < len(text):
        cut = reader.next_cut(text, at, place)
        assert cut.start == at < cut.end <= len(text), cut
        cuts.append(cut)
        if at >= edited_to and cut in known:
            return cuts + later[known[cut] + 1 :]
        at, place = cut.end, cut.place
    return cuts
