#!/usr/bin/env python3
"""Draws one small SVG per product of ../products.csv into this folder.

A picture is: a tinted background (by category), a soft shadow, and one shape
(picked by a word in the handle, else by category) in the product's first colour.
Run it without arguments; it needs nothing but the standard library.
"""
import csv, pathlib, re
from xml.sax.saxutils import escape

HERE = pathlib.Path(__file__).resolve().parent

COLOURS = {"Blue": "#3b78c2", "Black": "#454c55", "Red": "#cf4a41", "Green": "#4d8a5b", "Grey": "#8b969e",
           "Orange": "#e58338", "Yellow": "#edc040", "Navy": "#33466f", "Teal": "#2f9090", "Sand": "#d2b585",
           "White": "#eff1f0", "Brown": "#8a6241"}

# category: background tint, default shape
CATEGORIES = {
    "Rain jackets": ("#e3eef5", "jacket"), "Insulated jackets": ("#e8eaf6", "puffer"), "Fleece": ("#f3ebe2", "fleece"),
    "Base layers": ("#f1ece9", "tee"), "Trousers": ("#e9eee4", "trousers"), "Shorts": ("#fbf1dc", "shorts"),
    "Hiking boots": ("#efe9df", "boot"), "Trail shoes": ("#e6f0e8", "shoe"), "Sandals": ("#fdf0e0", "sandal"),
    "Socks": ("#f4e9ec", "sock"), "Gloves": ("#e6edf1", "glove"), "Hats": ("#f6efe0", "beanie"),
    "Backpacks": ("#e4efe9", "backpack"), "Daypacks": ("#e7f1f1", "daypack"), "Tents": ("#e6f1dc", "tunnel"),
    "Sleeping bags": ("#e9e7f3", "mummy"), "Sleeping mats": ("#eef0e2", "airmat"), "Stoves & cookware": ("#f7e9e0", "pots"),
    "Water & hydration": ("#def0f5", "bottle"), "Headlamps & lighting": ("#e5e5ee", "headlamp"),
    "Trekking poles": ("#eceee6", "poles"), "Climbing": ("#f0e8e4", "rope"), "Navigation & electronics": ("#e6ecef", "gps"),
    "First aid & safety": ("#fae7e4", "aidkit"), "Kids": ("#fff3d6", "jacket"), "Dog gear": ("#f3ece0", "dog"),
    "Care & repair": ("#e8f2ec", "carebottle"), "Food": ("#fbeedd", "pouch")}

# word in the handle -> shape; the first hit wins
WORDS = [(w, s) for s, ws in {
    "kidset": "merino-set", "longsleeve": "long-sleeve", "leggings": "leggings", "vestpack": "sprint-vest", "vest": "insulated-vest",
    "dungarees": "puddle-rain-trousers", "parka": "rain-parka insulated-parka", "fleece": "fleece", "boot": "boot-kids",
    "mitt": "glacier-mitt", "brim": "brim-hat", "cap": "storm-cap", "scarf": "tube-scarf", "daypack": "kids-backpack",
    "rolltop": "rolltop featherframe", "travelpack": "transit", "dome": "dome-2 plume-2", "pyramid": "plume-1", "house": "family-tent",
    "blanket": "blanket", "liner": "silk", "mummy": "sleeping-bag", "foldmat": "foam-mat", "rollmat": "self-inflating",
    "stove": "gas-stove", "system": "stove-system", "burner": "double-burner", "mug": "mug", "cartridge": "cartridge",
    "cutlery": "cutlery", "flask": "flask", "filter": "water-filter", "bladder": "bladder", "tablets": "tablets",
    "lantern": "lantern", "stringlight": "string-light", "harness": "ledge-harness", "helmet": "helmet", "draw": "quickdraw",
    "ferrata": "ferrata", "compass": "compass", "watch": "watch", "powerbank": "power-bank", "solar": "solar",
    "bivvy": "bivvy", "transceiver": "transceiver", "plaster": "blister", "whistle": "whistle", "dogcoat": "raincoat",
    "dogbags": "dog-pack", "bowl": "travel-bowl", "spray": "spray", "tin": "boot-wax", "repair": "repair-kit",
    "lid": "bottle-lid", "barbox": "bar-box"}.items() for w in ws.split()]


def mirror(part):
    """The part and its mirror image: most clothes are symmetrical."""
    return part + f'<g transform="translate(320 0) scale(-1 1)">{part}</g>'


def line(d, w=4, c="{d}"):
    return f'<path d="{d}" fill="none" stroke="{c}" stroke-width="{w}" stroke-linecap="round" stroke-linejoin="round"/>'


def fill(d, c="{c}"):
    return f'<path d="{d}" fill="{c}"/>'


def box(x, y, w, h, r=8, c="{c}"):
    return f'<rect x="{x}" y="{y}" width="{w}" height="{h}" rx="{r}" fill="{c}"/>'


