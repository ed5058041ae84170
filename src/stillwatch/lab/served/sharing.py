"""TAXII servers of this machine, each with collections of all kinds of rights: ours, and medallion, the reference one."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

from stillwatch import cases
from stillwatch.lab.conformance.target import TYPE, Login
from stillwatch.lab.served.process import HOST, Served, free_port
from stillwatch.lab.served.servers import stillwatch_command
from stillwatch.sharing import taxii

TENANT = "lab"
PARTNER = "partner"
RIGHTS = {"both": (True, True), "readable": (True, False), "writable": (False, True)}
MANY = 1_000_000_000  # a partner's share in a bench, which has but one
MEDALLION = "STILLWATCH_MEDALLION"  # names a Python in whose environment medallion is installed
USER, PASSWORD = "partner", "a-password-of-a-bench"


def ours(folder: Path, *, store: str | None = None) -> tuple[Served, Login]:
    """`stillwatch share serve` on a store in the folder, and how the partner comes in."""
    folder.mkdir(parents=True, exist_ok=True)
    url, key = store or f"sqlite:///{folder}/cases.db", folder / "audit.key"
    with cases.open_store(url, audit_key=key) as opened:
        tenant = opened.tenant(TENANT)
        taxii.prepare(tenant)
        taxii.set_partner(tenant, PARTNER, taxii.Level.AMBER, by="lab")
        for alias, (read, write) in RIGHTS.items():
            taxii.add_collection(tenant, f"Collection, {alias}", alias=alias, by="lab")
            taxii.grant(tenant, alias, PARTNER, read=read, write=write, by="lab")
        _, token = cases.add_token(tenant, owner=PARTNER, scopes=["pull", "push"], days=1, by="lab")
    port = free_port()
    words = [
        "share",
        "serve",
        "--store",
        url,
        "--audit-key",
        str(key),
        "--tenant",
        TENANT,
        "--port",
        str(port),
    ]
    words += ["--requests-a-minute", str(MANY), "--objects-a-day", str(MANY)]
    return stillwatch_command(words, port, folder / "share.log"), Login(token=token)


def medallion_python() -> Path | None:
    """The Python that medallion is installed for; None where it is not installed."""
    stated = os.environ.get(MEDALLION)
    candidate = Path(stated) if stated else Path(sys.executable)
    return candidate if shutil.which(str(candidate.parent / "medallion")) else None


def medallion_version(chosen: Path) -> str:
    asked = "from importlib.metadata import version; print(version('medallion'))"
    return subprocess.run(  # noqa: S603 - a Python that the operator named
        [str(chosen), "-c", asked], check=True, capture_output=True, text=True, timeout=60
    ).stdout.strip()


def medallion(folder: Path, chosen: Path) -> tuple[Served, Login]:
    """Medallion with its store in memory."""
    folder.mkdir(parents=True, exist_ok=True)
    data, config = folder / "data.json", folder / "config.json"
    data.write_text(json.dumps(_medallion_data()))
    backend = {
        "module": "medallion.backends.memory_backend",
        "module_class": "MemoryBackend",
        "filename": str(data),
    }
    settings = {"backend": backend, "users": {USER: PASSWORD}, "taxii": {"max_page_size": 1_000}}
    config.write_text(json.dumps(settings))
    port = free_port()
    command = [str(chosen.parent / "medallion"), "--host", HOST, "--port", str(port), str(config)]
    return Served(command, port, folder / "medallion.log"), Login(user=USER, password=PASSWORD)


def _medallion_data() -> Mapping[str, Any]:
    root = {
        "information": {"title": "Lab", "versions": [TYPE], "max_content_length": 16 << 20},
        "status": [],
        "collections": [
            {
                "id": str(uuid4()),
                "title": f"Collection, {name}",
                "can_read": read,
                "can_write": write,
                "media_types": ["application/stix+json;version=2.1"],
                "objects": [],
                "manifest": [],
            }
            for name, (read, write) in RIGHTS.items()
        ],
    }
    discovery = {"title": "Lab", "default": f"/{TENANT}/", "api_roots": [f"/{TENANT}/"]}
    return {"/discovery": discovery, TENANT: root}
