"""The clauses of the texts that IRC's history follows, each beside its test.

A clause is a sentence with MUST in it, or with SHOULD where that is for servers.  Here
is what it asks for in our own words, and the first digits of a digest (SHA-256) of the
sentence as it stands in the text, by which it is found again when a text has changed.

    scripts/clauses [DIR]

prints them, and fails if a test is missing; or, with the texts in DIR (a copy of
https://github.com/ircv3/ircv3-specifications), if a sentence there is not here.
"""

import ast
import hashlib
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[3]
# Where the tests of clauses are, of which most are about the dialect alone.
FOLDERS: Final = ("dialects/irc", "domain", "journeys", "store")


@dataclass(frozen=True, slots=True)
class Clause:
    """A sentence of a text: its digest, what it asks for, and the name of its test.

    Without a test it binds somebody else, which `why` says.
    """

    digest: str
    says: str
    test: str = ""
    why: str = ""


_CLIENTS: Final = "it binds clients"
_AUTHORS: Final = "it binds those who write texts"

TEXTS: Final[dict[str, tuple[Clause, ...]]] = {
    "extensions/batch.md": (
        Clause(
            "67d0c826",
            "the capability has that name",
            "test_the_capability_is_called_batch",
        ),
        Clause(
            "bd51870e",
            "how a batch begins",
            "test_a_batch_begins_and_ends_as_it_should",
        ),
        Clause(
            "bb4cf097",
            "how a batch ends",
            "test_a_batch_begins_and_ends_as_it_should",
        ),
        Clause("5335bf29", "a reference means nothing in itself", why=_CLIENTS),
        Clause(
            "4b74bbe3",
            "a reference is ASCII letters, digits and hyphens",
            "test_a_reference_is_a_number_that_never_comes_again",
        ),
        Clause(
            "6b15e43a",
            "what is in a batch names its reference",
            "test_what_is_in_a_batch_refers_to_it_and_nothing_else_does",
        ),
        Clause(
            "9280a020",
            "what is not in it, its two ends among that, does not",
            "test_what_is_in_a_batch_refers_to_it_and_nothing_else_does",
        ),
        Clause("c09c58c4", "what was begun is ended", "test_every_batch_ends"),
        Clause("015953fb", "an empty batch does nothing", why=_CLIENTS),
        Clause(
            "a1e558f0",
            "both ends of an inner batch are in the same outer one",
            "test_both_ends_of_an_inner_batch_refer_to_the_outer_one",
        ),
        Clause(
            "16744cca",
            "types that are somebody's own have a prefix",
            "test_a_batch_type_that_is_not_ratified_has_a_prefix",
        ),
        Clause("8f984784", "a type means nothing in itself", why=_CLIENTS),
        Clause("3bd8b203", "the same was not said earlier", why=_CLIENTS),
    ),
    "batches/chathistory.md": (
        Clause(
            "ab2e677e",
            "the batch names the room, or the other one's nick",
            "test_what_was_said_to_one_alone_is_filed_under_the_other",
        ),
        Clause(
            "c55a4603",
            "what is replayed on entering is one batch",
            "test_it_is_one_chathistory_batch_where_that_is_known",
        ),
        Clause(
            "d6a4c498",
            "what is replayed has the time at which it was said",
            "test_each_line_of_it_has_the_time_at_which_it_was_said",
        ),
    ),
    "extensions/chathistory.md": (
        Clause(
            "4475bddb",
            "a draft's names have its prefix",
            "test_the_capability_is_offered_as_a_draft",
        ),
        Clause(
            "903f36ce",
            "namely draft/",
            "test_the_capability_is_offered_as_a_draft",
        ),
        Clause(
            "a407d991",
            "the type of the batch has none",
            "test_a_page_is_a_batch_of_the_type_chathistory",
        ),
        Clause(
            "21b88f09",
            "nothing else has to be negotiated",
            "test_whoever_asks_is_answered_whatever_is_negotiated",
        ),
        Clause(
            "240835b1",
            "the capability is there to be negotiated",
            "test_the_capability_is_offered_as_a_draft",
        ),
        Clause(
            "3fbfc164",
            "who asks for himself is shown nothing by itself",
            "test_who_asks_for_history_is_shown_none_by_itself",
        ),
        Clause(
            "d660785f",
            "005 tells how many lines one may ask for",
            "test_isupport_tells_the_most_of_one_page",
        ),
        Clause("65f98928", "with 0 there is no such number", why=_CLIENTS),
        Clause(
            "44d50c9d",
            "005 tells the kinds of references",
            "test_isupport_tells_the_most_of_one_page",
        ),
        Clause("dd2ced81", "unknown kinds are passed over", why=_CLIENTS),
        Clause("2f8dafc6", "if 005 does not tell, there are both", why=_CLIENTS),
        Clause(
            "2b1c3bac",
            "with somebody: what both have said",
            "test_what_one_said_oneself_belongs_to_it",
        ),
        Clause(
            "1301655e",
            "and under other nicks",
            "test_who_has_had_another_nick_is_shown_as_who_he_was",
        ),
        Clause(
            "e090794d",
            "how a time is written",
            "test_a_time_is_written_as_server_time_writes_it",
        ),
        Clause(
            "3a413df4",
            "how an id is written",
            "test_an_id_that_was_never_sent_is_no_message",
        ),
        Clause(
            "6581c4a9",
            "a limit is a number from 1 on",
            "test_a_limit_is_a_number_from_one_on",
        ),
        Clause(
            "a87441ea",
            "the answer is a batch",
            "test_a_page_is_a_batch_of_the_type_chathistory",
        ),
        Clause(
            "62c32bd5",
            "of a page: its type, and its target by its right name",
            "test_a_page_is_named_by_the_canonical_name_of_its_target",
        ),
        Clause(
            "c8ab114d",
            "of targets: its type",
            "test_targets_are_a_batch_of_their_own_type",
        ),
        Clause(
            "26407e75",
            "nothing is an empty batch",
            "test_an_empty_page_is_an_empty_batch",
        ),
        Clause(
            "c27d1f4d",
            "only what was said, unless",
            "test_without_event_playback_only_what_was_said_is_shown",
        ),
        Clause(
            "cb5b7d1a",
            "event-playback is negotiated: then all that happened",
            "test_with_event_playback_all_that_happened_is_shown",
        ),
        Clause(
            "85ecc03e",
            "one point is one, and not two",
            "test_two_points_are_too_many_where_one_is_meant",
        ),
        Clause(
            "879bbfa3",
            "the same for LATEST",
            "test_two_points_are_too_many_where_one_is_meant",
        ),
        Clause(
            "460bcc0c",
            "BETWEEN counts from the first point, and has neither",
            "test_between_counts_from_the_first_point_and_has_neither",
        ),
        Clause(
            "7084a3e5",
            "TARGETS takes times, which are of the last line",
            "test_targets_are_those_whose_last_line_is_between_the_times",
        ),
        Clause(
            "af548098",
            "oldest first",
            "test_a_page_comes_in_the_order_in_which_it_was_said",
        ),
        Clause(
            "580c476d",
            "each with its time",
            "test_each_line_has_the_time_at_which_it_was_said",
        ),
        Clause(
            "2fd8235a",
            "each with its id, as it was",
            "test_each_line_has_the_msgid_with_which_it_was_said",
        ),
        Clause(
            "3286de16",
            "any two lines have one order",
            "test_pages_by_id_are_the_whole_in_one_order",
        ),
        Clause(
            "ac932fe7",
            "which is that of the answer",
            "test_pages_by_id_are_the_whole_in_one_order",
        ),
        Clause(
            "065c3d1e",
            "lines that are added are marked",
            why="none are added",
        ),
        Clause("d8156af5", "and not counted", why="none are added"),
        Clause(
            "d00adbaf",
            "the last page says so",
            "test_the_end_is_told_with_the_opening",
        ),
        Clause(
            "128704b1",
            "INVALID_PARAMS",
            "test_what_cannot_be_understood_is_answered_with_invalid_params",
        ),
        Clause(
            "f018687e",
            "INVALID_TARGET",
            "test_what_one_may_not_read_is_answered_with_invalid_target",
        ),
        Clause(
            "896bcc63",
            "MESSAGE_ERROR",
            "test_what_cannot_be_read_is_answered_with_message_error",
        ),
        Clause(
            "49b82da4",
            "INVALID_MSGREFTYPE",
            "test_an_unknown_kind_of_reference_is_answered_with_invalid_msgreftype",
        ),
        Clause(
            "57716e6e",
            "nobody reads what he may not",
            "test_nobody_reads_what_was_said_between_others",
        ),
        Clause(
            "4a0ac8e8",
            "and who somebody is an account tells",
            "test_nobody_reads_what_was_said_between_others",
        ),
        Clause(
            "bb311ef9",
            "from outside: nothing of rooms that one is kept out of",
            "test_nobody_reads_from_outside_what_he_could_not_enter",
        ),
        Clause(
            "86f63e1d",
            "there is a most of one page",
            "test_nobody_gets_more_than_the_most_of_one_page",
        ),
    ),
    "extensions/labeled-response.md": (
        Clause(
            "b6a2f278",
            "batches are negotiated as well",
            "test_labels_need_the_capabilities_in_whatever_order",
        ),
        Clause(
            "3322e4bf",
            "before or after",
            "test_labels_need_the_capabilities_in_whatever_order",
        ),
        Clause(
            "4aa67610",
            "the answer has the same label",
            "test_the_label_comes_back_as_it_was",
        ),
        Clause(
            "128ca3cd",
            "once",
            "test_exactly_one_message_has_the_label",
        ),
        Clause(
            "8a7fd628",
            "several lines are one batch",
            "test_an_answer_of_several_lines_is_one_batch_with_the_label",
        ),
        Clause(
            "bcb0f363",
            "whose beginning has the label",
            "test_an_answer_of_several_lines_is_one_batch_with_the_label",
        ),
        Clause(
            "659405be",
            "of a type of its own, or of that which the answer is anyway",
            "test_an_answer_that_is_a_batch_has_the_label_on_its_opening",
        ),
        Clause(
            "aa4d8a64",
            "what one says to oneself has none, but for its echo",
            "test_what_one_says_to_oneself_has_no_label",
        ),
        Clause(
            "7e2dc297",
            "a label means nothing in itself",
            "test_the_label_comes_back_as_it_was",
        ),
        Clause("e783365a", "one at a time", why=_CLIENTS),
        Clause(
            "807b72df",
            "its length",
            "test_a_label_is_at_most_64_bytes",
        ),
        Clause("12be7b54", "no answer is one, ACK", "test_no_answer_is_an_ack"),
    ),
    "extensions/read-marker.md": (
        Clause(
            "55edc91b",
            "a draft's name has its prefix",
            "test_the_capability_is_offered_as_a_draft",
        ),
        Clause(
            "10c65a87",
            "namely draft/",
            "test_the_capability_is_offered_as_a_draft",
        ),
        Clause(
            "cf86654a",
            "how far one has read nobody else is told",
            "test_how_far_one_has_read_is_nobody_elses_business",
        ),
        Clause(
            "2b8ee31d",
            "how a time is written",
            "test_what_is_no_time_is_answered_with_invalid_params",
        ),
        Clause("70e935e4", "it is that of something that was said", why=_CLIENTS),
        Clause("d1010602", "and no star", "test_no_client_says_a_star"),
        Clause("0764dc17", "who says so is answered", "test_who_says_so_is_answered"),
        Clause(
            "d5e79b81",
            "with what was said before, if that is later",
            "test_who_has_read_further_already_is_told_how_far",
        ),
        Clause("fc43e822", "who asks is told", "test_who_asks_is_told"),
        Clause(
            "c4d4ef27",
            "who enters is told",
            "test_who_enters_is_told_before_the_end_of_names",
        ),
        Clause(
            "0105f708",
            "before 366",
            "test_who_enters_is_told_before_the_end_of_names",
        ),
        Clause(
            "e1311ead",
            "one's other clients hear of it",
            "test_ones_other_devices_hear_of_it_if_they_know_what_it_is",
        ),
        Clause(
            "427170b2",
            "it only goes forwards",
            "test_who_has_read_further_already_is_told_how_far",
        ),
        Clause(
            "f1c34542",
            "and what is no later changes nothing",
            "test_who_has_read_further_already_is_told_how_far",
        ),
        Clause(
            "0a750249",
            "NEED_MORE_PARAMS",
            "test_what_names_nothing_is_answered_with_need_more_params",
        ),
        Clause(
            "52e78be5",
            "INVALID_PARAMS",
            "test_what_is_no_time_is_answered_with_invalid_params",
        ),
        Clause(
            "3f33491a",
            "INTERNAL_ERROR",
            "test_what_cannot_be_told_is_answered_with_internal_error",
        ),
        Clause(
            "5186064a",
            "once more: nobody else is told",
            "test_how_far_one_has_read_is_nobody_elses_business",
        ),
    ),
}


