"""A processor for Envoy's ext_proc filter, over gRPC: Envoy itself, Envoy Gateway, Envoy AI Gateway, Istio.

    stillwatch gateway envoy --config gateway.yaml --listen 127.0.0.1:8402

Envoy asks about each request with its headers and its body, and about an answer's events only where they are recorded
or a step edits them (`allow_mode_override`). An answer that is edited whole is buffered by Envoy up to its own limit
(`per_connection_buffer_limit_bytes`); a request or an answer beyond that goes on, unread or unedited, and is counted.
Refusals are answers of Envoy's. With `failure_mode_allow` a processor that is gone is a call that goes on.

The account is found in headers, by the gateway's configuration. The client's address is that of X-Forwarded-For by
`trusted_hops`: Envoy appends the peer there with `use_remote_address`, so it is one of the trusted hops itself.

A hold needs `max_message_timeout` in Envoy's configuration, longer than the hold; without it Envoy sends the call on at
once. With `--no-record-answers` answers that no step edits are not looked at, and exchanges lack what they show.
"""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator
from typing import Any

from stillwatch.gateways.opening import Gateway
from stillwatch.records import InvalidConfiguration

try:
    import grpc

    from stillwatch.gateways._envoy.call import EnvoyCall, Holds
    from stillwatch.gateways._envoy.messages import SERVICE, ProcessingRequest
except ModuleNotFoundError as missing:
    raise InvalidConfiguration(
        "the processor for Envoy needs more packages: pip install 'stillwatch[live,envoy]'"
    ) from missing

LOGGER = logging.getLogger("stillwatch.gateways")
GRACE = 5.0  # seconds for open calls at shutdown
LONGEST_MESSAGE = 64 << 20  # bytes; Envoy sends what it buffers


class EnvoyProcessor:
    """Envoy's ExternalProcessor service on a gateway. An error of ours lets the part it met go on."""

    def __init__(self, gateway: Gateway, *, record_answers: bool = True) -> None:
        self.gateway = gateway
        self._trouble = gateway.guard.trouble
        self._record_answers = record_answers
        self.holds = Holds(gateway.settings.limits.held)

    async def process(
        self, requests: AsyncIterator[Any], _: "grpc.aio.ServicerContext[Any, Any]"
    ) -> AsyncIterator[Any]:
        """One call: a reply to each part of it that Envoy sends."""
        call = EnvoyCall(self.gateway, self.holds, record_answers=self._record_answers)
        try:
            async for request in requests:
                part = request.WhichOneof("request")
                if part is None:
                    continue  # a kind of part that Envoy has and this does not know
                async for reply in self._bounded(call, part, getattr(request, part)):
                    yield reply
        finally:
            call.close()

    async def _bounded(self, call: EnvoyCall, part: str, message: Any) -> AsyncIterator[Any]:
        try:
            async for reply in call.replies(part, message):
                yield reply
        except Exception as error:  # noqa: BLE001 - whatever goes wrong in here, the customer's call goes on
            self._trouble.caught(f"envoy_{part}", error)
            yield call.unlooked_at(part)


async def serve(gateway: Gateway, listen: str, *, record_answers: bool = True) -> None:
    """Serve until SIGINT or SIGTERM. Raises InvalidConfiguration where the address cannot be had."""
    server = grpc.aio.server(
        options=[
            ("grpc.max_receive_message_length", LONGEST_MESSAGE),
            ("grpc.max_send_message_length", LONGEST_MESSAGE),
            ("grpc.so_reuseport", 0),
        ]
    )
    processor = EnvoyProcessor(gateway, record_answers=record_answers)
    server.add_generic_rpc_handlers((_handler(processor),))
    try:
        server.add_insecure_port(listen)
    except RuntimeError as error:
        raise InvalidConfiguration(f"cannot listen at {listen}: {error}") from error
    await server.start()
    LOGGER.info("processing for Envoy at %s", listen)
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    await stopped.wait()
    await server.stop(GRACE)
    await asyncio.to_thread(gateway.guard.close)


def _handler(processor: EnvoyProcessor) -> "grpc.GenericRpcHandler[Any, Any]":
    method = grpc.stream_stream_rpc_method_handler(
        processor.process,
        request_deserializer=ProcessingRequest.FromString,
        response_serializer=lambda reply: reply.SerializeToString(),
    )
    return grpc.method_handlers_generic_handler(SERVICE, {"Process": method})
