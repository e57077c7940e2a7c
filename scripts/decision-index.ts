import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The folder of the decisions. */
export const decisionsFolder = fileURLToPath(new URL("../docs/decisions/", import.meta.url));

/** The decisions' titles by their files, in the order of their numbers. Throws at a file without a number and a title. */
function readTitles(): readonly { readonly file: string; readonly number: string; readonly title: string }[] {
  const files = readdirSync(decisionsFolder).filter((name) => name !== "README.md");
  return files.toSorted().map((file) => {
    const [heading = ""] = readFileSync(`${decisionsFolder}${file}`, "utf8").split("\n", 1);
    const number = /^(\d{4})-[a-z0-9-]+\.md$/.exec(file)?.[1];
    const title = /^# 0*(\d+)[.:]? (.+)$/.exec(heading);
    if (number === undefined || title?.[2] === undefined || Number(title[1]) !== Number(number))
      throw new Error(`docs/decisions/${file}: expected NNNN-title.md, which begins with "# NNNN Title"`);
    return { file, number, title: title[2] };
  });
}

/** The page that lists the decisions. */
export const renderDecisionIndex = (): string =>
  [
    "<!-- Written by `npm run generate` from the decisions' headings. -->",
    "",
    "# Decisions",
    "",
    "What someone could want to turn back, and why it is as it is: context, decision, consequence, on a page each.",
    "",
    ...readTitles().map(({ file, number, title }) => `- [${number}](${file}) ${title}`),
    "",
  ].join("\n");
