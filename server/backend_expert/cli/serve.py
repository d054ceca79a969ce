"""`backend-expert serve`: the language server, over standard input and output or TCP."""

import gc


def serve(address: str | None = None) -> int:
    """Serves one client and gives the exit code. `address` is `host:port` for TCP."""
    gc.disable()  # the imports make only what stays; collecting begins with the session
    import asyncio
    import logging

    from backend_expert.lsp.over_stdio import over_stdio
    from backend_expert.lsp.over_tcp import over_tcp

    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    gc.enable()
    gc.set_threshold(5_000, 20, 100)
    try:
        if address is None:
            return asyncio.run(over_stdio())
        host, _, port = address.rpartition(":")
        return asyncio.run(over_tcp(host or "127.0.0.1", int(port)))
    except KeyboardInterrupt:
        return 130