def dot(x, y, r, c="{c}", ry=None):
    return f'<ellipse cx="{x}" cy="{y}" rx="{r}" ry="{ry or r}" fill="{c}"/>'


# In shapes: {c} colour, {d} darker, {l} lighter, {a} contrasting accent, {k} near-black, {m} metal
SLEEVES = mirror(fill("M110 98Q74 112 66 148L50 232Q64 244 84 242L108 160Z", "{d}"))
BODY = fill("M112 96Q160 112 208 96L226 120L220 254Q160 266 100 254L94 120Z")
HOOD = fill("M110 104Q106 50 160 46Q214 50 210 104Q160 132 110 104Z") + fill("M130 102Q128 66 160 64Q192 66 190 102Q160 118 130 102Z", "{d}")
COLLAR = fill("M126 74Q160 66 194 74L200 104Q160 122 120 104Z", "{l}") + fill("M134 82Q160 76 186 82L182 100Q160 108 138 100Z", "{d}")
ZIP = line("M160 116V258", 5, "{a}")
POCKETS = mirror(line("M116 192L126 230", 5))
QUILT = "".join(line(f"M98 {y}Q160 {y+12} 222 {y}", 4) for y in (138, 166, 194, 222)) + mirror(line("M67 160L96 174M61 190L92 202M56 216L88 226", 4, "{k}").replace("/>", ' opacity=".35"/>'))
TEE = fill("M112 82Q160 112 208 82L218 116L216 252Q160 262 104 252L102 116Z") + fill("M128 80Q160 108 192 80L184 76Q160 96 136 76Z", "{d}")
LEGS = fill("M108 70H212L226 256Q202 262 182 258L160 130L138 258Q118 262 94 256Z")
BELT = box(106, 62, 108, 18, 5, "{d}")
SHOE_SOLE = fill("M58 216Q56 244 72 246H252Q272 244 268 216Z", "{k}")
BOOT = (fill("M98 74Q126 84 164 72L174 146Q206 170 250 178Q272 188 268 222H62Q58 190 84 164Z") + fill("M62 208Q66 190 78 172Q112 178 114 222H60Z", "{d}")
        + fill("M218 222Q220 184 250 178Q272 188 268 222Z", "{d}") + fill("M94 66Q130 78 166 64L168 88Q130 98 96 90Z", "{l}")
        + line("M140 112L170 104M144 132L174 126M152 152L186 142M168 168L200 156", 6, "{a}") + SHOE_SOLE)
SHOE = (fill("M72 142Q98 158 130 128Q156 158 206 174Q264 182 266 222H58Q54 172 72 142Z") + fill("M58 222Q56 190 70 176Q106 190 112 222Z", "{d}")
        + fill("M218 222Q222 190 242 182Q266 192 266 222Z", "{d}") + line("M136 150L156 136M154 164L174 148M174 174L192 158", 6, "{a}")
        + line("M112 200Q160 214 206 196", 5, "{l}") + SHOE_SOLE)
PACK = (box(98, 86, 124, 166, 30) + box(84, 170, 24, 66, 10, "{d}") + box(212, 170, 24, 66, 10, "{d}") + fill("M102 84Q104 56 160 54Q216 56 218 84L222 118Q160 132 98 118Z", "{d}")
        + box(116, 176, 88, 62, 14, "{l}") + line("M128 192H192", 4, "{a}") + line("M128 112V150M192 112V150", 7, "{k}") + line("M146 54Q160 36 174 54", 6, "{k}"))
GROUND = line("M40 248H280", 4, "{k}").replace("/>", ' opacity=".25"/>')
DOG = (fill("M76 138Q58 116 52 92L66 90Q76 112 98 124H184L196 92Q200 70 224 70L232 60L244 74Q272 86 276 100Q272 116 244 116L236 152Q232 180 218 186L220 248H198L192 196H118L106 248H84L86 188Q70 168 76 138Z", "#b98a5a")
       + fill("M208 74Q194 88 202 112Q222 104 222 76Z", "#8f6640") + dot(274, 98, 6, "{k}") + dot(238, 90, 4, "{k}"))
MUMMY = (fill("M92 118Q84 58 160 48Q236 58 228 118L206 250Q160 276 114 250Z") + fill("M116 112Q112 72 160 68Q208 72 204 112Q160 134 116 112Z", "{d}")
         + fill("M128 106Q130 84 160 82Q190 84 192 106Q160 120 128 106Z", "{l}") + "".join(line(f"M{a} {y}Q160 {y+14} {320-a} {y}", 4) for a, y in ((98, 152), (103, 184), (109, 216), (114, 242)))
         + line("M212 130L194 246", 4, "{a}"))

