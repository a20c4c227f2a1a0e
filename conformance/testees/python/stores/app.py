"""Uses stores, configuration, the log and datagrams."""

from collections.abc import Callable

from bindings import ActError, atomics, batch, config_store, exports, logging, store
from bindings.instance_network import instance_network
from bindings.network import (
    IpAddressFamily,
    IpSocketAddressIpv4,
    Ipv4SocketAddress,
    Network,
)
from bindings.udp import OutgoingDatagram, UdpSocket
from bindings.udp_create_socket import create_udp_socket


class WitWorld(exports.WitWorld):
    def act(self, words: list[str]) -> str:
        verb, *rest = words
        try:
            return ACTS[verb](*rest)
        except store.OpenError as error:
            denied = isinstance(error.payload, store.ErrorAccessDenied)
            raise ActError("access-denied" if denied else str(error)) from None
        except Exception as error:
            raise ActError(str(error)) from error


def keep(name: str, key: str, value: str) -> str:
    with store.open(name) as bucket:
        bucket.set_(key, value.encode())
        found = bucket.get(key) or b""
        before = bucket.exists(key)
        keys = " ".join(bucket.list_keys(None).keys)
        bucket.delete(key)
        after = bucket.exists(key)
    return f"{found.decode()}, {str(before).lower()}, {str(after).lower()}, {keys}"


def count(name: str, key: str, first: str, second: str) -> str:
    with store.open(name) as bucket:
        atomics.increment(bucket, key, int(first))
        return str(atomics.increment(bucket, key, int(second)))


def many(name: str, *keys: str) -> str:
    with store.open(name) as bucket:
        batch.set_many(bucket, [(key, key.encode()) for key in keys])
        found = sum(entry is not None for entry in batch.get_many(bucket, keys))
        batch.delete_many(bucket, keys)
        left = sum(entry is not None for entry in batch.get_many(bucket, keys))
    return f"{found} {left}"


def log(text: str) -> str:
    logging.log(logging.Level.WARN, "testee", text)
    return "done"


def datagram(text: str) -> str:
    with (
        instance_network() as network,
        bound(network) as receiver,
        bound(network) as sender,
    ):
        address = receiver.local_address()
        incoming, unused = receiver.stream(None)
        idle, outgoing = sender.stream(None)
        with incoming, unused, idle, outgoing:
            outgoing.check_send()
            outgoing.send([OutgoingDatagram(text.encode(), address)])
            with incoming.subscribe() as ready:
                ready.block()
            return "".join(one.data.decode() for one in incoming.receive(1))


def bound(network: Network) -> UdpSocket:
    socket = create_udp_socket(IpAddressFamily.IPV4)
    socket.start_bind(
        network, IpSocketAddressIpv4(Ipv4SocketAddress(0, (127, 0, 0, 1)))
    )
    with socket.subscribe() as ready:
        ready.block()
    socket.finish_bind()
    return socket


ACTS: dict[str, Callable[..., str]] = {
    "keep": keep,
    "count": count,
    "many": many,
    "config": lambda key: config_store.get(key) or "",
    "log": log,
    "datagram": datagram,
}
