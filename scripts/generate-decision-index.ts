import { writeFileSync } from "node:fs";
import { decisionsFolder, renderDecisionIndex } from "./decision-index.ts";

// Writes docs/decisions/README.md.
writeFileSync(`${decisionsFolder}README.md`, renderDecisionIndex());
