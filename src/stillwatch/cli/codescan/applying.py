"""stillwatch codescan apply ID: write one patch of a review into its file."""

from typing import Annotated

import msgspec
import typer
from rich.console import Console

from stillwatch.cli.codescan.options import KEEP, Keep, ready
from stillwatch.cli.codescan.printing import print_patch
from stillwatch.records import UnreadableInput, UsageError


def command(
    id_: Annotated[str, typer.Argument(metavar="ID", help="the patch's id, or its beginning")],
    keep: Keep = KEEP,
    yes: Annotated[bool, typer.Option("--yes", help="you have read the patch and want it")] = False,  # noqa: FBT002 - a flag
) -> int:
    """Apply one patch of the last review.

    The patch is shown, and written only with --yes. It is refused where its file has changed since the review.
    """
    ready(keep)
    from stillwatch.codescan.patch import reviewing  # noqa: PLC0415 - needs an extra

    try:
        review = reviewing.kept(keep)
    except OSError as error:
        raise UsageError(
            f"{keep}: there is no review here ({error.strerror}); stillwatch codescan review makes one"
        ) from None
    except msgspec.DecodeError as error:
        raise UnreadableInput(f"{keep / reviewing.KEPT}: {error}") from None
    try:
        patch = reviewing.patch_of(review, id_)
        out = Console(highlight=False, soft_wrap=True)
        print_patch(out, patch)
        if not yes:
            reviewing.place_of(review, patch)
            raise UsageError("nothing was written; --yes applies it")
        place = reviewing.apply(review, patch)
    except reviewing.CannotApply as error:
        raise UsageError(str(error)) from None
    out.print(f"wrote {place}", markup=False)
    return 0
