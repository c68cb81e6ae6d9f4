"""Draw the icons of a home screen from `static/img/favicon.svg`. Run by hand when the drawing changes.

Phones cut these into a shape of their own: the drawing stays within the middle, on a full ground.
"""

import io
import re
import sys

from bootstrap import ROOT
from PIL import Image
from playwright.sync_api import sync_playwright

IMAGES = ROOT / "static" / "img"
SIZES = (192, 512)


def main(chromium: str) -> None:
    drawing = (IMAGES / "favicon.svg").read_text(encoding="utf-8")
    full = re.sub(r'viewBox="0 0 32 32"', 'viewBox="-4 -4 40 40"', drawing)
    full = re.sub(r'<rect width="32" height="32" rx="7"', '<rect x="-4" y="-4" width="40" height="40"', full)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for size in SIZES:
            page = browser.new_page(viewport={"width": size, "height": size})
            page.set_content(f"<style>body{{margin:0}}svg{{display:block;width:{size}px}}</style>{full}")
            picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(16)
            picture.save(IMAGES / f"icon-{size}.png", optimize=True)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "/usr/bin/chromium")
