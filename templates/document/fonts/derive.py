"""Makes the document's fonts out of PT Sans: python3 derive.py PTSans_400Regular.ttf Regular.

Hinting instructions are left out: PDF programs draw without them, and they would make every
document twice as large and three times as slow to write. The OFL reserves the name «PT Sans» for
the unchanged fonts, so the result has another one.
"""

import sys

from fontTools import subset

source, weight = sys.argv[1:]
options = subset.Options()
options.hinting = False
options.layout_features = ["kern", "ccmp", "locl", "mark", "mkmk"]
options.glyph_names = False
options.notdef_outline = True
options.name_IDs = ["*"]

font = subset.load_font(source, options)
subsetter = subset.Subsetter(options)
subsetter.populate(unicodes=font.getBestCmap().keys())
subsetter.subset(font)

names = font["name"]
kept = {0, 5, 13, 14}
names.names = [record for record in names.names if record.nameID in kept]
for number, text in {
    1: "Otmena Text",
    2: weight,
    3: f"Otmena Text {weight}, made from PT Sans 2.003W",
    4: f"Otmena Text {weight}",
    6: f"OtmenaText-{weight}",
}.items():
    names.setName(text, number, 3, 1, 0x409)
font["head"].modified = font["head"].created
font.recalcTimestamp = False
subset.save_font(font, f"OtmenaText-{weight}.ttf", options)
