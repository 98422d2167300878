"""A transport without a network: what a source asks, and what it is told."""

from collections.abc import Callable, Sequence

import pytest

from monitor.carrier import FetchError, Payload, Request, Source, Tracking

Talk = Callable[..., tuple[list[Request], list[Tracking]]]


def converse(
    source: Source, numbers: Sequence[str], *answers: Payload | FetchError | bytes
) -> tuple[list[Request], list[Tracking]]:
    """The requests of one exchange that is told `answers` in turn, and what it learned."""
    exchange, told = source.exchange(numbers), iter(answers)
    requests = [next(exchange)]
    try:
        while True:
            match next(told):
                case FetchError() as error:
                    requests.append(exchange.throw(error))
                case Payload() as payload:
                    requests.append(exchange.send(payload))
                case bytes() as body:
                    requests.append(exchange.send(Payload(body, numbers=tuple(numbers))))
    except StopIteration as done:
        assert not list(told), "the exchange ended before it heard everything"
        return requests, list(done.value)


@pytest.fixture
def talk() -> Talk:
    return converse
