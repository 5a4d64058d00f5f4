"""A bare grpc.aio server that gives back what it gets: python -m tests.bench.intake_echo ADDRESS."""

import asyncio
import sys

import grpc


class Echo(grpc.GenericRpcHandler):
    """One method, no message types, nothing around it."""

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler:
        """Answer every method."""
        return grpc.unary_unary_rpc_method_handler(self._echo)

    async def _echo(self, request: bytes, context: object) -> bytes:
        return request


async def serve(address: str) -> None:
    """Serve until killed."""
    server = grpc.aio.server()
    server.add_generic_rpc_handlers((Echo(),))
    server.add_insecure_port(address)
    await server.start()
    await server.wait_for_termination()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
