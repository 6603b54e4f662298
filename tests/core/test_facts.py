"""The outbox: every fact reaches every consumer, in order, whatever breaks meanwhile."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from cms.core import delivery, facts, housekeeping, tasks
from cms.core.models import Delivery, Fact, User

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
TOPIC = "thing.changed"


@pytest.fixture
def heard():
    """What the consumer `listener` has heard, in order."""
    return []


@pytest.fixture
def listener(heard):
    """A consumer that only listens."""
    facts.consumer(TOPIC, name="listener")(lambda fact: heard.append(fact.payload["n"]))
    yield
    facts.forget(TOPIC, name="listener")


@pytest.fixture
def moody():
    """A consumer that breaks on the subjects in the set, and hears the others."""

    class Moody:
        breaks_on: set[str] = set()
        heard: list[tuple[str, int]] = []

    mood = Moody()
    mood.breaks_on, mood.heard = set(), []

    @facts.consumer(TOPIC, name="moody")
    def consume(fact):
        if fact.subject in mood.breaks_on:
            raise RuntimeError("not today")
        mood.heard.append((fact.subject, fact.payload["n"]))

    yield mood
    facts.forget(TOPIC, name="moody")


def record(subject, n, now=NOW):
    return facts.record(TOPIC, subject, {"n": n}, now)


@pytest.mark.django_db
def test_facts_of_a_subject_arrive_in_the_order_in_which_they_were_recorded(listener, heard):
    for n in range(250):
        record("7", n)
    assert facts.deliver_due(NOW) == 250
    assert heard == list(range(250))
    assert facts.deliver_due(NOW) == 0


@pytest.mark.django_db
def test_a_fact_of_a_change_that_is_undone_was_never_recorded(listener, heard):
    with transaction.atomic():
        record("7", 1)
        transaction.set_rollback(True)
    facts.deliver_due(NOW)
    assert heard == []
    assert not Fact.objects.exists()


@pytest.mark.django_db
def test_a_broken_consumer_holds_up_its_own_subject_and_nothing_else(listener, heard, moody):
    moody.breaks_on = {"7"}
    record("7", 1)
    record("8", 2)
    record("7", 3)
    facts.deliver_due(NOW)
    assert heard == [1, 2, 3]
    assert moody.heard == [("8", 2)]


@pytest.mark.django_db
def test_what_failed_is_tried_again_later_and_later_and_keeps_its_order(moody):
    moody.breaks_on = {"7"}
    record("7", 1)
    record("7", 2)
    moment, waits = NOW, []
    for _attempt in range(12):
        facts.deliver_due(moment)
        first = Delivery.objects.get(fact__payload__n=1)
        waits.append(first.due - moment)
        moment = first.due
    assert waits[0] == timedelta(seconds=5)
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(hours=1)
    assert "not today" in first.error
    moody.breaks_on = set()
    facts.deliver_due(moment - timedelta(seconds=1))
    assert moody.heard == []
    facts.deliver_due(moment)
    assert moody.heard == [("7", 1), ("7", 2)]


@pytest.mark.django_db
def test_a_deliverer_that_dies_leaves_nothing_half_done_and_another_does_it_once():
    deaths = [KeyboardInterrupt("killed")]

    @facts.consumer(TOPIC, name="writer")
    def write(fact):
        User.objects.create(username=f"made for {fact.payload['n']}")
        if deaths:
            raise deaths.pop()

    try:
        record("7", 1)
        with pytest.raises(KeyboardInterrupt):
            facts.deliver_due(NOW)
        assert not User.objects.exists()
        assert facts.deliver_due(NOW + timedelta(seconds=1)) == 0, "the lease still holds"
        assert facts.deliver_due(NOW + delivery.LEASE) == 1
        assert User.objects.filter(username="made for 1").count() == 1
    finally:
        facts.forget(TOPIC, name="writer")


@pytest.mark.django_db
def test_a_lease_is_counted_from_its_claim_however_long_the_round_has_taken():
    moment, deaths = [NOW], [KeyboardInterrupt("killed")]

    @facts.consumer(TOPIC, name="slow")
    def consume(fact):
        moment[0] += delivery.LEASE / 2
        if fact.payload["n"] == 3 and deaths:
            raise deaths.pop()

    try:
        for n in range(4):
            record("7", n)
        with pytest.raises(KeyboardInterrupt):
            facts.deliver_by(lambda: moment[0])
        died = moment[0]
        assert facts.deliver_due(died) == 0, "the lease of the last has not run out"
        assert facts.deliver_due(died + delivery.LEASE) == 1
    finally:
        facts.forget(TOPIC, name="slow")


@pytest.mark.django_db
def test_who_has_lost_the_lease_does_not_run_the_consumer_again(listener, heard, monkeypatch):
    claim = delivery._claim

    def claim_and_fall_asleep(pk, now):
        until = claim(pk, now)
        if now == NOW:
            facts.deliver_due(NOW + delivery.LEASE)
        return until

    monkeypatch.setattr(delivery, "_claim", claim_and_fall_asleep)
    record("7", 1)
    assert facts.deliver_due(NOW) == 0
    assert heard == [1]


@pytest.mark.django_db
def test_who_fails_late_leaves_the_lease_of_the_next_alone(moody, monkeypatch):
    put_back = delivery._put_back
    later = NOW + delivery.LEASE * 2

    def put_back_late(*args):
        Delivery.objects.update(leased_until=later)
        put_back(*args)

    monkeypatch.setattr(delivery, "_put_back", put_back_late)
    moody.breaks_on = {"7"}
    record("7", 1)
    facts.deliver_due(NOW)
    assert Delivery.objects.get().leased_until == later


@pytest.mark.django_db
def test_what_a_broken_consumer_wrote_is_undone():
    @facts.consumer(TOPIC, name="writer")
    def write(fact):
        User.objects.create(username="half")
        raise RuntimeError

    try:
        record("7", 1)
        facts.deliver_due(NOW)
        assert not User.objects.exists()
    finally:
        facts.forget(TOPIC, name="writer")


@pytest.mark.django_db
def test_consumers_may_record_facts_that_are_delivered_in_the_same_round(listener, heard):
    @facts.consumer("cause.happened", name="chain")
    def chain(fact):
        facts.record(TOPIC, fact.subject, {"n": 99}, NOW)

    try:
        facts.record("cause.happened", "7", {}, NOW)
        facts.deliver_due(NOW)
        assert heard == [99]
    finally:
        facts.forget("cause.happened", name="chain")


@pytest.mark.django_db
def test_a_consumer_that_no_room_registers_any_more_keeps_its_facts(listener, heard):
    record("7", 1)
    facts.forget(TOPIC, name="listener")
    facts.deliver_due(NOW)
    assert Delivery.objects.get().done_at is None
    facts.consumer(TOPIC, name="listener")(lambda fact: heard.append(fact.payload["n"]))
    facts.deliver_due(NOW + timedelta(hours=1))
    assert heard == [1]


def test_two_consumers_of_a_topic_cannot_share_a_name(listener):
    with pytest.raises(delivery.NameTaken):
        facts.consumer(TOPIC, name="listener")(lambda fact: None)


@pytest.mark.django_db(transaction=True)
def test_deliverers_at_work_together_deliver_each_fact_once_and_in_order():
    heard: list[tuple[str, int]] = []
    ear = threading.Lock()

    @facts.consumer(TOPIC, name="together")
    def consume(fact):
        with ear:
            heard.append((fact.subject, fact.payload["n"]))

    def work():
        try:
            facts.deliver_due(NOW)
        finally:
            connection.close()

    try:
        for n in range(40):
            record(str(n % 4), n)
        workers = [threading.Thread(target=work) for _ in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(timeout=60)
        facts.deliver_due(NOW)  # a worker may leave when the others hold all that is due
    finally:
        facts.forget(TOPIC, name="together")
    assert sorted(heard, key=lambda each: each[1]) == [(str(n % 4), n) for n in range(40)]
    for subject in "0123":
        numbers = [n for s, n in heard if s == subject]
        assert numbers == sorted(numbers)


@pytest.mark.django_db(transaction=True)
def test_recording_wakes_the_worker_after_the_commit_and_the_task_delivers(
    listener, heard, monkeypatch
):
    woken = []
    monkeypatch.setattr(type(tasks.deliver_facts), "enqueue", lambda _task: woken.append(1))
    with transaction.atomic():
        record("7", 5, now=NOW - timedelta(days=1))
        assert woken == []
    assert woken == [1]
    assert tasks.deliver_facts.call() == 1
    assert heard == [5]


@pytest.mark.django_db(transaction=True)
def test_a_queue_that_is_down_does_not_undo_the_change(listener, heard, monkeypatch):
    def down(_task):
        raise ConnectionError("no queue")

    monkeypatch.setattr(type(tasks.deliver_facts), "enqueue", down)
    record("7", 1)
    assert facts.deliver_due(NOW) == 1
    assert heard == [1]


@pytest.mark.django_db
def test_old_facts_go_once_everybody_has_had_them(listener, moody):
    moody.breaks_on = {"8"}
    record("7", 1)
    record("8", 2)
    facts.record("nobody.cares", "1", {}, NOW)
    facts.deliver_due(NOW)
    housekeeping.do_purge_facts(NOW + housekeeping.KEEP_FACTS + timedelta(seconds=1))
    assert [fact.subject for fact in Fact.objects.all()] == ["8"]
