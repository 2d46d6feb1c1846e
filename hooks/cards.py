"""A claim as a card: what is claimed, the verdict, the effect with its interval, and links to what decided."""

from collections.abc import Sequence
from html import escape

from cnnbook.evidence.numbers import number, plain, unit_after
from cnnbook.evidence.report import ClaimReport, EffectReport, ExperimentReport
from cnnbook.evidence.statistics import wilson
from cnnbook.evidence.sums import terms
from cnnbook.evidence.verdicts import NEAR
from sources import address, code_of, lines_of
from wording import DIRECTIONS, EXPECTED, before_words, inline

WORDS = {
    "zh": {
        "colon": "：", "stop": "；", "seeds": "{} 个种子",
        "diverged": "{} {} 次训练有 {} 次发散，发散率的 95% 区间是 {}–{}%",
        "interval": "方括号内为 {}% 区间", "least": "小于 {}的差别不计", "expects": "论断预期：{}",
        "proof": "由测试判定", "experiment": "由实验判定", "verdict": "结论：", "plot": "差别与区间",
        "link": "本论断的链接", "source": "原文", "test": "测试", "code": "代码", "data": "数据", "rerun": "复现",
        "cited": "文献", "scope": "范围", "looks": "{} 项比较",
    },
    "en": {
        "colon": ": ", "stop": "; ", "seeds": "{} seeds",
        "diverged": "{}: {} runs, of which {} diverged; 95% interval of their share {} to {}%",
        "interval": "{}% interval in brackets", "least": "below {} it counts as no difference",
        "expects": "the claim expects: {}", "proof": "decided by tests", "experiment": "decided by an experiment",
        "verdict": "Verdict: ", "plot": "difference and interval", "link": "Link to this claim",
        "source": "The source", "test": "Tests", "code": "Code", "data": "Data", "rerun": "Reproduce", "cited": "Cited",
        "scope": "Scope",
        "looks": "{} comparisons",
    },
}  # fmt: skip
SHAPES = {  # a disc, a square, a half, a ring: told apart without colour
    "holds": '<circle cx="8" cy="8" r="7.5" class="f-d"/><path d="M4.4 8.3l2.5 2.5 4.7-5.2" class="book-mark"/>',
    "refuted": '<rect x=".8" y=".8" width="14.4" height="14.4" rx="2" class="f-a"/>'
    '<path d="M5 5l6 6M11 5l-6 6" class="book-mark"/>',
    "conditional": '<circle cx="8" cy="8" r="6.7" class="f-none s-c" stroke-width="1.6"/>'
    '<path d="M8 1.3a6.7 6.7 0 0 0 0 13.4z" class="f-c"/>',
    "inconclusive": '<circle cx="8" cy="8" r="6.7" class="f-none s-b" stroke-width="1.6" stroke-dasharray="2.6 2.2"/>'
    '<path d="M5 8h6" class="f-none s-b" stroke-width="1.6"/>',
}
SHAPES |= dict.fromkeys(("holds-in-part", "refuted-in-part"), SHAPES["conditional"])  # words tell these apart


def shape(verdict: str) -> str:
    return f'<svg class="book-shape" viewBox="0 0 16 16" aria-hidden="true">{SHAPES[verdict]}</svg>'


def near(report: ClaimReport | EffectReport, lang: str) -> str:
    """What stands beside a verdict that is near the border."""
    return f' <em class="book-near">{NEAR[lang]}</em>' if report.near else ""


def arm(name: str, experiment: ExperimentReport | None, lang: str) -> str:
    """An arm in words; of a sum of arms, each."""
    (_, first), *rest = terms(name)
    if rest:
        more = (f" {'+' if sign > 0 else '−'} {arm(one, experiment, lang)}" for sign, one in rest)
        return arm(first, experiment, lang) + "".join(more)
    label = experiment.labels.get(name) if experiment else None
    return inline(label[lang]) if label else f"<code>{escape(name)}</code>"


def plot(effect: EffectReport, lang: str) -> str:
    """The difference as a dot with its interval; grey is the band in which a difference does not count."""
    low, high, mean, least = effect.low, effect.high, effect.difference, effect.smallest_effect
    if low is None:
        return ""
    reach = 1.1 * max(abs(low), abs(high), 1.3 * least)

    def x(value: float) -> str:
        return f"{140 + 134 * value / reach:.1f}"

    band = f'<rect x="{x(-least)}" y="2" width="{268 * least / reach:.1f}" height="22" class="f-pad"/>'
    zero = '<path d="M140 0v26" class="s-soft f-none"/>'
    bar = f'<path d="M{x(low)} 13H{x(high)}" class="s-ink f-none" stroke-width="2" stroke-linecap="round"/>'
    label = f"{WORDS[lang]['plot']}{WORDS[lang]['colon']}{effect.text(lang)}"
    return (
        f'<svg class="book-claim__plot" viewBox="0 0 280 26" role="img" aria-label="{escape(label, quote=True)}">'
        f'{band}{zero}{bar}<circle cx="{x(mean)}" cy="13" r="4.5" class="f-b"/></svg>'
    )


