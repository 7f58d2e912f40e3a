"""What every plugin says of itself, in a module constant called `MANIFEST`."""

from __future__ import annotations

import attrs

from wattbook_contracts.version import ApiVersion
from wattbook_domain.foundation.identifiers import require_identifier


@attrs.frozen(kw_only=True)
class PluginManifest:
    """Name, kind of work and interface version of one plugin.

    Attributes:
        name: unique among installed plugins; the name in settings and on the command line.
        summary: one sentence for `wattbook plugins list`.
        api_version: the interface it was written against.
        is_simulated: whether what it offers is invented; shown wherever it is used.
        licence: of the plugin's own code and data, as an SPDX expression.
    """

    name: str
    summary: str
    api_version: ApiVersion
    licence: str
    is_simulated: bool = False

    def __attrs_post_init__(self) -> None:
        require_identifier("plugin name", self.name)
