"""Keeps a worker from the network, from other processes and from writing files: by seccomp, or else by Python's audit hook."""

import ctypes
import os
import platform
import struct
import sys
from typing import NamedTuple

_ALLOW, _EPERM, _ENOSYS = 0x7FFF0000, 0x00050000 | 1, 0x00050000 | 38
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _FILTER_MODE = 38, 22, 2
_CLONE_THREAD = 0x00010000
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_X32 = 0x40000000  # calls of a second, smaller ABI of x86-64


class _Machine(NamedTuple):
    """The numbers of the system calls of one architecture."""

    audited_as: int
    denied: tuple[int, ...]
    absent: tuple[int, ...]  # answered "no such call", so that the C library takes the older one
    clone: int
    opening: tuple[tuple[int, int], ...]  # calls that open a file, and the argument that holds the flags


_X86 = _Machine(
    audited_as=0xC000003E,
    denied=(
        *(41, 42, 43, 49, 50, 288),  # socket connect accept bind listen accept4
        *(57, 58, 59, 322),  # fork vfork execve execveat
        *(62, 200, 234, 129, 297, 424, 434, 438, 101, 310, 311),  # kill tkill tgkill sigqueue pidfd ptrace process_vm
        *(76, 77, 82, 83, 84, 86, 87, 88, 90, 91, 92, 93, 94, 133),  # truncate rename mkdir link unlink chmod chown …
        *(258, 259, 260, 263, 264, 265, 266, 268, 316, 452),  # … and the same with a folder's descriptor
        *(165, 166, 272, 308, 321, 425, 426, 427),  # mount unshare setns bpf io_uring
    ),
    absent=(435, 437, 85),  # clone3 openat2 creat
    clone=56,
    opening=((2, 1), (257, 2)),
)
_ARM = _Machine(
    audited_as=0xC00000B7,
    denied=(
        *(198, 203, 202, 200, 201, 242),
        *(221, 281),
        *(129, 130, 131, 138, 240, 424, 434, 438, 117, 270, 271),
        *(45, 46, 38, 34, 37, 35, 36, 52, 53, 54, 55, 33, 276, 452),
        *(40, 39, 97, 268, 280, 425, 426, 427),
    ),
    absent=(435, 437),
    clone=220,
    opening=((56, 2),),
)
_MACHINES = {"x86_64": _X86, "aarch64": _ARM}
_AUDITED = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system", "os.kill", "ctypes.dlopen")
_AUDITED_FILES = ("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.truncate", "os.link", "os.symlink", "os.chmod")


def close_off() -> str:
    """Close this process off for good; return by what: `seccomp`, or `audit hook` with the reason."""
    try:
        _seccomp()
    except OSError as error:
        sys.addaudithook(_audit)
        return f"audit hook: {error}"
    return "seccomp"


def _seccomp() -> None:
    """Install the filter; needs no privilege once the process can gain none."""
    if not _FILTER:
        raise OSError(f"no filter for {sys.platform} on {platform.machine()}")
    code = ctypes.create_string_buffer(_FILTER, len(_FILTER))
    head = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(_FILTER) // 8, ctypes.addressof(code)))
    for arguments in ((_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), (_PR_SET_SECCOMP, _FILTER_MODE, head, 0, 0)):
        if _LIBC.prctl(*arguments) != 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _program(machine: _Machine) -> bytes:
    """Return the filter: another architecture is denied, then each call in turn, and the rest is allowed."""
    lines = [_line(_LOAD, 4), _line(_EQUAL, machine.audited_as, 1, 0), _line(_RETURN, _EPERM), _line(_LOAD, 0)]
    lines += [_line(_AT_LEAST, _X32, 0, 1), _line(_RETURN, _EPERM)]
    for call in machine.absent:
        lines += [_line(_EQUAL, call, 0, 1), _line(_RETURN, _ENOSYS)]
    for call in machine.denied:
        lines += [_line(_EQUAL, call, 0, 1), _line(_RETURN, _EPERM)]
    lines += _when(machine.clone, 0, _CLONE_THREAD, denied_if_set=False)
    for call, argument in machine.opening:
        lines += _when(call, argument, _WRITING, denied_if_set=True)
    return b"".join([*lines, _line(_RETURN, _ALLOW)])


def _when(call: int, argument: int, bits: int, *, denied_if_set: bool) -> list[bytes]:
    """Deny a call when one of these bits of an argument is set, or when none is."""
    on_set, on_clear = (0, 1) if denied_if_set else (1, 0)
    return [
        _line(_EQUAL, call, 0, 4),
        _line(_LOAD, 16 + 8 * argument),
        _line(_ANY_BIT, bits, on_set, on_clear),
        _line(_RETURN, _EPERM),
        _line(_RETURN, _ALLOW),
    ]


def _line(code: int, value: int, when_true: int = 0, when_false: int = 0) -> bytes:
    """Return one instruction of the filter."""
    return struct.pack("HBBI", code, when_true, when_false, value)


def _audit(event: str, arguments: tuple[object, ...]) -> None:
    """Refuse in Python what the filter would refuse in the kernel."""
    writes = event == "open" and len(arguments) > 2 and isinstance(arguments[2], int) and bool(arguments[2] & _WRITING)
    if writes or event.startswith(_AUDITED) or event in _AUDITED_FILES:
        raise PermissionError(f"rules may not do this: {event}")


# Made when the zygote starts, so that its workers share them.
_LIBC = ctypes.CDLL(None, use_errno=True)
_FILTER = (
    _program(_MACHINES[platform.machine()]) if sys.platform == "linux" and platform.machine() in _MACHINES else b""
)
