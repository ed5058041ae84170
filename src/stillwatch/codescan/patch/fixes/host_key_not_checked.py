"""SSH: only hosts whose keys the system knows are talked to. Whoever means others adds their keys to `known_hosts`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from stillwatch.codescan.patch.edit import Edit
from stillwatch.codescan.patch.site import NoFix, Site

if TYPE_CHECKING:
    from collections.abc import Iterator

RULE = "host-key-not-checked"


def edits(site: Site) -> Iterator[Edit]:
    """Refuse unknown keys, after those that the system knows have been loaded."""
    note = "only hosts with a known key are talked to"
    if site.finding.sink.startswith("asyncssh."):
        given = site.argument(99, "known_hosts")
        if given is None:
            raise NoFix("where the check is switched off is not here")
        args = [one for one in site.call.args if one is not given]
        if args:
            args[-1] = args[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
        yield Edit(note, {site.call: site.call.with_changes(args=args)})
        return
    policy = site.argument(0, "policy")
    if policy is None or not isinstance(site.call.func, cst.Attribute):
        raise NoFix("how the policy is set is not read here")
    edit = Edit(note)
    owner = site.code(site.call.func.value)
    if f"{owner}.load_system_host_keys(" not in site.code(site.function):
        edit.before[site.statement(site.call)] = [f"{owner}.load_system_host_keys()"]
    edit.replaced[policy.value] = _refusing(policy.value)
    yield edit


def _refusing(policy: cst.BaseExpression) -> cst.BaseExpression:
    """The policy's own name, with another class at its end; an object stays one."""
    match policy:
        case cst.Call(func=function):
            return policy.with_changes(func=_refusing(function), args=[])
        case cst.Attribute():
            return policy.with_changes(attr=cst.Name("RejectPolicy"))
    raise NoFix("how the policy is made is not read here")


EXAMPLES = [
    (
        """
import paramiko

def connected(host):
    client = paramiko.SSHClient()
    client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
    client.connect(host)
    return client
""",
        """
import paramiko

def connected(host):
    client = paramiko.SSHClient()
    client.load_system_host_keys()
    client.set_missing_host_key_policy(paramiko.RejectPolicy())
    client.connect(host)
    return client
""",
    ),
    (
        """
import asyncssh

async def connected(host):
    return await asyncssh.connect(host, known_hosts=None)
""",
        """
import asyncssh

async def connected(host):
    return await asyncssh.connect(host)
""",
    ),
]
