"""The web pages: `serve` runs them, `create_app` makes the application for one Services."""

from assistant.web.server import create_app
from assistant.web.serving import serve

__all__ = ["create_app", "serve"]
