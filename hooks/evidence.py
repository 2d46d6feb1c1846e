"""The evidence on pages: claim cards, numbers and verdicts in prose, the page of all claims, and claims.json beside it.

As a hook it lays into the site what cards link to: results, deciding tests, code, claims.json. As macros it is given to
pages by macros.py. Whatever lacks its evidence stops the build where a page asks for it.
"""

import json
import sys
from html import escape
from pathlib import Path

from mkdocs.structure.files import File
from mkdocs.utils import get_relative_url

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "hooks"))
import charts  # noqa: E402
import curves  # noqa: E402
import explorer as explorers  # noqa: E402
import factorial  # noqa: E402
from cards import card, code_of, shape  # noqa: E402
from claim_filter import filters  # noqa: E402
from context import book_of, page_of  # noqa: E402
from macro_errors import misused  # noqa: E402
from snapshot import snapshot  # noqa: E402
from wording import VERDICTS, digits_of, effect_text, inline, number, unit_of  # noqa: E402

SILENT = {
    "zh": ("没有", "原文没有"),
    "en": ("It does not", "The source does not"),
}  # how a source that says nothing is cited


def titles(nav) -> dict[str, str]:
    """Topic → its page's title in the navigation, in order."""
    found = {}
    for item in nav:
        ((title, inner),) = item.items()
        found |= titles(inner) if isinstance(inner, list) else {inner.removesuffix(".md"): title}
    return found


def with_page(claims: dict, pages: dict[str, str]) -> dict[str, dict]:
    """The claims of the topics that have a page, in the order of the navigation."""
    return {one["id"]: one for topic in pages for one in claims.values() if one["topic"] == topic}


def on_config(config):
    snapshot.cache_clear()
    return config


def on_files(files, config):
    if files.get_file_from_path("claims.md") is None:
        return files
    shown = with_page(snapshot()["claims"], titles(config.nav))
    fit = [one for one in shown.values() if "error" not in one]  # the page itself stops at the others
    text = json.dumps(fit, ensure_ascii=False, indent=1)
    files.append(File.generated(config, "claims.json", content=text))
    laid = set()
    for claim in fit:
        laid |= {node.partition("::")[0] for node in claim["tests"]} | {code_of(claim)}
        laid |= {f"results/{claim['experiment']}.json"} if claim["experiment"] else set()
    for path in sorted(laid):
        if (ROOT / path).is_file():
            files.append(File(path, str(ROOT), config.site_dir, config.use_directory_urls))
    return files


