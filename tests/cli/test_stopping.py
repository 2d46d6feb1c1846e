"""A wish to stop, in one process."""

import signal

import pytest

from cnnbook.stopping import Terminated, stoppable

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="an alarm as on POSIX")


@pytest.fixture(autouse=True)
def no_alarm():
    """A process that was stopped is ended some seconds later, unless it ends; this one goes on.

    A shell has what it starts in the background ignore Ctrl-C, and so has tests that were started there.
    """
    inherited = signal.signal(signal.SIGINT, signal.default_int_handler)
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before
    signal.signal(signal.SIGINT, inherited)


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("after", [None, SystemExit(1), RuntimeError("a lock that nobody holds")])
def test_whatever_follows_a_signal_ends_as_the_signal_asks(sent, code, after):
    said = []
    with pytest.raises(SystemExit) as end, stoppable(lambda: said.append("stopped")):
        try:
            signal.raise_signal(sent)
        finally:
            if after:
                raise after
    assert (end.value.code, said) == (code, ["stopped"])
    assert signal.getitimer(signal.ITIMER_REAL)[0] > 0


@pytest.mark.parametrize("error", [SystemExit(2), RuntimeError("a fault")])
def test_a_command_that_nobody_stops_ends_as_it_does(error):
    with pytest.raises(type(error)) as end, stoppable(lambda: pytest.fail("nobody stopped it")):
        raise error
    assert end.value is error


def test_a_command_that_goes_on_after_a_signal_is_left_alone():
    with stoppable(lambda: pytest.fail("it was not stopped")), pytest.raises(Terminated):
        signal.raise_signal(signal.SIGTERM)
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0


def test_a_signal_that_is_ignored_stays_so():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with stoppable(lambda: None):
            signal.raise_signal(signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
