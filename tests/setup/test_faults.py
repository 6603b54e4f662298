"""The list of faults goes with the code: each can be planted, and its tests are there."""

from tests.plant import faults


def test_each_fault_of_the_list_can_be_planted_and_has_a_name_of_its_own():
    listed = faults()
    assert [f"{fault.name}: {lack}" for fault in listed for lack in fault.lacks()] == []
    assert len({fault.name for fault in listed}) == len(listed)
