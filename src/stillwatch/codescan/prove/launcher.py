"""Builds the walls and starts a program inside them: `python -I launcher.py DESCRIPTOR`, with what to do in JSON there.

It runs before any foreign code does, from the standard library alone. With namespaces the program has a file system of its
own (a copy of the code base in memory; the interpreter and the system's libraries, read-only), no network, no sight of
other processes, no privileges, and a memory of its own to fill. Without them it has the limits and the copy only.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import json
import os
import resource
import select
import shutil
import signal
import socket
import stat
import struct
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

NOBODY = 65534
NEWNS, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET = (
    0x20000,
    0x4000000,
    0x8000000,
    0x10000000,
    0x20000000,
    0x40000000,
)
BIND, RECURSIVE, PRIVATE, NOSUID, NODEV = 4096, 16384, 1 << 18, 2, 4
MOUNT_SETATTR, PIVOT_ROOT, HERE, WITH_ALL_BELOW, ATTRIBUTES = 442, 155, -100, 0x8000, 0x1 | 0x2
DETACH, NO_NEW_PRIVILEGES, DEATH_SIGNAL, SUBREAPER = 2, 38, 1, 36
PIVOT_ROOT_ARM = 41
FILES_LIMIT, BYTES_LIMIT, FILE_LIMIT = 60_000, 512 * 2**20, 64 * 2**20
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc")
DEVICES = ("null", "zero", "full", "random", "urandom")
LOOK_EVERY = 0.1  # seconds between two looks at the memory in use
REFUSED, TOO_LARGE, NO_INTERPRETER = 90, 91, 92

_libc = ctypes.CDLL(None, use_errno=True)


def _checked(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def _mount(source: str, target: str, kind: str | None, flags: int, data: str = "") -> None:
    given = (source.encode(), target.encode(), kind.encode() if kind else None, flags, data.encode())
    _checked(_libc.mount(given[0], given[1], given[2], ctypes.c_ulong(given[3]), given[4]), f"mount {target}")


def _read_only(target: str) -> None:
    attributes = struct.pack("QQQQ", ATTRIBUTES, 0, 0, 0)
    result = _libc.syscall(MOUNT_SETATTR, HERE, target.encode(), WITH_ALL_BELOW, attributes, len(attributes))
    _checked(result, f"read-only {target}")


def _apart(*, privileged: bool) -> None:
    """Leave the namespaces of the one who started us."""
    user, group = os.geteuid(), os.getegid()
    flags = NEWNS | NEWUTS | NEWIPC | NEWPID | NEWNET | (0 if privileged else NEWUSER)
    _checked(_libc.unshare(flags), "unshare")
    if not privileged:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    _mount("none", "/", None, RECURSIVE | PRIVATE)
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        up = struct.pack("16sh", b"lo", 0x1 | 0x40)
        fcntl.ioctl(
            one, 0x8914, up
        )  # SIOCSIFFLAGS: the loopback of the new network, which leads nowhere else


def _bind(source: str, base: str) -> None:
    """Show a file or folder of the machine inside, read-only."""
    target = base + source
    if os.path.islink(source) and source in SYSTEM:
        Path(target).symlink_to(os.readlink(source))
        return
    if os.path.isdir(source):
        Path(target).mkdir(parents=True, exist_ok=True)
    else:
        Path(target).parent.mkdir(parents=True, exist_ok=True)
        Path(target).touch()
    _mount(source, target, None, BIND | RECURSIVE)
    _read_only(target)


def _furnish(spec: dict[str, Any], base: str, owner: int) -> None:
    _mount("tmpfs", base, "tmpfs", NOSUID | NODEV, "mode=755,size=16m")
    for source in SYSTEM:
        if os.path.exists(source):
            _bind(source, base)
    for name in DEVICES:
        _bind_device(name, base)
    _room_for(f"{base}/tmp", "256m", owner)  # noqa: S108 - inside, and nobody else's
    for source in spec["readable"]:
        _bind(source, base)
    _room_for(base + spec["code"], "768m", owner)
    copy(spec, base + spec["code"], owner)
    for source in spec["nested"]:
        _bind(source, base)


def _room_for(place: str, size: str, owner: int) -> None:
    """A folder in memory that may be written to, as far as it goes."""
    Path(place).mkdir(parents=True, exist_ok=True)
    _mount("tmpfs", place, "tmpfs", NOSUID | NODEV, f"mode=755,size={size}")
    os.chown(place, owner, owner)


def _bind_device(name: str, base: str) -> None:
    target = Path(base) / "dev" / name
    target.parent.mkdir(exist_ok=True)
    target.touch()
    _mount(f"/dev/{name}", str(target), None, BIND)


def copy(spec: dict[str, Any], target: str, owner: int) -> None:
    """Copy the code base: regular files and links that stay inside; nothing is followed out of it."""
    source = spec["source"]
    left_out, changed = set(spec["left_out"]), spec["changed"]
    files = size = 0
    walked = [(source, [], [spec["only"]])] if spec["only"] else os.walk(source)
    for folder, folders, names in walked:
        folders[:] = [name for name in folders if not _left_out(os.path.join(folder, name), name, left_out)]
        here = os.path.join(target, os.path.relpath(folder, source))
        os.makedirs(here, exist_ok=True)
        os.chown(here, owner, owner)
        for name in names:
            before = os.path.join(folder, name)
            status = os.lstat(before)
            if stat.S_ISLNK(status.st_mode):
                before = os.path.realpath(before)
                if not before.startswith(os.path.realpath(source) + os.sep) or not os.path.isfile(before):
                    continue
                status = os.stat(before)
            if not stat.S_ISREG(status.st_mode) or status.st_size > FILE_LIMIT:
                continue
            files, size = files + 1, size + status.st_size
            if files > FILES_LIMIT or size > BYTES_LIMIT:
                sys.stderr.write(
                    f"the code base is larger than {BYTES_LIMIT >> 20} MB or {FILES_LIMIT} files"
                )
                os._exit(TOO_LARGE)
            with suppress(PermissionError):
                shutil.copyfile(before, os.path.join(here, name))
                os.chmod(os.path.join(here, name), 0o700 if status.st_mode & 0o100 else 0o600)
                os.chown(os.path.join(here, name), owner, owner)
    for path, text in changed.items():
        place = Path(target) / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8", newline="")
        os.chown(place, owner, owner)


def _left_out(folder: str, name: str, left_out: set[str]) -> bool:
    return name in left_out or os.path.islink(folder) or os.path.exists(os.path.join(folder, "pyvenv.cfg"))


def _enter(base: str, code: str) -> None:
    """Make the furnished folder the root; what was there before is out of reach."""
    Path(base, "proc").mkdir(exist_ok=True)
    with suppress(OSError):  # containers hide parts of /proc, and the kernel then allows no new one
        _mount("proc", f"{base}/proc", "proc", NOSUID | NODEV)
    os.chdir(base)
    number = PIVOT_ROOT_ARM if os.uname().machine in {"aarch64", "riscv64"} else PIVOT_ROOT
    _checked(_libc.syscall(number, b".", b"."), "pivot_root")
    _checked(_libc.umount2(b".", DETACH), "umount")
    _read_only_top()
    os.chdir(code)


def _read_only_top() -> None:
    attributes = struct.pack("QQQQ", 1, 0, 0, 0)
    _checked(_libc.syscall(MOUNT_SETATTR, HERE, b"/", 0, attributes, len(attributes)), "read-only /")


def _become(owner: int, *, privileged: bool, limits: dict[str, int]) -> None:
    """Give up every privilege, then take on the limits."""
    if privileged:
        os.setgroups([])
        os.setresgid(owner, owner, owner)
        os.setresuid(owner, owner, owner)
    _libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    _libc.prctl(DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    for name, value in limits.items():
        kind = getattr(resource, f"RLIMIT_{name}")
        hard = resource.getrlimit(kind)[1]
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _start(spec: dict[str, Any], *, privileged: bool) -> None:
    """In the process that becomes the program."""
    owner = NOBODY if privileged else os.geteuid()
    if spec["namespaces"]:
        _furnish(spec, spec["room"], owner)
        _enter(spec["room"], spec["code"])
    else:
        os.makedirs(spec["code"], exist_ok=True)
        copy(spec, spec["code"], owner)
        os.chdir(spec["code"])
    os.setsid()
    _become(owner, privileged=privileged, limits=spec["limits"])
    nothing = os.open(os.devnull, os.O_RDWR)
    told = os.dup(2)  # not inherited by the program, unlike what it is made the copy of
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    try:
        os.execve(spec["program"][0], spec["program"], spec["environment"])  # noqa: S606 - what is run behind the walls
    except OSError as error:
        os.write(told, f"{error.strerror}: {spec['program'][0]}".encode())
        os._exit(NO_INTERPRETER)


def main() -> int:
    with os.fdopen(int(sys.argv[1]), "rb") as file:
        spec = json.loads(file.read())
    privileged = os.geteuid() == 0
    _libc.prctl(DEATH_SIGNAL, signal.SIGTERM, 0, 0, 0)
    _libc.prctl(SUBREAPER, 1, 0, 0, 0)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    try:
        if spec["namespaces"]:
            _apart(privileged=privileged)
    except OSError as error:
        sys.stderr.write(str(error))
        return REFUSED
    begun, beginning = os.pipe()  # the other end is closed when the program takes the child's place
    child = os.fork()
    if child == 0:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
        try:
            _start(spec, privileged=privileged)
        except OSError as error:
            sys.stderr.write(f"{error.strerror}: {error.filename}" if error.filename else str(error))
            refused = error.errno in {errno.EPERM, errno.ENOSYS, errno.EINVAL} and spec["namespaces"]
            os._exit(REFUSED if refused else NO_INTERPRETER)
    os.close(beginning)
    return _watch(child, begun, spec["memory"], namespaces=spec["namespaces"])


def _watch(child: int, begun: int, memory: int, *, namespaces: bool) -> int:
    """Wait for the end: the program's own, or by the one who started us, or by its hunger for memory.

    Before the program has begun, the processes that are seen are still those of the machine.
    """
    status = None
    running = False
    while status is None:
        asked = signal.sigtimedwait({signal.SIGTERM}, LOOK_EVERY)
        running = running or bool(select.select([begun], [], [], 0)[0])
        if asked is not None or (running and _in_use(child, namespaces=namespaces) > memory):
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        with suppress(ChildProcessError):
            done, found = os.waitpid(child, os.WNOHANG)
            status = found if done else None
    _reap()
    return os.waitstatus_to_exitcode(status) & 0xFF


def _in_use(child: int, *, namespaces: bool) -> int:
    """Bytes that the program and all it started hold in memory."""
    total = 0
    numbers = [name for name in _listed("/proc") if name.isdigit()] if namespaces else [str(child)]
    for number in numbers:
        with suppress(OSError, IndexError, ValueError):
            total += int(Path(f"/proc/{number}/statm").read_text().split()[1])
    return total * resource.getpagesize()


def _listed(folder: str) -> list[str]:
    with suppress(OSError):
        return os.listdir(folder)
    return []


def _reap() -> None:
    """End what outlived the program; in a namespace the kernel has done it."""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        with suppress(OSError):
            for number in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split():
                with suppress(ProcessLookupError):
                    os.kill(int(number), signal.SIGKILL)
        try:
            os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return


if __name__ == "__main__":
    sys.exit(main())
