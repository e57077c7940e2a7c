import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { nodeFiles } from "../platform/files.ts";
import { findDockerfiles, readDockerfile } from "./dockerfile.ts";

describe("readDockerfile", () => {
  test.each([
    ["EXPOSE 80", [80]],
    ["EXPOSE 80 443/tcp 53/udp", [80, 443]],
    ["expose 8080\nEXPOSE 8080", [8080]],
    ["ARG PORT=3000\nEXPOSE $PORT", [3000]],
    ["ENV PORT=3000\nEXPOSE ${PORT}/tcp", [3000]],
    ["EXPOSE ${PORT:-9000}", [9000]],
    ["EXPOSE $NOTHING", []],
    ["EXPOSE 99999 abc", []],
    ["# EXPOSE 80", []],
    ["EXPOSE \\\n  80 \\\n  # why\n  443", [80, 443]],
    ["FROM a AS build\nEXPOSE 1\nFROM b\nEXPOSE 2", [2]],
  ])("finds the ports of %j", (text, ports) => {
    expect(readDockerfile(text).ports).toEqual(ports);
  });

  test("reads a health check with its options and Docker's defaults", () => {
    expect(readDockerfile("HEALTHCHECK --interval=1m --retries=5 \\\n  CMD curl -f http://localhost/ || exit 1").healthCheck).toEqual({
      command: ["CMD-SHELL", "curl -f http://localhost/ || exit 1"],
      interval: 60,
      timeout: 30,
      startPeriod: 0,
      retries: 5,
    });
    expect(readDockerfile('HEALTHCHECK CMD ["node", "check.mjs"]').healthCheck?.command).toEqual(["CMD", "node", "check.mjs"]);
  });

  test("takes NONE for none", () => {
    expect(readDockerfile("HEALTHCHECK CMD true\nHEALTHCHECK NONE").healthCheck).toBeUndefined();
  });
});

test("findDockerfiles finds the nearest first, and nothing that others brought", async () => {
  const root = mkdtempSync(join(tmpdir(), "copilot-dockerfiles-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const path of [
    "Dockerfile",
    "api/Dockerfile",
    "api/dev.Dockerfile",
    "a/b/Dockerfile",
    "node_modules/x/Dockerfile",
    ".git/Dockerfile",
    "Dockerfile.dockerignore",
  ]) {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), "");
  }
  expect(await findDockerfiles(nodeFiles, root)).toEqual(["Dockerfile", "api/Dockerfile", "api/dev.Dockerfile", "a/b/Dockerfile"]);
});
