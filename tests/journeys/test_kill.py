"""After kill -9 of the whole house the next start has every acknowledged complaint, numbered without gaps."""

import asyncio
import random

import grpc
from diwan.intake.v1 import intake_service_pb2, intake_service_pb2_grpc

from tests.house_run import RunningHouse, issue_token, premises, running
from tests.journeys.builders import a_filing, bearer

CLIENTS = 8
SECONDS_BEFORE_THE_KILL = 2.0


async def file_until_the_end(address: str, token: str) -> list[intake_service_pb2.Receipt]:
    """File with several clients at once until the house is gone; return what was acknowledged."""
    acknowledged: list[intake_service_pb2.Receipt] = []

    async def client(intake: "intake_service_pb2_grpc.IntakeServiceAsyncStub") -> None:
        while True:
            request = a_filing(f"شكوى رقم {random.random()}")
            try:
                answer = await intake.RegisterComplaint(request, metadata=bearer(token), timeout=5)
            except grpc.aio.AioRpcError:
                return
            acknowledged.append(answer.receipt)

    async with grpc.aio.insecure_channel(address) as channel:
        intake = intake_service_pb2_grpc.IntakeServiceStub(channel)
        await asyncio.gather(*(client(intake) for _ in range(CLIENTS)))
    return acknowledged


async def test_kill_9_loses_nothing_that_was_acknowledged() -> None:
    with premises() as environment:
        with running(environment) as (launcher, said):
            house = RunningHouse(environment=environment, said=said)
            token, address = issue_token(house), house.settings("intake").listen
            filing = asyncio.create_task(file_until_the_end(address, token))
            await asyncio.sleep(SECONDS_BEFORE_THE_KILL)
            launcher.kill()
            acknowledged = await filing
        assert len(acknowledged) > CLIENTS
        with running(environment):
            async with grpc.aio.insecure_channel(address) as channel:
                intake = intake_service_pb2_grpc.IntakeServiceStub(channel)
                for receipt in acknowledged:
                    known = intake_service_pb2.TrackComplaintRequest(number=receipt.number, secret=receipt.secret)
                    tracked = await intake.TrackComplaint(known, metadata=bearer(token), timeout=10)
                    assert tracked.number == receipt.number
                next_one = (await intake.RegisterComplaint(a_filing(), metadata=bearer(token), timeout=10)).receipt
    lines = sorted(int(receipt.number.rpartition("/")[2]) for receipt in acknowledged)
    assert len(set(lines)) == len(lines)
    # An entry may be committed and its answer lost in the kill: at most one a client.
    assert lines[-1] - len(lines) <= CLIENTS
    assert int(next_one.number.rpartition("/")[2]) - len(lines) <= CLIENTS + 1
