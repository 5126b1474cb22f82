// Builds src/ into ../src/gradus/web/static (or the folder given by --out): one run, same bytes everywhere.
import { build } from "esbuild";
import { cp, mkdir, readdir, readFile, rm } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const flag = process.argv.indexOf("--out");
const out = flag < 0 ? path.join(here, "../src/gradus/web/static") : path.resolve(process.argv[flag + 1]);
const LIMIT = 300 * 1024; // first load, compressed, without the editor

/** KaTeX names each font in three formats; every browser that we serve reads woff2. */
const woff2Only = {
  name: "woff2-only",
  setup(builder) {
    builder.onLoad({ filter: /katex\.css$/ }, async ({ path: file }) => {
      const text = await readFile(file, "utf8");
      const contents = text.replace(/,\s*url\([^)]*\.(?:woff|ttf)\)\s*format\("(?:woff|truetype)"\)/g, "");
      return { contents, loader: "css", resolveDir: path.dirname(file) };
    });
  },
};

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const result = await build({
  absWorkingDir: here,
  entryPoints: ["src/app.ts", "src/editor.ts", "src/katex.ts", "src/app.css", "src/katex.css"],
  outdir: out,
  bundle: true,
  splitting: true,
  format: "esm",
  target: ["chrome123", "firefox120", "safari17.5"],
  minify: true,
  charset: "utf8",
  legalComments: "none", // the licenses are in LICENSES/
  loader: { ".woff2": "file" },
  assetNames: "fonts/[name]",
  chunkNames: "chunk-[hash]",
  plugins: [woff2Only],
  metafile: true,
  logLevel: "warning",
});
await cp(path.join(here, "src/icon.svg"), path.join(out, "icon.svg"));

const sizes = new Map();
for (const entry of await readdir(out, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const file = path.join(entry.parentPath ?? entry.path, entry.name);
  const bytes = await readFile(file);
  const packed = file.endsWith(".woff2") ? bytes.length : gzipSync(bytes, { level: 9 }).length;
  sizes.set(path.relative(out, file), packed);
}

/** An entry and the chunks that it imports at once. */
function withChunks(name) {
  const outputs = Object.entries(result.metafile.outputs).map(([file, info]) => [path.relative(out, path.resolve(here, file)), info]);
  const byName = new Map(outputs);
  const seen = new Set();
  const visit = (file) => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const needed of byName.get(file)?.imports ?? []) {
      if (needed.kind === "import-statement") visit(path.relative(out, path.resolve(here, needed.path)));
    }
  };
  visit(name);
  return [...seen];
}

const sum = (files) => files.reduce((total, file) => total + (sizes.get(file) ?? 0), 0);
const fonts = [...sizes.keys()].filter((file) => /fonts\/source-.*-latin-(wght|400|600)-normal/.test(file));
const first = [...withChunks("app.js"), "app.css", "icon.svg", ...fonts];
const maths = ["katex.js", "katex.css", ...[...sizes.keys()].filter((file) => file.includes("KaTeX_"))];
const kib = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`;
console.log(`first load      ${kib(sum(first))} compressed (limit ${kib(LIMIT)}): script, style, icon, ${fonts.length} fonts`);
console.log(`  of it app.js  ${kib(sizes.get("app.js"))}, app.css ${kib(sizes.get("app.css"))}`);
console.log(`with maths      + ${kib(sizes.get("katex.js") + sizes.get("katex.css"))} and the fonts that a formula needs (all: ${kib(sum(maths) - sizes.get("katex.js") - sizes.get("katex.css"))})`);
console.log(`with the editor + ${kib(sum(withChunks("editor.js")))}`);
console.log(`everything      ${kib([...sizes.values()].reduce((a, b) => a + b, 0))} in ${sizes.size} files`);
if (sum(first) > LIMIT) {
  console.error("The first load is over its limit.");
  process.exit(1);
}
