"""What to say where a package of the extra is not installed."""

from stillwatch.records import InvalidConfiguration


def missing(error: ImportError) -> InvalidConfiguration:
    """The error of a core install that is asked for regions."""
    return InvalidConfiguration(f"regions need the package {error.name}: pip install 'stillwatch[access]'")
