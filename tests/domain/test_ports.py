"""Ports: what the house needs of something that remembers.

Whether a store keeps these promises is tested where the stores are.
"""

from chat.domain.ports import Store, Trouble


def test_an_operator_reads_what_the_trouble_is() -> None:
    assert str(Trouble("the disk is full")) == "the disk is full"


def test_a_store_promises_four_things() -> None:
    promised = {name for name in vars(Store) if not name.startswith("_")}
    assert promised == {"load", "secret", "write", "close"}
