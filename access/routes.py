"""The addresses that the door answers itself."""

from functools import partial

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from access.assets import Assets, read_vendor
from access.downloads import send_download
from access.page import read_lang, write_notice
from access.sign_in import SignIn
from access.tiles import FindTile, no_tiles, send_tile
from access.visits import Visits, set_cookie
from domain.scope import Role


def build_routes(visits: Visits, find_tile: FindTile = no_tiles) -> list[Route]:
    """All routes of access/, below the base path; `find_tile` looks a tile of the basemap up."""
    assets = Assets(visits.engine, read_vendor())
    door = SignIn(visits)
    base = visits.settings.base

    def switch_role(request: Request) -> Response:
        """Answer `/demo-role/{role}`: only for the open demo on this machine."""
        role = request.path_params["role"]
        if role not in set(Role) or request.headers.get("sec-fetch-site") == "cross-site" or not visits.opens_demo(request):
            return write_notice(read_lang(request), "not_found", 404, base)
        response = RedirectResponse(f"{base}/", 303)
        set_cookie(response, request, visits.open_demo(request, Role(role)))
        return response

    return [
        Route(f"{base}/vendor/{{path:path}}", assets.send_vendor),
        Route(f"{base}/shapes/{{etag}}.json", assets.send_shapes),
        Route(f"{base}/tiles/{{name}}/{{z:int}}/{{x:int}}/{{y:int}}", partial(send_tile, find_tile)),
        Route(f"{base}/download/{{token}}", send_download),
        Route(f"{base}/demo-role/{{role}}", switch_role),
        Route(f"{base}/sign-in", door.show_sign_in, methods=["GET"]),
        Route(f"{base}/sign-in", door.submit_sign_in, methods=["POST"]),
        Route(f"{base}/password", door.show_password, methods=["GET"]),
        Route(f"{base}/password", door.submit_password, methods=["POST"]),
        Route(f"{base}/sign-out", door.sign_out),
    ]


async def show_unavailable(visits: Visits, request: Request, _problem: Exception) -> Response:
    """The answer of a route whose database cannot be asked."""
    return write_notice(read_lang(request), await to_thread.run_sync(visits.trouble), 503, visits.settings.base)