def failures(effect: EffectReport, experiment: ExperimentReport | None, lang: str) -> list[str]:
    """How many runs diverged, of each side that lost one, and how large their share may be."""
    sides = zip((effect.treatment, effect.baseline), effect.diverged, strict=True)
    return [
        WORDS[lang]["diverged"].format(
            arm(name, experiment, lang), effect.seeds, lost, *(f"{100 * end:.0f}" for end in wilson(lost, effect.seeds))
        )
        for name, lost in sides
        if lost
    ]


def look(effect: EffectReport, experiment: ExperimentReport | None, lang: str, alone: bool) -> str:
    """One look at a result."""
    words, unit = WORDS[lang], unit_after(effect.unit, lang)
    means = ((effect.treatment, effect.treatment_mean), (effect.baseline, effect.baseline_mean))
    sides = [f"{arm(one, experiment, lang)}{words['colon']}{number(mean, effect.digits)}{unit}" for one, mean in means]
    direction = DIRECTIONS[effect.direction][lang]
    level = f"{100 * effect.confidence:.3g}"
    least = f"{plain(effect.smallest_effect)}{unit_after(effect.unit, lang, difference=True)}"
    notes = [
        f"{sides[0]}{words['stop']}{sides[1]}",
        words["seeds"].format(effect.seeds),
        *failures(effect, experiment, lang),
        words["interval"].format(level),
        words["least"].format(before_words(least, lang)),
        words["expects"].format(EXPECTED[effect.expect][lang]),
    ]
    case = inline(effect.condition[lang]) if effect.condition else ""
    own = "" if alone else f"{shape(effect.verdict)} <b>{effect.verdict.words[lang]}</b>{near(effect, lang)} "
    head = f'<p class="book-claim__case">{own}{case}</p>' if own or case else ""
    side = f"（{direction}）" if lang == "zh" else f" ({direction})"
    return (
        f'<div class="book-claim__look">{head}<p class="book-claim__effect">{effect.label[lang]}'
        f"{side}{words['colon']}<b>{effect.text(lang)}</b></p>{plot(effect, lang)}"
        f'<ul class="book-claim__notes">{"".join(f"<li>{note}</li>" for note in notes)}</ul></div>'
    )


def links(claim: ClaimReport, base: str, lang: str) -> str:
    """Where to look: what decided, the code, how to run it again, what is cited. `base` leads to the site's root."""
    words, rows = WORDS[lang], []
    if claim.experiment is None:
        tests = []
        for node in claim.tests:
            file, _, name = node.partition("::")
            tests.append(f'<a href="{base}{address(file, lines_of(node))}"><code>{escape(name)}</code></a>')
        rows.append((words["test"], "<br>".join(tests)))
    else:
        name = claim.experiment
        file = f"results/{name}.json"
        rows.append((words["data"], f'<a href="{base}{address(file)}"><code>{file}</code></a>'))
        rows.append((words["rerun"], f"<code>cnnbook run {name}</code>"))
    file = code_of(claim)
    rows.append((words["code"], f'<a href="{base}{address(file)}"><code>{file.removeprefix("src/")}</code></a>'))
    comma = "，" if lang == "zh" else ", "
    cited = [
        f'<a href="{escape(one.url, quote=True)}"><cite>{escape(one.title)}</cite></a>{comma}{one.year}'
        for one in claim.citations
    ]
    rows += [(words["cited"], "<br>".join(cited))] if cited else []
    return listed(rows)


def listed(rows: list[tuple[str, str]]) -> str:
    return "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in rows)


def told(effects: Sequence[EffectReport], lang: str) -> str:
    """What looks say in a few words: one its effect; of many, how many, since none says what all say."""
    if len(effects) == 1:
        return effects[0].text_alone(lang)
    return WORDS[lang]["looks"].format(len(effects)) if effects else ""


def card(claim: ClaimReport, experiment: ExperimentReport | None, base: str, lang: str) -> str:
    """The card, folded to its verdict, statement and effect; on one line of HTML, which Markdown takes as it stands."""
    words, verdict = WORDS[lang], claim.verdict
    name = f"claim-{claim.id}"
    condition = f'<p class="book-claim__condition">{inline(claim.condition[lang])}</p>' if claim.condition else ""
    scope = f"<br>{words['scope']}{words['colon']}{inline(claim.scope[lang])}" if claim.scope else ""
    source = ""
    if claim.source:
        text = inline(claim.source[lang])
        source = f'<p class="book-claim__source"><b>{words["source"]}{words["colon"]}</b>{text}</p>'
    looks = "".join(look(one, experiment, lang, len(claim.effects) == 1) for one in claim.effects)
    brief = f'<span class="book-claim__brief">{said}</span>' if (said := told(claim.effects, lang)) else ""
    return (
        f'<article class="book-claim book-claim--{verdict} no-terms" id="{name}" aria-labelledby="{name}-words"'
        f' data-verdict="{verdict}" data-topic="{claim.topic}"><details><summary>'
        f'<span class="book-claim__verdict">{shape(verdict)} <b><span class="book-unseen">{words["verdict"]}</span>'
        f"{verdict.words[lang]}</b>{near(claim, lang)}</span> "
        f'<span class="book-claim__words" id="{name}-words">{inline(claim.statement[lang])}</span> {brief}</summary>'
        f"<p><small>{words[claim.kind]}{scope}</small></p>{condition}{looks}{source}"
        f'<dl class="book-claim__links">{links(claim, base, lang)}</dl></details>'
        f'<a class="headerlink" href="#{name}" title="{words["link"]}">¶</a></article>'
    )
