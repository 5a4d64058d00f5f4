"""The zygote: a process that has imported the kit and nothing else, and forks a worker in milliseconds."""

import array
import contextlib
import gc
import json
import os
import select
import signal
import socket
import sys
from typing import Any, NoReturn

from diwan_rules.host import worker
from diwan_rules.host.limits import Limits, die_with
from diwan_rules.host.rehearsal import rehearse

LONGEST_ORDER = 256 * 1024


def main(orders: socket.socket) -> None:
    """Start, kill and reap workers as the parent orders, until it closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    wake, woken = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(woken)
    rehearse()
    gc.collect()
    gc.freeze()
    children: set[int] = set()
    while True:
        ready, _, _ = select.select([orders.fileno(), wake], [], [])
        if wake in ready:
            os.read(wake, 512)
            _reap(orders, children)
        if orders.fileno() in ready and not _obey(orders, children):
            break
    for child in children:
        os.kill(child, signal.SIGKILL)


def _obey(orders: socket.socket, children: set[int]) -> bool:
    """Carry out one order; tell whether the parent is still there."""
    try:
        said, ancillary, _, _ = orders.recvmsg(LONGEST_ORDER, socket.CMSG_SPACE(4))
    except ConnectionResetError:  # it left before it had heard of every end
        return False
    if not said:
        return False
    order: dict[str, Any] = json.loads(said)
    if "kill" in order:
        if order["kill"] in children:  # only an own child that was not reaped yet: no other process has its number
            os.kill(order["kill"], signal.SIGKILL)
        return True
    channel = socket.socket(fileno=_descriptor(ancillary))
    zygote, child = os.getpid(), os.fork()
    if child == 0:
        die_with(zygote)
        _become_worker(orders, channel, order)
    channel.close()
    children.add(child)
    _say(orders, {"ticket": order["ticket"], "pid": child})
    return True


def _descriptor(ancillary: list[tuple[int, int, bytes]]) -> int:
    """Return the file descriptor that came with an order."""
    descriptors = array.array("i")
    descriptors.frombytes(ancillary[0][2])
    return descriptors[0]


def _become_worker(orders: socket.socket, channel: socket.socket, order: dict[str, Any]) -> NoReturn:
    """Be the worker from here on, and never return into the zygote's loop."""
    status = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        orders.close()
        worker.run(channel, worker.read_sources(order["sources"]), Limits(**order["limits"]))
        status = 0
    finally:
        os._exit(status)


def _reap(orders: socket.socket, children: set[int]) -> None:
    """Tell the parent of every child that has ended."""
    for child in list(children):
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            children.discard(child)
            _say(orders, {"ended": child, "code": os.waitstatus_to_exitcode(status)})


def _say(orders: socket.socket, saying: dict[str, Any]) -> None:
    """Tell the parent, if it is still there."""
    with contextlib.suppress(OSError):
        orders.send(json.dumps(saying).encode())


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))
