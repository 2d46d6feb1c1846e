"""The evidence on pages: claim cards, numbers and verdicts in prose, the page of all claims, and claims.json beside it.

As a hook it lays into the site what cards link to: results, deciding tests, code, claims.json. As macros it is given to
pages by macros.py. Whatever lacks its evidence stops the build where a page asks for it.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from mkdocs.structure.files import File

sys.path.insert(0, str(Path(__file__).parent))
import charts
import curves
import explorer as explorers
import factorial
from captions import captioned
from cards import card, code_of, shape
from claim_filter import filters
from cnnbook.evidence.numbers import enough, number, unit_after
from cnnbook.evidence.report import ClaimReport, ExperimentReport, to_json
from cnnbook.evidence.verdicts import Verdict
from context import ROOT, Book, Page
from macro_errors import misused
from snapshot import snapshot
from wording import bracketed, inline

SILENT = {
    "zh": ("没有", "原文没有"),
    "en": ("It does not", "The source does not"),
}  # how a source that says nothing is cited


def with_page(pages: dict[str, str]) -> list[str]:
    """The claims of the topics that have a page, in the order of the navigation."""
    return [name for topic in pages for name, of in snapshot().topics.items() if of == topic]


def on_config(config):
    snapshot.cache_clear()
    return config


def on_files(files, config):
    if files.get_file_from_path("claims.md") is None:
        return files
    report = snapshot()
    shown = with_page(Book(config.theme["language"], Path(config.docs_dir), config.nav).titles)
    fit = [report.claims[name] for name in shown if name in report.claims]  # the page itself stops at the others
    files.append(File.generated(config, "claims.json", content=to_json(fit, indent=1)))
    laid = set()
    for claim in fit:
        laid |= {node.partition("::")[0] for node in claim.tests} | {code_of(claim)}
        laid |= {f"results/{claim.experiment}.json"} if claim.experiment else set()
    for path in sorted(laid):
        if (ROOT / path).is_file():
            files.append(File(path, str(ROOT), config.site_dir, config.use_directory_urls))
    return files


def claim_of(page: Page, name: str, macro: str, asked: str | None = None) -> ClaimReport:
    """A claim, for the macro that was asked for it; stops where it has no evidence."""
    report = snapshot()
    if name not in report.topics:
        raise misused(page, macro, name, unknown("claim", name, report.topics))
    if name not in report.claims:
        raise misused(page, macro, name if asked is None else asked, report.errors[name])
    return report.claims[name]


def experiment_of(page: Page, name: str, macro: str) -> ExperimentReport:
    """An experiment, for the macro that was asked for it; stops where it has no fresh result."""
    report = snapshot()
    if name in report.experiments:
        return report.experiments[name]
    known = sorted({*report.experiments, *report.errors} - {*report.topics})
    raise misused(page, macro, name, report.errors.get(name) or unknown("experiment", name, known))


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    return f"there is no {what} {name!r}; there are {', '.join(known)}"


def whole(page: Page, claim: ClaimReport) -> str:
    return card(claim, snapshot().experiments.get(claim.experiment or ""), page.base, page.lang)


def claim(page: Page, name: str) -> str:
    """The card of a claim."""
    return whole(page, claim_of(page, name, "claim"))


def claims(page: Page, topic: str = "") -> str:
    """The cards of a topic, by default this page's, in the order of the registry."""
    wanted = topic or page.topic
    found = [name for name, of in snapshot().topics.items() if of == wanted]
    if not found:
        raise misused(page, "claims", topic, f"no claim has the topic {wanted!r}")
    return "\n\n".join(whole(page, claim_of(page, name, "claims", topic)) for name in found)


def by_topic(page: Page, macro: str) -> dict[str, list[ClaimReport]]:
    """Every claim of the book's pages, by topic."""
    found: dict[str, list[ClaimReport]] = {}
    for name in with_page(page.book.titles):
        one = claim_of(page, name, macro, "")
        found.setdefault(one.topic, []).append(one)
    return found


def all_claims(page: Page) -> str:
    """Every claim of the book's pages, by section, below the filter."""
    pages, found = page.book.titles, by_topic(page, "all_claims")
    parts = [filters([one for group in found.values() for one in group], pages, page.lang)]
    for topic, group in found.items():
        about = f'#{topic.replace("/", "-")} .book-claims data-topic="{topic}"'
        cards = "\n\n".join(whole(page, one) for one in group)
        parts.append(f"## [{pages[topic]}]({topic}.md) {{ {about} }}\n\n{cards}")
    return "\n\n".join(parts)


def errata(page: Page) -> str:
    """What the source says and the evidence does not bear out, by section; each entry leads to its card."""
    parts, lang = [], page.lang
    for topic, group in by_topic(page, "errata").items():
        entries = [
            f"- {shape(one.verdict)} {inline(one.source[lang])} [{one.verdict.words[lang]}]({topic}.md#claim-{one.id})"
            for one in group
            if one.verdict in (Verdict.REFUTED, Verdict.CONDITIONAL)
            and one.source
            and not one.source[lang].startswith(SILENT[lang])
        ]
        if entries:
            parts += [f"**{page.book.titles[topic]}**", "\n".join(entries)]
    return "\n\n".join(parts)


