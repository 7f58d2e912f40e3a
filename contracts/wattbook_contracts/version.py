"""The version of the plugin interface: what a plugin must have been written against.

The major number changes when a hook or a descriptor loses or renames something; the minor number
when something is added. A plugin of another major version, or of a newer minor one, is refused.
"""

from __future__ import annotations

from typing import Final

import attrs


@attrs.frozen(order=True)
class ApiVersion:
    """Major and minor number of the plugin interface."""

    major: int
    minor: int

    def accepts(self, plugin: ApiVersion) -> bool:
        """Return whether a plugin written against `plugin` works with this interface.

        >>> ApiVersion(1, 2).accepts(ApiVersion(1, 0)), ApiVersion(1, 2).accepts(ApiVersion(2, 0))
        (True, False)
        """
        return plugin.major == self.major and plugin.minor <= self.minor

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}"


API_VERSION: Final = ApiVersion(1, 0)
"""The interface of this release."""