def tests() -> set[str]:
    """The names of the tests where those of clauses are."""
    return {
        node.name
        for folder in FOLDERS
        for path in (ROOT / "tests" / folder).glob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef)
    }


def flaws(folder: Path | None = None) -> Iterator[str]:
    """What is missing: tests, and with the texts in *folder* clauses."""
    there = tests()
    for name, clauses in TEXTS.items():
        for clause in clauses:
            if bool(clause.test) == bool(clause.why):
                yield f"{name} {clause.digest}: either a test, or why not"
            elif clause.test and clause.test not in there:
                yield f"{name} {clause.digest}: there is no {clause.test}"
        if folder is not None:
            yield from _differences(name, folder / name)


def _differences(name: str, path: Path) -> Iterator[str]:
    known = {clause.digest for clause in TEXTS[name]}
    stands = {digest(each): each for each in sentences(path.read_text())}
    for found, sentence in stands.items():
        if re.search(r"\bMUST\b", sentence) and found not in known:
            yield f"{name} {found} is new: {sentence}"
    for gone in sorted(known - stands.keys()):
        yield f"{name} {gone} does not stand there any more"


def sentences(text: str) -> Iterator[str]:
    """The sentences of *text* (Markdown), with their spaces folded; no examples."""
    text = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)
    text = re.sub(r"^(~~~~|```).*?^\1$", "", text, flags=re.DOTALL | re.MULTILINE)
    for paragraph in re.split(r"\n\s*\n|\n(?=\s*[*-] )|\n(?=#)", text):
        yield from re.split(r"(?<=[.:!])\s+(?=[A-Z*`])", " ".join(paragraph.split()))


def digest(sentence: str) -> str:
    """What a sentence is known by."""
    return hashlib.sha256(sentence.encode()).hexdigest()[:8]


def main(folder: Path | None) -> int:
    """Print the clauses beside their tests, and what is missing; 1 if anything is."""
    for name, clauses in TEXTS.items():
        print(f"{name}")  # noqa: T201 - a script's
        for clause in clauses:
            shown = clause.test or f"not ours: {clause.why}"
            print(f"  {clause.digest} {clause.says}\n           {shown}")  # noqa: T201
    missing = list(flaws(folder))
    for flaw in missing:
        print(flaw, file=sys.stderr)  # noqa: T201
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