def effect(page: Page, name: str, look: int = 1) -> str:
    """The effect of a claim with its interval; of several looks the one that is asked for."""
    effects = claim_of(page, name, "effect").effects
    if not 1 <= look <= len(effects):
        raise misused(page, "effect", name, f"claim {name!r} has {len(effects)} looks at a result, got look={look}")
    return f'<span class="book-number">{bracketed(effects[look - 1].text(page.lang))}</span>'


def mean(page: Page, experiment: str, arm: str, metric: str, at: float | None = None) -> str:
    """The mean of an arm over its seeds; AT a point of the metric's curve, where one is named."""
    one = experiment_of(page, experiment, "mean")
    for name, known in ((arm, one.arms), (metric, one.metrics)):
        if name not in known:
            raise misused(page, "mean", experiment, f"{experiment} has {', '.join(known)}, got {name!r}")
    try:
        value = one.mean(arm, metric, at)
    except KeyError:
        points = ", ".join(f"{point:g}" for point in one.points.get(metric, {})) or "no curve"
        rule = f"{metric} of {experiment} has {'points ' if metric in one.points else ''}{points}, got at={at}"
        raise misused(page, "mean", experiment, rule) from None
    shown = one.metrics[metric]
    digits = enough(shown.digits, value)
    return f'<span class="book-number">{number(value, digits)}{unit_after(shown.unit, page.lang)}</span>'


def smallest_effect(experiment: str, metric: str, at: float | None) -> float | None:
    """Below which the claims about an experiment count a difference as none, in a quantity that one looks at."""
    looks = [look for claim in snapshot().claims.values() if claim.experiment == experiment for look in claim.effects]
    return next((look.smallest_effect for look in looks if (look.metric, look.at) == (metric, at)), None)


def chart(
    page: Page,
    experiment: str,
    metric: str,
    kind: str = "effects",
    caption: str = "",
    baseline: str = "",
    arms=(),
    name: str = "",
    series=(),
    x: str = "",
    at: float | None = None,
) -> str:
    """A result as a numbered figure: kind "effects" (differences to the baseline), "means", "curve", over the number
    in the arms' names (series then maps names to what stands before it, and x says what is counted), "panels" (the
    arms' effects in this metric and those of series) or "pairs" (how the arms interact). The first two may show the
    metric AT a point of its curve."""
    one, lang = experiment_of(page, experiment, "chart"), page.lang
    least = smallest_effect(experiment, metric, at)
    against = (baseline or one.baseline, tuple(arms))
    kinds = {  # what draws each
        **dict.fromkeys(("effects", "means"), lambda: charts.chart(one, metric, at, kind, *against, least, lang)),
        "curve": lambda: curves.curve(one, metric, dict(series), x, lang),
        "panels": lambda: factorial.panels(one, [metric, *series], *against, lang),
        "pairs": lambda: factorial.pairs(one, metric, *against, lang),
    }
    if metric not in one.metrics or kind not in kinds:
        rule = f"kind must be {' or '.join(kinds)} and metric one of {', '.join(one.metrics)}"
        raise misused(page, "chart", experiment, f"{rule}, got {kind!r}, {metric!r}")
    try:
        svg, what, how, values = kinds[kind]()
    except ValueError as error:
        raise misused(page, "chart", experiment, str(error)) from None
    label = charts.name_of(experiment, metric, kind, name, at)
    return captioned(page, label, svg, f"{inline(caption) or what}{how}", f"{caption or what}{values}")


def effects_table(page: Page, experiment: str, metrics, arms) -> str:
    """The effects of arms in several metrics as a table."""
    one = experiment_of(page, experiment, "effects_table")
    try:
        return factorial.table(one, list(metrics), one.baseline, tuple(arms), page.lang)
    except (KeyError, ValueError) as error:
        raise misused(page, "effects_table", experiment, str(error)) from None


def explorer(
    page: Page,
    experiment: str,
    series: dict,
    by: str,
    parameter: str,
    metrics=("nll", "accuracy"),
    group: str = "",
    start: int = 0,
    axis: str = "steps",
    caption: str = "",
    name: str = "",
) -> str:
    """Training curves to move through, as a numbered figure: series maps names to arms that differ in the setting BY of
    their configuration ("optimizer.lr"), which the slider moves through under the name PARAMETER; GROUP says what tells
    the series apart, START the arm that shows first, AXIS "steps" or "epochs"."""
    one = experiment_of(page, experiment, "explorer")
    label = charts.name_of(experiment, kind="explorer", name=name)
    try:
        element, what, how = explorers.explorer(
            one, label, dict(series), by, parameter, group, list(metrics), start, axis, page.lang
        )
    except (ValueError, KeyError) as error:
        raise misused(page, "explorer", experiment, f"no curves to explore: {error}") from None
    return captioned(page, label, element, f"{inline(caption) or what}{how}", f"{caption or what}")


def verdict(page: Page, name: str, expected: str) -> str:
    """The verdict of a claim as a word; the build stops where the text has taken another for granted."""
    found = claim_of(page, name, "verdict").verdict
    if found != expected:
        rule = f"claim {name!r}: the text says {expected!r}, the evidence says {str(found)!r}"
        raise misused(page, "verdict", name, rule)
    return found.words[page.lang]


MACROS = (claim, claims, all_claims, errata, effect, mean, chart, effects_table, explorer, verdict)