def define(env, captioned) -> None:
    """Give pages the macros of the evidence; ``captioned`` makes a numbered figure of a drawing."""
    lang = env.conf.theme["language"]

    def here(*said: str) -> ValueError:
        return misused(page_of(env, book_of(env)), *said)

    def of(kind: str, name: str, macro: str, asked: str | None = None) -> dict:
        """A claim or an experiment of the snapshot; stops where it has no evidence."""
        known = snapshot()[kind]
        if name not in known:
            raise here(macro, name, f"there is no {kind[:-1]} {name!r}; there are {', '.join(known)}")
        if "error" in known[name]:
            raise here(macro, name if asked is None else asked, known[name]["error"])
        return known[name]

    def whole(claim: dict) -> str:
        experiment = snapshot()["experiments"].get(claim["experiment"], {})
        return card(claim, experiment, get_relative_url(".", env.page.url) + "/", lang)

    @env.macro
    def claim(name: str) -> str:
        """The card of a claim."""
        return whole(of("claims", name, "claim"))

    @env.macro
    def claims(topic: str = "") -> str:
        """The cards of a topic, by default this page's, in the order of the registry."""
        wanted = topic or env.page.file.src_uri.removesuffix(".md")
        found = [name for name, one in snapshot()["claims"].items() if one["topic"] == wanted]
        if not found:
            raise here("claims", topic, f"no claim has the topic {wanted!r}")
        return "\n\n".join(whole(of("claims", name, "claims", topic)) for name in found)

    @env.macro
    def all_claims() -> str:
        """Every claim of the book's pages, by section, below the filter."""
        pages = titles(env.conf.nav)
        shown = {name: of("claims", name, "all_claims", "") for name in with_page(snapshot()["claims"], pages)}
        parts = [filters(shown, pages, lang)]
        for topic in dict.fromkeys(one["topic"] for one in shown.values()):
            cards = "\n\n".join(whole(one) for one in shown.values() if one["topic"] == topic)
            about = f'#{topic.replace("/", "-")} .book-claims data-topic="{topic}"'
            parts.append(f"## [{pages[topic]}]({topic}.md) {{ {about} }}\n\n{cards}")
        return "\n\n".join(parts)

    @env.macro
    def errata() -> str:
        """What the source says and the evidence does not bear out, by section; each entry leads to its card."""
        pages, parts = titles(env.conf.nav), []
        shown = [of("claims", name, "errata", "") for name in with_page(snapshot()["claims"], pages)]
        wrong = [one for one in shown if one["verdict"] in ("refuted", "conditional") and one["source"]]
        for topic in dict.fromkeys(one["topic"] for one in wrong):
            entries = [
                f"- {shape(one['verdict'])} {inline(one['source'][lang])} "
                f"[{VERDICTS[one['verdict']][lang]}]({topic}.md#claim-{one['id']})"
                for one in wrong
                if one["topic"] == topic and not one["source"][lang].startswith(SILENT[lang])
            ]
            if entries:
                parts += [f"**{pages[topic]}**", "\n".join(entries)]
        return "\n\n".join(parts)

    @env.macro
    def effect(name: str, look: int = 1) -> str:
        """The effect of a claim with its interval; of several looks the one that is asked for."""
        effects = of("claims", name, "effect")["effects"]
        if not 1 <= look <= len(effects):
            raise here("effect", name, f"claim {name!r} has {len(effects)} looks at a result, got look={look}")
        return f'<span class="book-number">{escape(effect_text(effects[look - 1], lang)).replace("[", "&#91;")}</span>'

    @env.macro
    def mean(experiment: str, arm: str, metric: str) -> str:
        """The mean of an arm over its seeds."""
        one = of("experiments", experiment, "mean")
        for name, known in ((arm, one["arms"]), (metric, one["metrics"])):
            if name not in known:
                raise here("mean", experiment, f"{experiment} has {', '.join(known)}, got {name!r}")
        value, unit = one["arms"][arm][metric]["mean"], one["metrics"][metric]["unit"]
        return f'<span class="book-number">{number(value, digits_of(unit, value))}{unit_of(unit, lang)}</span>'

    @env.macro
    def chart(
        experiment: str,
        metric: str,
        kind: str = "effects",
        caption: str = "",
        baseline: str = "",
        arms=(),
        name: str = "",
        series=(),
        x: str = "",
    ) -> str:
        """A result as a numbered figure: kind "effects" (differences to the baseline), "means", "curve", over the
        number in the arms' names (series then maps names to what stands before it, and x says what is counted),
        "panels" (the arms' effects in this metric and those of series) or "pairs" (how the arms interact)."""
        one = of("experiments", experiment, "chart")
        kinds = {  # what draws each
            **dict.fromkeys(("effects", "means"), lambda: charts.chart(one, metric, kind, *against, least, lang)),
            "curve": lambda: curves.curve(one, metric, dict(series), x, lang),
            "panels": lambda: factorial.panels(one, [metric, *series], *against, lang),
            "pairs": lambda: factorial.pairs(one, metric, *against, lang),
        }
        if metric not in one["metrics"] or kind not in kinds:
            rule = f"kind must be {' or '.join(kinds)} and metric one of {', '.join(one['metrics'])}"
            raise here("chart", experiment, f"{rule}, got {kind!r}, {metric!r}")
        looks = [look for claim in snapshot()["claims"].values() if claim.get("experiment") == experiment
                 for look in claim["effects"] if look["metric"] == metric]  # fmt: skip
        least = looks[0]["smallest_effect"] if looks else None
        against = (baseline or one["baseline"], tuple(arms))
        try:
            svg, what, how, values = kinds[kind]()
        except ValueError as error:
            raise here("chart", experiment, str(error)) from None
        label = charts.name_of(experiment, metric, kind, name)
        return captioned(label, svg, f"{inline(caption) or what}{how}", f"{caption or what}{values}")

    @env.macro
    def effects_table(experiment: str, metrics, arms) -> str:
        """The effects of arms in several metrics as a table."""
        one = of("experiments", experiment, "effects_table")
        try:
            return factorial.table(one, list(metrics), one["baseline"], tuple(arms), lang)
        except (KeyError, ValueError) as error:
            raise here("effects_table", experiment, str(error)) from None

    @env.macro
    def explorer(
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
        """Training curves to move through, as a numbered figure: series maps names to arms that differ in the setting
        BY of their configuration ("optimizer.lr"), which the slider moves through under the name PARAMETER; GROUP says
        what tells the series apart, START the arm that shows first, AXIS "steps" or "epochs"."""
        one = of("experiments", experiment, "explorer")
        label = charts.name_of(experiment, kind="explorer", name=name)
        try:
            element, what, how = explorers.explorer(
                one, label, dict(series), by, parameter, group, list(metrics), start, axis, lang
            )
        except (ValueError, KeyError) as error:
            raise here("explorer", experiment, f"no curves to explore: {error}") from None
        return captioned(label, element, f"{inline(caption) or what}{how}", f"{caption or what}")

    @env.macro
    def verdict(name: str, expected: str) -> str:
        """The verdict of a claim as a word; the build stops where the text has taken another for granted."""
        found = of("claims", name, "verdict")["verdict"]
        if found != expected:
            rule = f"claim {name!r}: the text says {expected!r}, the evidence says {found!r}"
            raise here("verdict", name, rule)
        return VERDICTS[found][lang]
