#!/usr/bin/env python3
"""Checks written dashboard pages in a real browser.

  check-page.py [--screenshots DIR] PAGE.html...

Needs Chromium (`apt-get install chromium`) and, from PyPI, html5lib and axe-playwright-python, which brings Playwright and
axe-core. Ends with 77 where something of it is missing.

Each page must be HTML that a strict parser takes without one error; load nothing but itself; pass axe-core's rules for
WCAG 2.2 A and AA and its best practices; and never scroll sideways. Looked at 320, 360, 768 and 1280 px wide, light and
dark, and in print.
"""
import argparse
import os
import shutil
import sys

try:
    import html5lib
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright
except ImportError as error:
    print(f"skipped: {error}", file=sys.stderr)
    sys.exit(77)

WIDTHS = (320, 360, 768, 1280)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def html_problems(path):
    parser = html5lib.HTMLParser(strict=True)
    try:
        with open(path, "rb") as file:
            parser.parse(file, transport_encoding="utf-8")
    except html5lib.html5parser.ParseError as error:
        return [f"not valid HTML: {error} near {parser.tokenizer.stream.position()}"]
    return []


def look(browser, path, width, scheme, screenshots):
    problems, loaded = [], []
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.on("request", lambda request: loaded.append(request.url))
    page.on("console", lambda message: problems.append(f"console: {message.text}"))
    page.goto("file://" + os.path.abspath(path))
    if len(loaded) != 1:
        problems.append(f"loads {loaded[1:]}")
    for details in page.query_selector_all("details"):
        details.evaluate("node => { node.open = true }")
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if overflow > 0:
        problems.append(f"scrolls sideways by {overflow} px")
    results = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
    for violation in results.response["violations"]:
        for node in violation["nodes"][:3]:
            problems.append(f"axe {violation['id']}: {node['html'][:200]}")
    for details in page.query_selector_all("details"):
        details.evaluate("node => { node.open = false }")
    if screenshots:
        name = os.path.splitext(os.path.basename(path))[0]
        page.screenshot(path=f"{screenshots}/{name}-{width}-{scheme}.png", full_page=True)
    page.close()
    return [f"{width} px, {scheme}: {problem}" for problem in problems]


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--screenshots", metavar="DIR")
    arguments.add_argument("pages", nargs="+", metavar="PAGE.html")
    asked = arguments.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not chromium:
        print("skipped: no Chromium", file=sys.stderr)
        sys.exit(77)
    problems = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for path in asked.pages:
            found = html_problems(path)
            for width in WIDTHS:
                for scheme in ("light", "dark"):
                    found += look(browser, path, width, scheme, asked.screenshots)
            if asked.screenshots:
                page = browser.new_page()
                page.goto("file://" + os.path.abspath(path))
                name = os.path.splitext(os.path.basename(path))[0]
                page.pdf(path=f"{asked.screenshots}/{name}.pdf", format="A4")
                page.close()
            problems += [f"{path}: {problem}" for problem in found]
        browser.close()
    print("\n".join(problems) or f"{len(asked.pages)} pages are good")
    sys.exit(1 if problems else 0)


main()
