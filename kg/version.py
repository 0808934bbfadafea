"""The version of the installed distribution."""

from importlib.metadata import PackageNotFoundError, version

try:
    VERSION = version("audiokg")
except PackageNotFoundError:  # used from a source tree that was never installed
    VERSION = "0+source"
