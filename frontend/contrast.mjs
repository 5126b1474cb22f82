// Computes the contrast (WCAG 2.2) of every pair of colors that the product puts on each other, in both themes.
import { readFile } from "node:fs/promises";

const css = await readFile(new URL("./src/css/tokens.css", import.meta.url), "utf8");
const colors = new Map();
for (const [, name, light, dark] of css.matchAll(/--([\w-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)/g)) {
  colors.set(name, { light, dark });
}

const TEXT = 4.5;
const SHAPE = 3; // borders of controls, focus rings, bars, icons
const grounds = ["paper", "surface", "raised", "sunken"];
const pairs = [
  ...grounds.flatMap((ground) => [
    ...["ink", "ink-2", "ink-3", "accent", "accent-strong", "good", "warn", "bad", "limit", "info"].map((ink) => [ink, ground, TEXT]),
    ["line-strong", ground, SHAPE],
  ]),
  ...["good", "warn", "bad", "limit", "info"].flatMap((tone) => [
    [tone, `${tone}-soft`, TEXT],
    ["ink", `${tone}-soft`, TEXT],
    ["ink-2", `${tone}-soft`, TEXT],
    ["accent", `${tone}-soft`, TEXT],
  ]),
  ["on-accent", "accent", TEXT],
  ["on-accent", "accent-strong", TEXT],
  ["ink", "accent-soft", TEXT],
  ["ink-2", "accent-soft", TEXT],
  ["accent", "accent-soft", TEXT],
  ["accent-strong", "accent-soft", TEXT],
  ["good", "accent-soft", TEXT],
  ["ink", "differs", TEXT],
  ["ink", "selection", TEXT],
  ...["code-bg", "code-line", "add-soft", "remove-soft"].flatMap((ground) =>
    ["ink", "ink-3", "syn-keyword", "syn-string", "syn-number", "syn-comment", "syn-name", "syn-call"].map((ink) => [ink, ground, TEXT]),
  ),
  ["ink", "add-mark", TEXT],
  ["ink", "remove-mark", TEXT],
  ["accent", "code-bg", SHAPE],
];

function luminance(hex) {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one, other) {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

let failed = 0;
let lowest = { ratio: Infinity, what: "" };
for (const [ink, ground, least] of pairs) {
  for (const theme of ["light", "dark"]) {
    const [front, back] = [colors.get(ink), colors.get(ground)];
    if (!front || !back) throw new Error(`No such color: ${front ? ground : ink}`);
    const ratio = contrast(front[theme], back[theme]);
    if (least === TEXT && ratio < lowest.ratio) lowest = { ratio, what: `${ink} on ${ground}, ${theme}` };
    if (ratio < least) {
      failed++;
      console.error(`${theme}: ${ink} on ${ground} is ${ratio.toFixed(2)}, needs ${least}`);
    }
  }
}
console.log(`contrast: ${pairs.length * 2} pairs, ${failed} too low; the lowest text is ${lowest.ratio.toFixed(2)} (${lowest.what})`);
process.exit(failed ? 1 : 0);
