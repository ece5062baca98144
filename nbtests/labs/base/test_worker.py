"""The latest request wins; nothing stale gets through; nothing is left behind."""

import threading

import pytest

from trainingwheels.labs.base.worker import LatestWins

LONG = 600.0  # seconds


class Work:
    """Work that waits for a permit, so that a test decides what overtakes what."""

    def __init__(self):
        self.permits = threading.Semaphore(0)
        self.started = threading.Semaphore(0)
        self.done = []
        self.stale = []
        self.worker = LatestWins(self.run, "test worker")

    def run(self, request, is_latest):
        self.started.release()
        assert self.permits.acquire()
        (self.done if is_latest() else self.stale).append(request)

    def allow(self, count=1):
        self.permits.release(count)


@pytest.fixture
def work():
    work = Work()
    yield work
    work.worker.close()
    work.allow(100)


def test_requests_run_in_a_thread_of_their_own(work):
    work.worker.submit("a")
    work.allow()
    assert work.worker.wait(None)
    assert work.done == ["a"]


def test_a_waiting_request_is_replaced_and_an_overtaken_one_is_stale(work):
    work.worker.submit(1)
    assert work.started.acquire()
    for number in range(2, 50):
        work.worker.submit(number)
    work.allow(2)
    assert work.worker.wait(None)
    assert (work.stale, work.done) == ([1], [49])


def test_it_rests_once_when_nothing_more_comes():
    heard, rested = [], threading.Semaphore(0)

    def rest():
        heard.append("rest")
        rested.release()

    rests = (0.01, lambda: heard.append("pause")), (0.01, rest)
    worker = LatestWins(lambda request, _: heard.append(request), "resting worker", rests)
    for request in "ab":
        worker.submit(request)
        assert rested.acquire()
    worker.close()
    assert heard == ["a", "pause", "rest", "b", "pause", "rest"]


def test_a_request_ends_its_rest():
    heard, paused = [], threading.Semaphore(0)

    def pause():
        heard.append("pause")
        paused.release()

    rests = (0.01, pause), (LONG, lambda: heard.append("rest"))
    worker = LatestWins(lambda request, _: heard.append(request), "called worker", rests)
    for request in "ab":
        worker.submit(request)
        assert paused.acquire()
    worker.close()
    assert heard == ["a", "pause", "b", "pause"]


def test_it_rests_after_what_others_have_done():
    rested = threading.Semaphore(0)
    worker = LatestWins(lambda request, _: None, "stirred worker", [(0.01, rested.release)])
    worker.submit(1)
    assert rested.acquire(timeout=60)
    assert not rested.acquire(timeout=0.1)  # there was nothing to rest after
    for _ in range(2):
        worker.stir()
        assert rested.acquire(timeout=60)
    worker.stir()
    worker.submit(2)
    assert worker.wait(None)
    worker.close()


def test_waiting_gives_up_in_time(work):
    work.worker.submit(1)
    assert not work.worker.wait(0.01)


def test_waiting_in_the_worker_itself_does_not_deadlock():
    answers = []
    worker = LatestWins(lambda _, __: answers.append(worker.wait(None)), "selfish worker")
    worker.submit(1)
    assert worker.wait(None)
    assert answers == [False]
    worker.close()


def test_close_drops_the_result_and_ends_the_thread(work):
    work.worker.submit(1)
    assert work.started.acquire()
    work.worker.close()
    work.worker.submit(2)
    work.allow(5)
    work.worker._thread.join()
    assert (work.stale, work.done) == ([1], [])


def test_many_threads_may_submit(work):
    work.allow(10_000)
    threads = [threading.Thread(target=lambda: [work.worker.submit(n) for n in range(200)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    work.worker.submit("last")
    assert work.worker.wait(None)
    assert work.done[-1] == "last"


def test_an_answer_may_come_before_the_work_is_done(work):
    work.worker.submit(1)
    assert work.started.acquire()
    work.worker.answered()
    work.worker.wait_for_answer(60)
    assert not work.worker.wait(0.01)
    work.worker.submit(2)  # what was answered counts no more
    threading.Timer(0.05, work.allow, [2]).start()
    work.worker.wait_for_answer(60)
    assert work.stale == [1]
    assert work.done == [2]
