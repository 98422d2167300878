"""karrio's parser of DHL answers, in an environment of its own: `make bench` installs it there.

Reads answers from standard input, one a line, and writes for each, as one line of JSON, which parcel
karrio found, how many events, and the seconds that one reading took in one more round.
"""

import json
import sys
from functools import partial
from importlib.metadata import version
from typing import Any

from karrio.core.utils import DP, Deserializable  # type: ignore[import-not-found]
from karrio.core.utils.helpers import decode_bytes  # type: ignore[import-not-found]
from karrio.mappers.dhl_universal import Mapper, Settings  # type: ignore[import-not-found]

from benchmarks.rounds import Round, round_of

_MAPPER = Mapper(Settings(consumer_key="benchmark", consumer_secret="benchmark"))


def read(body: bytes) -> list[Any]:
    """Everything karrio does between the bytes of an answer and its TrackingDetails."""
    answers = Deserializable([decode_bytes(body)], lambda texts: [DP.to_dict(text) for text in texts])
    details: list[Any] = _MAPPER.parse_tracking_response(answers)[0]
    return details


def main() -> None:
    print(version("karrio"), flush=True)
    rounds: dict[bytes, Round] = {}
    for line in sys.stdin.buffer:
        body = line.strip()
        if body not in rounds:
            rounds[body] = round_of(partial(read, body))
        (parcel,) = read(body)
        told = {
            "number": parcel.tracking_number,
            "events": len(parcel.events),
            "seconds": rounds[body](),
        }
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
