"""Files complaints as fast as so many clients can; a process of its own: python -m tests.bench.intake_load."""

import argparse
import asyncio
import json
import resource
import time
from itertools import count

import grpc
from diwan.intake.v1 import complaint_pb2, intake_service_pb2

from services.chassis.call import Actor, ActorKind, begin

TEXT = "السيد رئيس البلدية، أودعت ملف السكن الاجتماعي منذ سنتين ولم أتلق أي رد رغم مراسلاتي المتكررة إلى مصالحكم، "
METHODS = {
    "one": "/diwan.intake.v1.IntakeService/RegisterComplaint",
    "batch": "/diwan.intake.v1.IntakeService/RegisterComplaints",
    "echo": "/bench.Echo/Echo",
}


def filing(number: int) -> bytes:
    """Write one of the filings, of about 500 characters; texts differ."""
    return intake_service_pb2.RegisterComplaintRequest(
        filing=intake_service_pb2.Filing(
            channel=complaint_pb2.CHANNEL_CALL_CENTRE,
            kind=complaint_pb2.COMPLAINT_KIND_ENTRY,
            text=f"{TEXT * 5} رقم الملف {number}",
            language="ar",
            addressed_body_id=f"commune-16{number % 16 + 1:02}",
            commune_id=f"commune-16{number % 16 + 1:02}",
            topic_code="housing.social",
            identity=complaint_pb2.IDENTITY_NAMED,
            complainant=complaint_pb2.Complainant(
                name="ليلى بن علي", phone="0550 12 34 56", national_id=f"{number:018}"
            ),
            consent_to_disclose=True,
        )
    ).SerializeToString()


class Load:
    """So many clients that file again as soon as they are answered."""

    def __init__(self, address: str, kind: str, token: str, size: int) -> None:
        self._channel = grpc.aio.insecure_channel(address)
        self._send = self._channel.unary_unary(METHODS[kind])
        self._metadata = (("authorization", f"Bearer {token}"),) if token else ()
        self._kind, self._size = kind, size
        self._filings = [filing(number) for number in range(256)]
        self._numbers = count()
        self._call = begin(Actor(kind=ActorKind.PROCESS, id="bench"), process="bench")
        self.took: list[float] = []
        self.failed = 0

    def _request(self) -> bytes:
        request_id = self._call.new_id().encode()
        return b"\x0a\x24" + request_id + self._filings[next(self._numbers) % 256]

    def _message(self) -> bytes:
        if self._kind != "batch":
            return self._request()
        requests = [self._request() for _ in range(self._size)]
        return b"".join(b"\x0a" + _varint(len(each)) + each for each in requests)

    async def client(self, until: float, warm_until: float) -> None:
        """File until the time is over; the warming up does not count."""
        while (began := time.perf_counter()) < until:
            message = self._message()
            try:
                await self._send(message, metadata=self._metadata)
            except grpc.aio.AioRpcError as error:
                self.failed += 1
                if self.failed == 1:
                    print(error, flush=True)
                continue
            if began >= warm_until:
                self.took.append(time.perf_counter() - began)

    async def close(self) -> None:
        """Hang up."""
        await self._channel.close()


def _varint(number: int) -> bytes:
    octets = bytearray()
    while number > 127:
        octets.append(number & 127 | 128)
        number >>= 7
    return bytes([*octets, number])


async def run(asked: argparse.Namespace) -> dict[str, float]:
    """Run the clients and say what they saw."""
    load = Load(asked.address, asked.kind, asked.token, asked.size)
    warm_until = time.perf_counter() + asked.warm
    until = warm_until + asked.seconds
    await asyncio.gather(*(load.client(until, warm_until) for _ in range(asked.clients)))
    await load.close()
    took = sorted(load.took)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "rate": len(took) * (asked.size if asked.kind == "batch" else 1) / asked.seconds,
        "p50": took[len(took) // 2] * 1000,
        "p99": took[len(took) * 99 // 100] * 1000,
        "failed": load.failed,
        "cpu": usage.ru_utime + usage.ru_stime,
    }


def asked() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", required=True)
    parser.add_argument("--kind", choices=METHODS, default="one")
    parser.add_argument("--token", default="")
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--size", type=int, default=100)
    parser.add_argument("--warm", type=float, default=1)
    parser.add_argument("--seconds", type=float, default=5)
    return parser.parse_args()


if __name__ == "__main__":
    print(json.dumps(asyncio.run(run(asked()))))