SHAPES = {
    "jacket": SLEEVES + BODY + HOOD + ZIP + POCKETS,
    "parka": SLEEVES + fill("M112 96Q160 112 208 96L224 120L232 278Q160 290 88 278L94 120Z") + HOOD + line("M160 116V284", 5, "{a}") + mirror(box(104, 208, 40, 40, 6, "{d}")) + line("M96 186H224", 4),
    "puffer": SLEEVES + BODY + QUILT + COLLAR + ZIP,
    "vest": BODY + "".join(line(f"M98 {y}Q160 {y+12} 222 {y}", 4) for y in (138, 166, 194, 222)) + COLLAR + ZIP,
    "fleece": SLEEVES + BODY + COLLAR + line("M160 112V180", 5, "{a}") + box(176, 136, 34, 36, 6, "{d}") + line("M102 246Q160 258 218 246", 6, "{d}") + mirror(line("M53 228L86 234", 6, "{c}")),
    "tee": mirror(fill("M114 82L64 108L76 158L112 146Z", "{d}")) + TEE + line("M104 240Q160 250 216 240", 3),
    "longsleeve": mirror(fill("M114 82Q76 96 66 134L50 236L78 242L112 150Z", "{d}")) + TEE + line("M104 240Q160 250 216 240", 3),
    "leggings": fill("M118 66H202Q214 120 206 258H176L160 128L144 258H114Q106 120 118 66Z") + box(116, 58, 88, 24, 6, "{d}") + mirror(line("M118 246H140", 5)),
    "trousers": LEGS + BELT + mirror(line("M112 96L130 110", 4) + box(104, 168, 28, 36, 5, "{d}")) + line("M160 82V128", 4) + dot(160, 71, 4, "{l}"),
    "shorts": fill("M102 96H218L240 226Q204 238 172 230L160 160L148 230Q116 238 80 226Z") + box(100, 84, 120, 22, 6, "{d}") + mirror(line("M106 124L128 140", 4)) + line("M160 106V160", 4) + line("M156 100L148 128M164 100L172 128", 3, "{l}"),
    "dungarees": LEGS.replace("108 70H212", "104 120H216") + fill("M118 84H202L216 126H104Z") + mirror(line("M124 90L132 50", 10, "{d}") + box(100, 186, 38, 32, 8, "{d}")) + box(138, 96, 44, 32, 6, "{l}") + mirror(dot(126, 92, 5, "{a}")),
    "boot": BOOT, "shoe": SHOE,
    "sandal": fill("M54 222Q60 202 100 206Q160 212 226 196Q266 196 270 222Q270 244 250 246H72Q54 244 54 222Z", "{k}") + line("M92 208Q90 150 130 142Q156 160 164 206M98 168Q140 186 160 182M184 204Q204 158 236 166Q250 176 248 200", 17) + line("M160 182L206 172", 13, "{d}") + box(114, 160, 22, 18, 4, "{a}"),
    "sock": fill("M112 52H184V156Q190 182 226 200Q256 216 244 244Q232 262 200 258L132 230Q104 216 108 176Z") + box(106, 46, 84, 34, 8, "{d}") + fill("M108 170Q106 214 132 230L148 236Q164 190 130 168Z", "{d}") + fill("M222 198Q256 214 244 244Q236 258 214 258Q204 224 222 198Z", "{d}") + line("M114 104H182M114 122H182", 6, "{l}"),
    "glove": fill("M112 254V176L84 138Q74 120 90 114Q100 112 112 126L120 138L116 78Q118 64 130 64Q142 66 142 80L146 128L150 58Q152 46 164 46Q176 48 176 60V128L184 70Q188 58 200 62Q208 66 206 78L202 136L212 104Q218 92 230 98Q236 104 234 114L214 190V254Z") + box(104, 216, 118, 44, 10, "{d}") + line("M114 230H212M114 246H212", 4, "{l}") + line("M142 150Q166 160 196 150", 4),
    "mitt": fill("M108 250V170L80 150Q64 134 78 122Q92 114 108 130L116 90Q124 48 166 48Q212 52 214 104L212 250Z") + box(98, 200, 124, 62, 14, "{d}") + line("M110 222H210", 8, "{a}") + line("M126 96Q160 70 204 100", 5, "{l}"),
    "beanie": fill("M78 200Q76 90 160 84Q244 90 242 200Z") + "".join(line(f"M{x} 196Q{x} {y} {160+(x-160)//3} 92", 4) for x, y in ((110, 130), (142, 120), (178, 120), (210, 130))) + box(66, 184, 188, 54, 18, "{d}") + line("M92 196V226M120 196V226M148 196V226M176 196V226M204 196V226M230 196V226", 4, "{c}") + dot(160, 76, 20, "{l}"),
    "brim": dot(160, 206, 122, "{d}", 36) + dot(160, 198, 118, "{c}", 30) + fill("M98 196Q94 110 132 104Q160 116 188 104Q226 110 222 196Q160 220 98 196Z") + fill("M98 178Q160 202 222 178V198Q160 220 98 198Z", "{a}") + line("M92 224Q120 278 160 280Q200 278 228 224", 3, "{k}"),
    "cap": fill("M72 206Q66 104 152 98Q232 102 228 206Z") + fill("M216 186Q286 184 290 216Q250 224 150 212Z", "{d}") + line("M152 98Q146 150 148 206", 4) + line("M152 98Q208 130 212 190", 4) + dot(152, 98, 9, "{a}") + line("M74 198Q140 210 220 200", 6, "{l}"),
    "scarf": fill("M92 84Q160 56 228 84Q220 160 240 240Q160 274 80 240Q100 160 92 84Z") + dot(160, 86, 68, "{d}", 22) + line("M98 136Q150 160 224 128M94 174Q170 200 228 168M90 214Q150 238 234 206", 6, "{l}"),
    "backpack": PACK + box(92, 246, 136, 26, 13, "{a}"),
    "travelpack": box(88, 62, 144, 206, 26) + box(104, 82, 112, 96, 16, "{l}") + box(104, 192, 112, 58, 12, "{d}") + line("M136 62Q136 40 160 40Q184 40 184 62", 9, "{k}") + line("M118 96H202", 5, "{a}") + line("M118 206H202", 5, "{l}"),
    "daypack": mirror(line("M112 110Q78 150 92 232", 13, "{k}")) + fill("M100 250Q92 64 160 60Q228 64 220 250Q160 264 100 250Z") + fill("M114 246Q110 168 160 166Q210 168 206 246Q160 256 114 246Z", "{d}") + line("M114 140Q160 122 206 140", 6, "{a}") + line("M132 190H188", 5, "{l}") + line("M144 60Q160 38 176 60", 7, "{k}"),
    "rolltop": mirror(line("M112 130Q80 170 94 240", 12, "{k}")) + fill("M102 96H218L224 256Q160 268 96 256Z") + box(94, 66, 132, 38, 16, "{d}") + line("M104 80H216", 3, "{l}") + line("M160 66V140", 9, "{k}") + box(148, 126, 24, 22, 5, "{a}") + box(118, 176, 84, 60, 10, "{d}"),
    "vestpack": mirror(fill("M106 70Q122 56 140 72L150 150V250Q110 254 92 230Q84 140 106 70Z") + box(108, 142, 32, 74, 12, "{l}") + box(115, 124, 18, 22, 6, "{k}")) + line("M150 130H170M150 190H170", 6, "{k}") + mirror(line("M106 98H142", 5)),
    "tunnel": GROUND + fill("M40 246Q46 150 124 116Q220 92 282 246Z") + fill("M40 246Q46 150 124 116Q140 176 136 246Z", "{d}") + line("M124 116Q140 176 136 246M206 122Q226 180 222 246", 5, "{l}") + fill("M62 246Q64 190 100 162Q112 200 110 246Z", "{k}") + line("M40 246L22 256M282 246L302 256", 3, "{k}"),
    "dome": GROUND + fill("M38 246Q86 112 160 92Q234 112 282 246Z") + fill("M98 246Q128 150 160 92Q192 150 222 246Z", "{l}") + fill("M122 246Q142 186 160 146Q178 186 198 246Z", "{k}") + line("M38 246Q86 112 160 92Q234 112 282 246", 5),
    "pyramid": GROUND + fill("M50 246L164 82L278 246Z") + fill("M164 82L278 246H196Z", "{d}") + fill("M164 100L136 246H194Z", "{k}") + fill("M164 100L136 246H116Z", "{l}") + line("M164 82V64", 5, "{k}") + line("M50 246L28 256M278 246L298 256", 3, "{k}"),
    "house": GROUND + fill("M34 246L58 136Q160 78 262 136L286 246Z") + fill("M58 136Q160 78 262 136L268 158Q160 110 52 158Z", "{d}") + fill("M128 246V158Q160 136 192 158V246Z", "{k}") + fill("M128 246V158Q140 200 112 246Z", "{l}") + box(72, 174, 38, 34, 6, "{l}") + box(212, 174, 38, 34, 6, "{l}"),
    "mummy": MUMMY,
    "blanket": box(92, 64, 136, 200, 18) + fill("M128 64H210Q228 64 228 82V196Z", "{l}") + line("M92 116H166M92 162H198M92 210H228", 4) + line("M128 64L228 196", 5, "{a}"),
    "liner": box(108, 52, 104, 216, 24) + box(118, 62, 84, 46, 18, "{l}") + line("M116 132H204M134 148V252M160 148V252M186 148V252", 3),
    "airmat": fill("M92 66Q160 40 228 66V254Q160 280 92 254Z", "{d}") + "".join(box(98, y, 124, 24, 12) for y in range(66, 250, 27)) + "".join(box(108, y + 5, 70, 5, 2, "{l}") for y in range(66, 250, 27)) + box(222, 240, 16, 14, 4, "{k}"),
    "rollmat": box(70, 126, 180, 96, 44) + dot(226, 174, 36, "{l}", 48) + dot(226, 174, 26, "{d}", 36) + dot(226, 174, 16, "{l}", 24) + dot(226, 174, 7, "{d}", 12) + box(104, 124, 14, 100, 4, "{k}") + box(160, 124, 14, 100, 4, "{k}"),
    "foldmat": "".join(fill(f"M{60+i%2*18} {92+i*28}L{242+i%2*18} {92+i*28}L{260-i%2*18} {120+i*28}L{78-i%2*18} {120+i*28}Z", "{c}" if i % 2 else "{d}") for i in range(5)) + "".join(dot(x, 134 + y, 6, "{l}", 4) for x in (100, 140, 180, 220) for y in (0, 56)),
    "stove": fill("M104 212Q104 172 160 170Q216 172 216 212V250Q160 270 104 250Z", "#e0a13c") + box(144, 128, 32, 48, 6, "{m}") + dot(160, 122, 38, "{c}", 12) + mirror(line("M150 120L108 98H92", 6, "{k}")) + fill("M130 112Q126 84 142 70Q146 84 154 84Q152 62 164 46Q168 74 182 84Q196 98 188 112Z", "#4ea3d8") + line("M174 148H212", 6, "{k}") + box(206, 138, 18, 20, 5, "{d}"),
    "system": box(108, 62, 104, 132, 12) + box(102, 54, 116, 20, 8, "{k}") + line("M212 92Q246 96 244 130Q240 160 212 160", 9, "{k}") + box(118, 194, 84, 24, 4, "{m}") + fill("M112 234Q112 218 160 216Q208 218 208 234V262Q160 274 112 262Z", "{d}") + line("M124 96H196", 5, "{l}") + line("M130 204V212M146 204V212M162 204V212M178 204V212", 4, "#e58338"),
    "burner": fill("M66 96H254L268 172H52Z", "{d}") + box(46, 168, 228, 72, 12) + "".join(dot(x, 168, 40, "{k}", 10) + line(f"M{x-34} 160H{x+34}M{x} 154V172", 4, "{m}") for x in (108, 212)) + dot(108, 208, 15, "{l}") + dot(212, 208, 15, "{l}") + line("M108 208V196M212 208V196", 4, "{k}"),
    "pots": box(84, 150, 152, 96, 14) + box(76, 142, 168, 16, 8, "{d}") + line("M236 178H284", 12, "{k}") + box(112, 96, 96, 48, 10, "{l}") + dot(160, 94, 52, "{d}", 9) + box(150, 74, 20, 16, 6, "{k}") + line("M104 178V222", 6, "{l}"),
    "mug": fill("M96 104H208L200 240Q152 252 104 240Z") + dot(152, 104, 56, "{d}", 13) + dot(152, 106, 46, "{k}", 8) + line("M206 130Q250 128 246 172Q240 206 202 204", 9, "{k}") + line("M122 140L126 218", 6, "{l}") + line("M130 80Q120 66 132 52M160 80Q150 62 164 46", 5, "{m}"),
    "cartridge": fill("M92 136Q96 104 160 100Q224 104 228 136V246Q160 272 92 246Z") + dot(160, 112, 46, "{l}", 12) + box(144, 82, 32, 28, 5, "{m}") + box(150, 70, 20, 16, 3, "{k}") + fill("M92 168Q160 190 228 168V220Q160 242 92 220Z", "{d}") + fill("M142 222Q132 198 156 178Q160 194 172 196Q186 212 174 226Z", "{l}"),
    "cutlery": box(106, 150, 16, 118, 8) + fill("M96 62H102V104H110V62H118V104H126V62H132V126Q130 152 114 154Q98 152 96 126Z") + box(152, 144, 16, 124, 8) + dot(160, 104, 24, "{c}", 44) + dot(160, 104, 14, "{d}", 32) + box(200, 154, 16, 114, 8, "{d}") + fill("M198 58Q226 68 224 162H198Z", "{d}"),
    "bottle": fill("M112 122Q112 104 132 98H188Q208 104 208 122V256Q160 270 112 256Z") + box(134, 74, 52, 28, 6, "{d}") + box(128, 50, 64, 30, 8, "{k}") + line("M144 50Q160 26 176 50", 7, "{k}") + line("M128 128V238", 8, "{l}") + fill("M136 216L164 168L192 216Z", "{l}"),
    "flask": box(116, 100, 88, 168, 16) + fill("M120 54H200L206 104H114Z", "{m}") + box(112, 98, 96, 14, 4, "{d}") + box(112, 246, 96, 16, 6, "{d}") + line("M132 126V230", 8, "{l}") + line("M128 66L126 92", 5, "#fff"),
    "filter": fill("M104 148H216L228 262Q160 276 92 262Z", "{l}") + fill("M100 196Q160 184 222 196L228 262Q160 276 92 262Z", "{c}") + box(134, 74, 52, 76, 12, "{d}") + box(148, 44, 24, 34, 6, "{k}") + line("M140 98H180M140 114H180", 4, "{l}"),
    "bladder": fill("M100 82Q160 66 220 82L226 220Q222 262 160 264Q98 262 94 220Z") + box(92, 62, 136, 26, 8, "{d}") + fill("M104 140Q160 126 216 140L218 218Q212 252 160 254Q108 252 102 218Z", "{l}") + line("M160 240Q250 300 262 190Q266 120 246 98", 9, "{k}") + box(236, 76, 18, 32, 7, "{a}") + dot(160, 240, 12, "{k}"),
    "tablets": box(82, 90, 156, 150, 14, "{m}") + "".join(dot(x, y + 5, 18, "#89949b") + dot(x, y, 18) for x in (116, 160, 204) for y in (126, 164, 204)),
    "headlamp": line("M62 150Q60 66 160 64Q260 66 258 150", 18, "{d}") + line("M62 150Q64 190 112 200M258 150Q256 190 208 200", 18, "{d}") + box(104, 144, 112, 92, 26) + dot(160, 192, 34, "{k}") + dot(160, 192, 26, "#fff4b8") + dot(152, 184, 10, "#fff") + box(144, 132, 32, 16, 6, "{a}"),
    "lantern": line("M126 80Q128 36 160 36Q192 36 194 80", 6, "{k}") + box(110, 74, 100, 30, 10) + box(118, 100, 84, 112, 8, "#fff1b0") + dot(160, 158, 24, "#ffd95a", 34) + line("M140 104V210M180 104V210", 4, "{d}") + box(104, 208, 112, 50, 14) + dot(160, 234, 10, "{l}"),
    "stringlight": line("M30 96Q96 176 160 120Q224 74 290 132M30 196Q100 254 166 206Q226 168 290 222", 5, "{k}") + "".join(box(x - 6, y, 12, 12, 3, "{k}") + dot(x, y + 26, 14, "{c}", 18) + dot(x - 4, y + 22, 4, "{l}", 7) for x, y in ((62, 122), (118, 140), (190, 104), (250, 106), (76, 220), (140, 218), (210, 192), (264, 204))),
    "poles": line("M112 96L180 270M208 96L140 270", 7, "{m}") + line("M112 96L142 172M208 96L178 172", 9) + line("M98 56L112 96M222 56L208 96", 20, "{k}") + line("M98 60Q70 96 104 100M222 60Q250 96 216 100", 5, "{a}") + line("M162 252L186 244M134 244L158 252", 7, "{d}"),
    "rope": line("M160 70Q78 74 76 168Q80 256 160 258Q240 256 244 168Q242 74 160 70Z", 17) + line("M160 94Q102 98 100 168Q104 232 160 234Q216 232 220 168Q218 98 160 94Z", 17, "{d}") + line("M160 118Q124 122 124 168Q126 208 160 210Q194 208 196 168Q196 122 160 118Z", 15) + "".join(box(130, y, 60, 15, 7, k) for y, k in ((60, "{l}"), (76, "{c}"), (92, "{l}"), (108, "{c}"), (122, "{l}"))) + line("M190 68Q240 50 262 84", 13),
    "harness": box(70, 96, 180, 40, 18) + mirror(line("M132 134L108 176", 10, "{d}") + f'<ellipse cx="112" cy="216" rx="38" ry="40" fill="none" stroke="{{c}}" stroke-width="20"/>' + line("M82 134Q66 166 96 166", 5, "{a}")) + line("M160 110V188", 12, "{a}") + box(138, 104, 44, 24, 6, "{m}") + line("M128 196Q160 176 192 196", 9, "{k}"),
    "helmet": fill("M62 196Q58 84 160 78Q262 84 258 196Q160 214 62 196Z") + fill("M62 190Q160 208 258 190L262 206Q160 228 58 206Z", "{d}") + mirror(fill("M104 122Q124 106 140 104L134 128Q118 130 104 146Z", "{k}")) + line("M160 80V198", 6, "{d}") + line("M84 212L128 264M236 212L192 264", 5, "{k}") + box(126, 256, 68, 14, 6, "{k}"),
    "draw": line("M142 134Q126 52 166 48Q204 54 184 134Z", 12, "{m}") + fill("M148 116H178L174 210H152Z") + line("M156 130V196", 4, "{l}") + line("M146 200Q126 274 160 280Q200 278 182 200Z", 12, "{d}") + line("M184 128L194 78M184 206L192 252", 5, "{k}"),
    "ferrata": line("M160 196Q96 190 92 120M160 196Q224 190 228 120", 15) + mirror(line("M78 106Q72 48 96 46Q118 50 108 106Z", 10, "{m}") + box(84, 104, 18, 26, 5, "{k}")) + box(134, 180, 52, 52, 10, "{d}") + line("M160 232V250M160 250Q140 280 160 284Q180 280 160 250", 10, "{k}") + line("M146 200H174M146 214H174", 4, "{l}"),
    "compass": box(88, 52, 144, 224, 16, "#fdfdfb") + line("M104 66V250M104 66H216", 3, "{m}") + dot(160, 172, 62, "{k}") + dot(160, 172, 51, "#fff") + fill("M160 128L172 172H148Z") + fill("M160 216L172 172H148Z", "{m}") + dot(160, 172, 6, "{k}") + line("M160 106V76M150 86L160 74L170 86", 5) + line("M114 172H120M200 172H206", 4, "{k}"),
    "gps": box(104, 66, 112, 202, 24) + box(152, 40, 44, 40, 12, "{d}") + box(118, 88, 84, 100, 8, "#d9ecd4") + line("M118 150Q146 126 160 148T202 122", 5, "#7fb77e") + line("M132 178L150 160L174 166L188 112", 4, "#cf4a41") + dot(188, 112, 6, "#cf4a41") + dot(160, 226, 22, "{l}") + dot(160, 226, 9, "{d}"),
    "watch": box(126, 40, 68, 240, 18, "{d}") + dot(160, 160, 70, "{k}") + dot(160, 160, 58) + dot(160, 160, 48, "#1f2a30") + fill("M122 180L146 142L160 162L172 148L198 180Z", "#7fd0b8") + line("M132 194H188", 5, "#e58338") + box(226, 150, 14, 22, 5, "{k}"),
    "powerbank": box(100, 60, 120, 208, 26) + box(116, 80, 88, 168, 16, "{d}") + fill("M168 104L128 174H156L148 226L194 150H164Z", "{l}") + box(140, 52, 40, 14, 5, "{k}"),
    "solar": "".join(fill(f"M{x} {96+k}L{x+70} {86+k}V{222+k}L{x} {232+k}Z") + line(f"M{x+10} {140+k}L{x+60} {133+k}M{x+10} {182+k}L{x+60} {175+k}M{x+35} {100+k}V{220+k}", 3, "{l}") for x, k in ((48, 0), (124, 10), (200, 0))) + dot(262, 62, 20, "#f3c64c") + line("M262 30V22M292 62H300M240 40L234 34M284 40L290 34", 5, "#f3c64c"),
    "aidkit": box(70, 104, 180, 140, 22) + line("M128 104Q128 76 160 76Q192 76 192 104", 11, "{k}") + line("M70 150H250", 4) + dot(160, 176, 46, "#fff") + box(149, 144, 22, 64, 4) + box(128, 165, 64, 22, 4),
    "bivvy": fill("M98 82Q160 60 222 82L232 254Q160 276 88 254Z") + fill("M98 82Q160 60 222 82L224 112Q160 134 96 112Z", "{d}") + line("M124 124L112 250M150 132L144 192M182 128L196 246M206 120L212 180", 4, "{l}") + dot(160, 96, 26, "{k}", 12),
    "transceiver": mirror(line("M112 90Q84 40 160 34", 8, "{k}")) + box(98, 78, 124, 186, 30) + box(114, 98, 92, 78, 10, "#dfe8e2") + fill("M160 108L182 146H168V166H152V146H138Z", "{k}") + box(126, 196, 68, 18, 9, "{d}") + dot(160, 238, 14, "{a}"),
    "plaster": '<g transform="rotate(-32 160 140)">' + box(62, 112, 196, 58, 29, "#e6b78d") + box(126, 112, 68, 58, 4, "#f5dcc2") + "".join(dot(x, y, 4, "#c99468") for x in (86, 104, 216, 234) for y in (131, 150)) + "</g>" + line("M198 190L232 266M222 184L238 266", 9, "{m}") + box(74, 208, 96, 52, 12) + line("M92 234H152", 6, "{l}"),
    "whistle": line("M96 150Q40 110 74 74Q110 44 140 84", 6, "{k}") + box(88, 126, 164, 46, 12) + dot(128, 186, 56) + dot(128, 186, 24, "{d}") + box(168, 122, 28, 24, 4, "{k}") + line("M212 140H240", 5, "{l}"),
    "kidset": mirror(fill("M126 54Q92 60 84 90L70 148L92 152L118 96Z", "{d}")) + fill("M126 54Q160 74 194 54L202 156H118Z") + fill("M118 172H202L208 272H174L160 208L146 272H112Z") + box(116, 166, 88, 14, 5, "{d}") + line("M126 90H194M124 114H196M120 234H144M176 234H200", 6, "{l}"),
    "dog": DOG + line("M184 122Q172 150 182 192M120 124Q112 156 120 194", 14) + line("M118 158H182", 14) + line("M130 120Q150 100 172 120", 8, "{d}"),
    "dogcoat": DOG + fill("M80 122Q130 108 188 120L208 104L230 128Q226 170 196 190Q130 200 90 186Q72 160 80 122Z") + line("M92 172Q140 184 206 166", 6, "{l}") + line("M142 118Q146 156 142 192", 8, "{d}"),
    "dogbags": DOG + line("M110 122H186", 12, "{d}") + box(108, 128, 82, 62, 16) + box(118, 150, 62, 32, 8, "{d}") + line("M122 140H176", 5, "{l}"),
    "bowl": fill("M62 152H258L228 240Q160 256 92 240Z") + dot(160, 152, 98, "{d}", 26) + dot(160, 156, 80, "#8fcbe6", 17) + dot(136, 152, 20, "#c4e6f4", 4) + fill("M144 216Q132 200 146 196Q150 186 160 196Q170 186 174 196Q188 200 176 216Q160 228 144 216Z", "{l}"),
    "carebottle": fill("M104 134Q108 112 136 108H184Q212 112 216 134V254Q160 268 104 254Z") + box(136, 64, 48, 48, 8, "{k}") + box(116, 150, 88, 78, 10, "#fff") + fill("M160 162Q188 196 160 216Q132 196 160 162Z"),
    "spray": box(116, 120, 88, 146, 14) + box(140, 92, 40, 30, 4, "{d}") + fill("M128 62H196L202 84L180 92H134Z", "{k}") + "".join(dot(x, y, r, "#8fbfd4") for x, y, r in ((92, 64, 6), (72, 54, 7), (72, 78, 5), (48, 46, 6), (50, 70, 7), (50, 94, 5))) + box(126, 158, 68, 66, 8, "#fff") + line("M140 204Q150 172 160 190Q170 172 180 204", 6),
    "tin": box(66, 148, 188, 84, 16, "{d}") + dot(160, 150, 94, "{m}", 40) + dot(160, 146, 84, "{c}", 34) + fill("M120 150Q124 120 146 124L150 140Q180 142 196 156H120Z", "{k}"),
    "repair": box(64, 150, 192, 96, 14) + fill("M64 164Q64 150 78 150H242Q256 150 256 164V178H64Z", "{d}") + box(86, 78, 46, 60, 8, "#fff") + line("M86 94H132M86 108H132M86 122H132", 4, "{a}") + line("M176 140L232 66", 6, "{m}") + line("M230 70Q264 92 240 120T252 146", 3, "{a}") + box(140, 168, 40, 24, 6, "{m}") + line("M120 218H200", 6, "{l}"),
    "lid": box(92, 150, 136, 76, 16) + line("M118 150Q120 82 160 82Q200 82 202 150", 15, "{d}") + line("M112 166V212M136 166V212M160 166V212M184 166V212M208 166V212", 6, "{l}") + box(102, 222, 116, 20, 6, "{m}") + box(108, 240, 104, 10, 4, "{k}"),
    "pouch": fill("M90 70H230L224 150L236 258Q160 274 84 258L96 150Z") + box(86, 60, 148, 24, 4, "{d}") + line("M100 98H220", 3, "{d}") + dot(160, 176, 52, "#fff") + fill("M118 176H202Q196 214 160 214Q124 214 118 176Z", "{a}") + dot(142, 172, 15, "{l}", 11) + dot(172, 170, 18, "{d}", 12) + line("M146 148Q138 138 148 128M172 148Q164 136 174 126", 4, "{m}"),
    "barbox": fill("M60 150H228V250H60Z") + fill("M228 150L266 126V224L228 250Z", "{d}") + fill("M60 150L98 126H266L228 150Z", "{k}") + "".join(box(x, 88 + x % 3 * 5, 26, 60, 5, k) for x, k in ((92, "{a}"), (124, "{l}"), (156, "{a}"), (188, "{l}"))) + box(84, 178, 120, 46, 8, "{l}") + line("M104 202H184", 8),
}


