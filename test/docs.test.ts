import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import picomatch from "picomatch";
import { expect, test } from "vitest";
import { decisionsFolder, renderDecisionIndex } from "../scripts/decision-index.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const leftOut = new Set(["node_modules", "dist", ".git", ".sample", ".artifacts", "coverage"]);

function filesIn(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter(({ name }) => !leftOut.has(name))
    .flatMap((entry) => (entry.isDirectory() ? filesIn(join(folder, entry.name)) : [join(folder, entry.name)]));
}

const files = filesIn(".");
const pages = files.filter((file) => file.endsWith(".md"));
const read = (file: string): string => readFileSync(join(root, file), "utf8");

/** The text without fenced blocks, in which nothing is a link. */
const prose = (page: string): string => read(page).replaceAll(/^```[^]*?^```$/gm, "");

/** What a heading is called in an address, as GitHub does it. */
const toAnchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");

const anchorsOf = (page: string): readonly string[] =>
  [...prose(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => toAnchor(heading));

function isAlive(page: string, link: string): boolean {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? page : relative(root, join(root, dirname(page), path));
  return existsSync(join(root, target)) && (anchor === undefined || anchorsOf(target).includes(anchor));
}

test.each(pages)("the links of %s lead somewhere", (page) => {
  const links = [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link).filter((link) => !/^[a-z]+:/.test(link));
  expect(links.filter((link) => !isAlive(page, link))).toEqual([]);
});

test.each(pages.filter((page) => !page.includes("decisions/")))("the paths that %s names are there", (page) => {
  const paths = [...prose(page).matchAll(/`((?:src|test|scripts|bench|schemas|docs|examples)\/[^`\s]*)`/g)].map(([, path = ""]) => path);
  const isThere = (path: string): boolean => {
    const pattern = path.replaceAll(/<[^>]+>/g, "*").replace(/\/$/, "");
    const matches = picomatch([pattern, `${pattern}/**`]);
    return files.some((file) => matches(file));
  };
  expect(paths.filter((path) => !isThere(path))).toEqual([]);
});

test("docs/decisions/README.md lists the decisions; else run npm run generate", () => {
  expect(readFileSync(join(decisionsFolder, "README.md"), "utf8")).toBe(renderDecisionIndex());
});
