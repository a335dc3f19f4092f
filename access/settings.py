"""What a bureau sets about its door, read once from the environment."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class DoorSettings:
    """Names the app answers to, tile servers the basemap needs, the path it lives under, the secret of its reverse proxy.

    Empty `hosts`: every name, but the open demo answers to loopback names only. `proxy_secret` is what a reverse proxy
    sends along so that its `X-App-Proxy-User` is believed; None: no proxy is believed.
    """

    hosts: frozenset[str] = frozenset()
    tile_hosts: tuple[str, ...] = ()
    base: str = ""
    proxy_secret: str | None = None

    def knows_host(self, host: str) -> bool:
        """Whether the Host header names this app."""
        return not self.hosts or host_name(host) in self.hosts | LOOPBACK_NAMES


def read_settings(environ: Mapping[str, str], base: str = "") -> DoorSettings:
    """KONGCHUO_HOSTS (separated by commas), KONGCHUO_PROXY_SECRET; `base` is Streamlit's base path."""
    return DoorSettings(
        hosts=frozenset(name.lower() for name in _parts(environ.get("KONGCHUO_HOSTS", ""))),
        base=f"/{base.strip('/')}" if base.strip("/") else "",
        proxy_secret=environ.get("KONGCHUO_PROXY_SECRET") or None,
    )


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def host_name(host: str) -> str:
    """The name in a Host header, without port and brackets, in lower case; empty when it is none."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def is_loopback(address: str) -> bool:
    """Whether an address (or the name localhost) never leaves this machine."""
    if address == "localhost":
        return True
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    return (getattr(ip, "ipv4_mapped", None) or ip).is_loopback
