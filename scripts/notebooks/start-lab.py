"""Starts JupyterLab with the arguments of `jupyter lab`. It asks for its token unless the arguments say otherwise: no
settings file of the machine turns the token off.
"""

import re
import secrets
import sys

from jupyterlab.labapp import LabApp

initialize_server = LabApp.initialize_server.__func__


def with_token(cls, argv=None, **options):
    server = initialize_server(cls, argv=argv, **options)
    identity = server.identity_provider
    asked = any(re.match(r"--(\w+\.)?(token|identity_provider_class)\b", word) for word in argv or [])
    if not identity.auth_enabled and not asked:
        identity.token = secrets.token_hex(24)
        # The address that the server prints and the browser opens then holds the token.
        identity.token_generated = True
        server.log.warning("A settings file of Jupyter turns the token off. It is asked for even so.")
    return server


LabApp.initialize_server = classmethod(with_token)
sys.exit(LabApp.launch_instance())
