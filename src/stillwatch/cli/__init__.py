"""The command line: every module in this folder with a `command` function or an `app` group is a command."""

import sys
from importlib import import_module
from pkgutil import iter_modules

import typer
from rich.console import Console

from stillwatch.records import Interrupted, StillwatchError, UsageError

WrongUsage: type[Exception] = typer.BadParameter.__mro__[2]  # typer keeps its click to itself


def build() -> typer.Typer:
    """The whole command line, made by walking this folder."""
    app = typer.Typer(
        name="stillwatch",
        help=__import__("stillwatch").__doc__,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
    )
    for found in iter_modules(__path__):
        module = import_module(f"{__name__}.{found.name}")
        name = found.name.replace("_", "-")
        if hasattr(module, "app"):
            app.add_typer(module.app, name=name)
        else:
            app.command(name)(module.command)
    return app


def _named(wrong: Exception) -> str:
    """What is wrong with which option: the text alone names none."""
    return wrong.format_message() if isinstance(wrong, typer.BadParameter) else str(wrong)


def main(arguments: list[str] | None = None) -> None:
    """Run one command and leave with the exit code of the contract."""
    errors = Console(stderr=True)
    try:
        code = build()(arguments, standalone_mode=False)
    except typer.Exit as leave:
        code = leave.exit_code
    except WrongUsage as wrong:
        said = _named(wrong) or "a command is missing"  # the help was printed, and typer says no more
        errors.print(f"stillwatch: {said}", style="red", markup=False, highlight=False, soft_wrap=True)
        errors.print("stillwatch --help, or stillwatch COMMAND --help, says what is possible", markup=False)
        code = UsageError.exit_code
    except StillwatchError as error:
        errors.print(f"stillwatch: {error}", style="red", markup=False, highlight=False, soft_wrap=True)
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        code = Interrupted.exit_code
    except Exception:  # noqa: BLE001 - Python's own exit code for it, 1, would say "campaigns found"
        errors.print_exception()
        errors.print("stillwatch: an internal error; please report it with the lines above", style="red")
        code = StillwatchError.exit_code
    if code == Interrupted.exit_code:  # typer, too, makes this code of an interrupt
        errors.print("stillwatch: interrupted; nothing was written to the output directory")
    sys.exit(code or 0)
