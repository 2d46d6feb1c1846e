"""What stands at the root of the site, above the two languages: files by name, made from docs/root.html."""

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment

sys.path.insert(0, str(Path(__file__).parent.parent / "hooks"))
import addresses
import policy

CONFIGS = {"zh": "mkdocs.yml", "en": "mkdocs.en.yml"}


def at_root(folder: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """The files of the root, of a book in ``folder``, for the addresses that ``environment`` names."""
    both = {lang: environment.get(f"CNNBOOK_URL_{lang.upper()}", "") for lang in CONFIGS}
    above = addresses.root(both) or ""
    address = above if addresses.public(above) else ""
    says = {
        "name": {lang: said(folder / config, "site_name") for lang, config in CONFIGS.items()},
        "description": {lang: said(folder / config, "site_description") for lang, config in CONFIGS.items()},
        "address": address,
        "alternates": addresses.alternates(both, ""),
        "base": urlsplit(address).path or "/",  # of the site that hosts it
    }
    page = Environment(autoescape=False).from_string((folder / "docs/root.html").read_text("utf-8"))
    return {
        "index.html": policed(page.render(says, missing=False)),
        "404.html": policed(page.render(says, missing=True)),
        "robots.txt": robots(both),
        "llms.txt": llms(says["name"], says["description"]),
        ".nojekyll": "",  # else one host leaves out what begins with an underscore
    }


def policed(page: str) -> str:
    """The page with the policy under which its own scripts run, those of docs/root.html."""
    return policy.declaring(page, policy.policy(policy.inline(page)))


def robots(both: Mapping[str, str]) -> str:
    """Anyone may read everything. Sitemaps are named by their whole address, and so only where others reach it."""
    maps = [f"Sitemap: {address}sitemap.xml\n" for address in both.values() if addresses.public(address)]
    return "".join(["User-agent: *\nAllow: /\n", *maps])


def llms(names: Mapping[str, str], descriptions: Mapping[str, str]) -> str:
    """What programs that read are told at the root: where the list of each language is."""
    books = [f"- [{names[lang]}]({lang}/llms.txt): {descriptions[lang]}\n" for lang in names]
    return f"# {names['en']} · {names['zh']}\n\n> {descriptions['en']}\n\n## Books\n\n{''.join(books)}"


def said(config: Path, name: str) -> str:
    """A line of a configuration, which only MkDocs can read whole."""
    found = re.search(rf"^{name}: *(\"?)(.+?)\1 *$", config.read_text("utf-8"), re.M)
    if found is None:
        raise ValueError(f"{config.name} says no {name}")
    return found[2]
