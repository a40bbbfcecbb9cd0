"""When a lot of a watched folder is judged, on a clock that the test holds."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest
from lots import LABORATORY, write_lot

from qcvalidate.assessment import Assessment, ExitStatus, Scope, Verdict
from qcvalidate.errors import UsageError
from qcvalidate.inbox import Inbox, Known, read_state, state_text
from qcvalidate.submission import Submission


class Place:
    """An inbox of one lot, what its judge was asked, and which reports are there."""

    def __init__(self, folder: Path) -> None:
        self.asked: list[str] = []
        self.delivered: set[str] = set()
        self.meanwhile = lambda: None
        self.folder = folder
        write_lot(folder / "a", {"counts.csv": "1"})
        self.paper = folder / "a" / "counts.csv"
        self.inbox = self.opened({})

    def opened(self, known: dict[str, Known], judged_by: str = "us") -> Inbox:
        return Inbox(
            self.folder,
            LABORATORY.catalogue,
            judged_by,
            self.judge,
            lambda name, _: self.delivered.add(name),
            self.delivered.__contains__,
            settle=10,
            known=known,
        )

    def judge(self, submission: Submission) -> Assessment:
        self.asked.append(submission.name)
        self.meanwhile()
        return Assessment(
            "a", "a", None, Verdict.PASS, Scope.LOT, (), (), (), dt.date(2026, 4, 20),
            exit_status=ExitStatus.PASS,
        )  # fmt: skip

    def look(self, now: float) -> list[tuple[str, str]]:
        return [(event.kind, event.name) for event in self.inbox.look(now)]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "inbox")


def test_a_lot_is_judged_once_it_has_settled_and_never_again(place: Place) -> None:
    told = [place.look(now) for now in (0, 9.9, 10, 20, 1000)]

    assert told == [[], [], [("judged", "a")], [], []]
    assert len(place.asked) == 1


def test_a_half_copied_file_is_waited_for(place: Place) -> None:
    told = []
    for now in range(0, 100, 9):
        told += place.look(now)
        with place.paper.open("a") as stream:
            stream.write("more")
    assert told == []
    assert place.inbox.statuses() == [ExitStatus.OPEN]

    assert [place.look(now) for now in (100, 109, 110)] == [[], [], [("judged", "a")]]


def test_a_file_that_comes_later_starts_the_wait_anew(place: Place) -> None:
    place.look(0)
    (place.folder / "a" / "flow").mkdir()
    (place.folder / "a" / "flow" / "panel.fcs").write_text("x")

    assert [place.look(now) for now in (10, 19, 20)] == [[], [], [("judged", "a")]]


def test_what_changed_while_it_was_read_is_read_again(place: Place) -> None:
    place.meanwhile = lambda: place.paper.write_text("another") and None
    place.look(0)

    assert place.look(10) == []
    assert place.delivered == set()
    place.meanwhile = lambda: None
    assert [place.look(now) for now in (15, 20)] == [[], [("judged", "a")]]


def test_a_changed_lots_report_stands_no_longer(place: Place) -> None:
    place.look(0)
    place.look(10)
    place.paper.write_text("longer")

    assert place.look(20) == [("changed", "a")]
    assert place.inbox.statuses() == [ExitStatus.OPEN]
    assert place.look(30) == [("judged", "a")]


def test_the_same_size_is_no_proof_that_nothing_changed(place: Place) -> None:
    place.look(0)
    place.look(10)
    place.paper.write_text("2")

    assert place.look(20) == []
    assert place.look(30) == [("judged", "a")]


def test_a_touched_file_is_no_change(place: Place) -> None:
    place.look(0)
    place.look(10)
    os.utime(place.paper, (5, 5))

    assert [place.look(now) for now in (20, 30, 40)] == [[], [], []]
    assert len(place.asked) == 1


def test_a_lost_report_is_written_again(place: Place) -> None:
    place.look(0)
    place.look(10)
    place.delivered.clear()

    assert [place.look(now) for now in (20, 30)] == [[], [("judged", "a")]]


def test_a_lot_that_is_gone_is_told_once(place: Place) -> None:
    place.look(0)
    place.look(10)
    (place.folder / "a").rename(place.folder.parent / "elsewhere")

    assert place.look(20) == [("removed", "a")]
    assert place.look(30) == []


def test_the_next_watch_knows_what_this_one_knew(place: Place) -> None:
    place.look(0)
    place.look(10)
    state = place.folder.parent / "state.json"
    state.write_text(state_text(place.inbox.known))

    place.inbox = place.opened(read_state(state))
    assert place.look(0) == []
    assert place.inbox.waiting == {}

    place.inbox = place.opened(read_state(state), judged_by="other limits")
    assert [place.look(now) for now in (0, 10)] == [[], [("judged", "a")]]


@pytest.mark.parametrize(
    "text", ["", "[]", '{"lots": []}', '{"lots": {"a": 1}}', '{"lots": {"a": {"key": "1"}}}']
)
def test_a_state_that_cannot_be_read_knows_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "state.json").write_text(text)

    assert read_state(tmp_path / "state.json") == {}


def test_a_state_with_an_unknown_exit_status_knows_nothing(place: Place, tmp_path: Path) -> None:
    place.look(0)
    place.look(10)
    text = state_text(place.inbox.known).replace('"status": 0', '"status": 99')
    (tmp_path / "state.json").write_text(text)

    assert '"status": 99' in text
    assert read_state(tmp_path / "state.json") == {}


def test_papers_of_a_folder_do_not_wait_for_the_lots_below(place: Place) -> None:
    (place.folder / "loose.pdf").write_text("x")
    place.look(0)
    place.paper.write_text("changed")

    assert place.look(10) == [("judged", ".")]


def test_an_inbox_that_is_gone_is_told(place: Place) -> None:
    place.folder.rename(place.folder.parent / "elsewhere")

    with pytest.raises(UsageError, match="is no longer a folder"):
        place.look(0)


def test_a_link_to_a_folder_is_a_change(place: Place, tmp_path: Path) -> None:
    """It stands there like a file that cannot be read."""
    for now in (0, 10):
        place.look(now)
    (place.folder / "a" / "more").symlink_to(tmp_path)

    assert place.look(20) == [("changed", "a")]
    assert place.look(30) == [("judged", "a")]


def test_what_another_inbox_wrote_is_refused(place: Place, tmp_path: Path) -> None:
    """Reports of two lots of one name would replace one another."""
    state = tmp_path / "state.json"
    state.write_text(state_text({}, place.folder))

    assert read_state(state, place.folder) == {}
    with pytest.raises(UsageError, match="holds the reports of another inbox"):
        read_state(state, tmp_path / "other")


def test_a_state_that_is_too_deep_is_nothing(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    state.write_text("[" * 100_000)

    assert read_state(state) == {}
