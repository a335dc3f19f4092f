"""What lies under the shapes: nothing unless a setting says so, and then only what the setting names.

A key never reaches the browser: tiles of a service with a key are asked from our own address `tiles/NAME/Z/X/Y`, and the
door fetches them (TileProxy). A file of tiles (MBTiles, PMTiles) is served at the same address by geo.tile_files.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from domain.errors import ProblemError
from domain.terms import say
from geo.crs import Datum

OWN_TILES = "../../tiles/"  # relative to the address of the map component
_TIANDITU = (
    "https://t{{s}}.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}&STYLE=default"
    "&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={key}"
)
_AMAP = "https://webrd0{s}.is.autonavi.com/appmaptile?lang=zh_cn&size=1&scale=1&style=8&x={x}&y={y}&z={z}"
_TILE_URL = re.compile(r"https?://([\w.-]|\{s\})+(:\d+)?/([\w./?&=%+~:-]|\{[sxyz]\})+", re.ASCII)


@dataclass(frozen=True)
class TileProxy:
    """Tiles that the door fetches for the browser: `tiles/{name}/{z}/{x}/{y}` -> `upstream` with z, x, y, s filled in."""

    name: str
    upstream: str = field(repr=False)  # holds the key
    servers: str = "0"

    def address(self, z: int, x: int, y: int) -> str:
        """Where the tile is; the same tile always from the same server, so that caches between here and there help."""
        return self.upstream.format(z=z, x=x, y=y, s=self.servers[(x + y) % len(self.servers)])


@dataclass(frozen=True)
class Basemap:
    """Tiles in Web Mercator, from the bottom up, and what their provider wants to be said.

    `datum` GCJ02: the tiles are shifted, so the map shifts our shapes before it draws them.
    """

    urls: tuple[str, ...]
    attribution: str
    approval: str = ""  # the provider's 审图号
    datum: Datum = Datum.WGS84
    servers: str = ""
    max_zoom: int = 18
    proxies: tuple[TileProxy, ...] = ()
    file: Path | None = None

    def to_script(self) -> dict[str, object]:
        """What the browser must know; nothing of it is secret."""
        return {
            "urls": list(self.urls),
            "subdomains": self.servers,
            "maxNativeZoom": self.max_zoom,
            "attribution": " · ".join(filter(None, (self.attribution, self.approval))),
            "shifted": self.datum is Datum.GCJ02,
        }

    @property
    def hosts(self) -> tuple[str, ...]:
        """The origins to add to `img-src` of the Content-Security-Policy; none when all tiles come from our own address."""
        foreign = [url for url in self.urls if not url.startswith(OWN_TILES)]
        parts = [urlsplit(url.replace("{s}", server)) for url in foreign for server in self.servers or "-"]
        return tuple(sorted({f"{part.scheme}://{part.netloc}" for part in parts}))


def read_basemap(environ: Mapping[str, str]) -> Basemap | None:
    """The basemap that the environment asks for, with the settings of parse_basemap in capitals.

    KONGCHUO_BASEMAP, KONGCHUO_BASEMAP_KEY, KONGCHUO_BASEMAP_URL, KONGCHUO_BASEMAP_SERVERS, KONGCHUO_BASEMAP_FILE,
    KONGCHUO_BASEMAP_DATUM, KONGCHUO_BASEMAP_ATTRIBUTION, KONGCHUO_BASEMAP_APPROVAL.
    """
    prefix = "KONGCHUO_"
    return parse_basemap({name.removeprefix(prefix).lower(): text for name, text in environ.items() if name.startswith(prefix)})


def parse_basemap(settings: Mapping[str, str]) -> Basemap | None:
    """The basemap that the settings ask for; None for `none` or nothing.

    Settings: `basemap` none, tianditu, amap, xyz or file; `basemap_key` (tianditu), `basemap_url` (xyz), `basemap_servers`
    (xyz with {s}: a letter or digit each), `basemap_file` (file), `basemap_datum` wgs84, cgcs2000 or gcj02 (xyz, file),
    `basemap_attribution` (xyz, file), `basemap_approval`: the 审图号 as the provider shows it. It changes every year, so it has
    no default, and for tianditu and amap it must be given.
    Raises ProblemError naming the setting that is wrong or missing.
    """
    kind = settings.get("basemap", "").strip() or "none"
    if kind == "none":
        return None
    if kind not in _KINDS:
        raise ProblemError("map.basemap.kind", value=kind)
    return _KINDS[kind]({name: value.strip() for name, value in settings.items()})


def _tianditu(settings: Mapping[str, str]) -> Basemap:
    key = _need(settings, "basemap_key")
    if not key.isalnum():
        raise ProblemError("map.basemap.key")
    layers = ("vec", "cva")  # the map, and its names above it
    proxies = tuple(TileProxy(f"tianditu-{layer}", _TIANDITU.format(layer=layer, key=key), "01234567") for layer in layers)
    urls = tuple(f"{OWN_TILES}{proxy.name}/{{z}}/{{x}}/{{y}}" for proxy in proxies)
    return Basemap(urls, say("map.basemap.tianditu"), _need(settings, "basemap_approval"), proxies=proxies)


def _amap(settings: Mapping[str, str]) -> Basemap:
    return Basemap((_AMAP,), say("map.basemap.amap"), _need(settings, "basemap_approval"), Datum.GCJ02, "1234")


def _xyz(settings: Mapping[str, str]) -> Basemap:
    url, servers = _need(settings, "basemap_url"), settings.get("basemap_servers", "")
    _check_url(url, servers)
    attribution, approval = _need(settings, "basemap_attribution"), settings.get("basemap_approval", "")
    return Basemap((url,), attribution, approval, _read_datum(settings), servers)


def _file(settings: Mapping[str, str]) -> Basemap:
    path = Path(_need(settings, "basemap_file"))
    if not path.is_file():
        raise ProblemError("map.basemap.no_file", name=path.name)
    attribution, approval = settings.get("basemap_attribution", ""), settings.get("basemap_approval", "")
    return Basemap((f"{OWN_TILES}file/{{z}}/{{x}}/{{y}}",), attribution, approval, _read_datum(settings), file=path)


_KINDS = {"tianditu": _tianditu, "amap": _amap, "xyz": _xyz, "file": _file}


def _need(settings: Mapping[str, str], name: str) -> str:
    value = settings.get(name, "")
    if not value:
        raise ProblemError("map.basemap.missing", name=name)
    return value


def _check_url(url: str, servers: str) -> None:
    """Refuse an address that is no tile address or could break out of the policy it is added to."""
    complete = all(place in url for place in ("{x}", "{y}", "{z}"))
    served = ("{s}" in url) == bool(servers) and (not servers or (servers.isascii() and servers.isalnum()))
    if not (_TILE_URL.fullmatch(url) and complete and served):
        raise ProblemError("map.basemap.url")


def _read_datum(settings: Mapping[str, str]) -> Datum:
    try:
        datum = Datum(_need(settings, "basemap_datum"))
    except ValueError as error:
        raise ProblemError("map.basemap.datum") from error
    if datum is Datum.BD09:  # 百度 tiles are not in the Web Mercator grid
        raise ProblemError("map.basemap.datum")
    return datum
