import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stripVTControlCharacters } from "node:util";

import { renderDiagnostics } from "../src/manifest/render.ts";
import { loadWorkload } from "../src/workloads/load.ts";

const root = join(import.meta.dirname, "..");

/** Where the picture is, from the root of the repository. */
export const picturePath = "docs/images/validate.svg";

const tints: Readonly<Record<string, string>> = { "31": "#ff7b72", "33": "#e3b341", "94": "#79c0ff", "1": "#ffffff" };
const escapeXml = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** A terminal's lines as a picture. */
function toSvg(output: string): string {
  const lines = output.split("\n");
  const width = Math.max(...lines.map((line) => stripVTControlCharacters(line).length)) * 8.45 + 40;
  const rows = lines.map((line, index) => {
    const parts = line.split("\u001B[").map((part, position) => {
      const [, code = "0", text = part] = position === 0 ? [] : (/^(\d+)m([\s\S]*)$/.exec(part) ?? []);
      const tint = tints[code];
      return text === ""
        ? ""
        : `<tspan${tint === undefined ? "" : ` fill="${tint}"`}${code === "1" ? ' font-weight="bold"' : ""}>${escapeXml(text)}</tspan>`;
    });
    return `<text x="20" y="${36 + index * 18}" xml:space="preserve">${parts.join("")}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${Math.ceil(width)}" height="${lines.length * 18 + 40}" font-family="ui-monospace, Menlo, Consolas, monospace" font-size="14" fill="#c9d1d9">
<title>copilot validate names every mistake of a manifest at its place</title>
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
${rows.join("\n")}
</svg>
`;
}

/** The picture of a manifest with its mistakes, as `copilot validate` shows them. */
export function validatePicture(): string {
  const text = readFileSync(join(root, "test/fixtures/twelve-mistakes.yml"), "utf8");
  const file = "copilot/storefront/manifest.yml";
  const result = loadWorkload({ file, text, application: "shop", environment: "prod", variables: { MEMORY: "1024" } });
  return toSvg(`$ copilot validate ${file}\n\n${renderDiagnostics(result.ok ? [] : result.diagnostics, { color: true })}`);
}

if (process.argv[1] === import.meta.filename) {
  mkdirSync(dirname(join(root, picturePath)), { recursive: true });
  writeFileSync(join(root, picturePath), validatePicture());
}
