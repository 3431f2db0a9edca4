"""Webhooks: verifying and decoding an event against Node, SHA-256 against OpenSSL."""
import hashlib
import hmac
import json
import shutil
from pathlib import Path

from . import setting
from .report import Figures, Section

PEERS = setting.HERE / "Peers" / "Webhooks"
FIXTURES = setting.HERE.parent / "Tests" / "StripeGatewayTests" / "Fixtures"
OURS = "SaaSKit"


def write_event(folder):
    """A change of a subscription to a plan with seats, as the provider sends it since its version basil, signed."""
    folder.mkdir(exist_ok=True)
    event = json.loads((FIXTURES / "event.json").read_text())
    subscription = json.loads((FIXTURES / "subscription-since-basil.json").read_text())
    # The third item is a metered one.
    subscription["items"]["data"] = subscription["items"]["data"][:2]
    event["data"] = {"object": subscription}
    body = json.dumps(event, indent=2).encode()
    if not 4_000 <= len(body) <= 4_200:
        raise SystemExit(f"the event has {len(body)} bytes instead of about 4 KB")
    (folder / "body.json").write_bytes(body)
    code = hmac.new(b"whsec_benchmark", b"1760000000." + body, hashlib.sha256).hexdigest()
    (folder / "signature.txt").write_text(f"t=1760000000,v1={code}\n")
    return len(body)


def run(options, machine):
    folder = options.folder / "webhooks"
    size = write_event(folder)
    runner = machine.build_runner("webhooks")
    programs = [(OURS, [str(runner)], {})]
    if machine.has("Node", lambda: shutil.which("node"), apt=["nodejs"]):
        programs.append(("Node", ["node", str(PEERS / "webhooks.mjs")], {}))
    present = lambda: shutil.which("gcc") and Path("/usr/include/openssl/sha.h").exists()
    if machine.has("OpenSSL", present, apt=["gcc", "libssl-dev"]):
        binary = options.folder / "sha256"
        if machine.build("OpenSSL", ["gcc", "-O3", "-march=native", "-Wno-deprecated-declarations", "sha256.c", "-o",
                                     str(binary), "-lcrypto"], PEERS):
            programs.append(("OpenSSL", [str(binary)], {}))
            programs.append(("OpenSSL without assembly for this processor", [str(binary)], {"OPENSSL_ia32cap": "0"}))
    figures = Figures()
    for number in range(options.rounds):
        start = number % len(programs)
        for name, command, extra in programs[start:] + programs[:start]:
            result = setting.run([*command, str(folder), str(options.passes)], environment={**machine.environment, **extra})
            if result.returncode != 0:
                raise SystemExit(f"{name} failed: {result.stderr[-500:]}")
            figures.add(name, result.stdout)
    setting.progress(f"webhooks: {options.rounds} rounds")
    section = Section("webhooks", "Webhooks", [" ".join(command) for _, command, _ in programs])
    section.is_broken = any(len(set(check.values())) > 1 for check in figures.checks.values())
    section.target(f"verify and decode an event of {size:,} bytes", figures.ratio(("Node", "verify"), (OURS, "verify")), (">", 1),
                   "Node", "rate")
    plain = "OpenSSL without assembly for this processor"
    section.target(f"SHA-256 of {size:,} bytes", figures.ratio((plain, "sha256"), (OURS, "sha256")), (">=", 1),
                   "OpenSSL, OPENSSL_ia32cap=0", "rate")
    ratio = figures.ratio(("OpenSSL", "sha256"), (OURS, "sha256"))
    if ratio:
        section.notes.append(f"SHA-256 has {ratio[0]:.2f} ({ratio[1]:.2f} … {ratio[2]:.2f}) times the rate of OpenSSL with "
                             "the processor's own instructions.")
    return section