def tone(colour, f):
    """Darker for f < 1, nearer to white for f > 1."""
    rgb = [int(colour[i:i + 2], 16) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(v * f if f < 1 else v + (255 - v) * (f - 1)):02x}" for v in rgb)


def picture(row):
    tint, shape = CATEGORIES[row["category"]]
    shape = next((s for w, s in WORDS if w in row["handle"]), shape)
    name = next((row[f"option{i}_value"] for i in (1, 2) if row[f"option{i}_name"] == "Colour"), None)
    if not name:  # no colour to choose from: an attribute "colour: …" may tell
        m = re.search(r"colour: (\w+)", row["attributes"])
        name = m.group(1) if m else "Grey"
    c = COLOURS[name]
    accent = "#f4c95d" if name not in ("Yellow", "Sand", "White", "Orange") else "#47707f"
    art = SHAPES[shape]
    for key, value in {"c": c, "d": tone(c, .76 if name != "White" else .85), "l": tone(c, 1.42), "a": accent, "k": "#39434a", "m": "#aab6bd"}.items():
        art = art.replace("{%s}" % key, value)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 320" role="img"><title>{escape(row["title"])}</title>'
            f'<rect width="320" height="320" fill="{tint}"/><circle cx="160" cy="156" r="132" fill="#fff" opacity=".45"/>'
            f'<ellipse cx="160" cy="278" rx="92" ry="9" fill="{tone(tint, .86)}"/>{art}</svg>\n')


with open(HERE.parent / "products.csv", newline="", encoding="utf-8") as f:
    for row in csv.DictReader(f):
        if row["title"]:  # only the first row of a product carries these
            (HERE / row["picture"]).write_text(picture(row), encoding="utf-8")
