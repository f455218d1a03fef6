"""The commands for latent topics alone: search, export, import.

Owns: turning arguments into calls and results into rows, lines and files.
Does not know: parsing of the command line (`topics/cli`), how anything is learned or converted.
"""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from topics.errors import UsageError, one_line
from topics.output import default_format, make_writer, open_output
from topics.progress import Progress
from topics.scheduler import scheduler
from training.config import load_config

SEARCH_COLUMNS = (
    "n_topics", "perplexity", "npmi", "npmi_deviation", "c_v", "exclusivity", "diversity", "stability", "sweeps", "recommended",
)  # fmt: skip


def search(arguments: Namespace) -> None:
    """`topics search`."""
    config = load_config(arguments.config, arguments.overrides)
    if config.lda is None:
        raise UsageError(f"{arguments.config} has no [lda] to search for; add the section, or --set lda.engine=cvb0")
    plot = arguments.plot
    if plot is not None and not plot.endswith((".svg", ".html")):
        raise UsageError(f"--plot {one_line(plot)}: name a file that ends in .svg or .html")

    from training.lda_curves import page, svg
    from training.lda_search import recommend, search_config

    progress = Progress(quiet=arguments.quiet)
    kind = arguments.format or default_format(arguments.out)
    seeds = arguments.seeds or [config.seed + i for i in range(3)]
    with scheduler(arguments.scheduler) as each, open_output(arguments.out, force=arguments.force) as stream:
        found = search_config(
            config,
            Path(arguments.config).parent,
            arguments.n_topics,
            seeds=seeds,
            name=arguments.config,
            workers=arguments.workers,
            progress=progress.say,
            each=each,
        )
        best, why = recommend(found)
        with make_writer(kind, stream, SEARCH_COLUMNS) as writer:
            for candidate in found:
                chosen = candidate.n_topics == best
                shown: bool | str = chosen if kind != "table" else "recommended" if chosen else ""
                writer.write({**candidate.row(), "recommended": shown})
        if kind == "table":
            stream.write(f"\n{why}\n")
        else:
            progress.say(why)
        if plot is not None:
            with open_output(plot, force=arguments.force) as drawing:
                title = f"{config.name}: how many latent topics?"
                drawing.write(svg(found, best) if plot.endswith(".svg") else page(found, best, why, title))
