#!/usr/bin/env node
/**
 * A `docker` of its own: `version`, `login`, `build`, `push` and `image inspect` as the real command answers them. What it was called with, and
 * what it read, is a line of JSON in FAKE_DOCKER_LOG. FAKE_DOCKER_FAULT makes one of them fail: engine, login, build or push.
 */
import { appendFileSync, readFileSync } from "node:fs";

const args = process.argv.slice(2);
const fault = process.env["FAKE_DOCKER_FAULT"];
const input = args.includes("--password-stdin") ? readFileSync(0, "utf8") : "";
appendFileSync(process.env["FAKE_DOCKER_LOG"] ?? "/dev/null", `${JSON.stringify({ args, input })}\n`);

const fail = (message) => {
  process.stderr.write(`${message}\n`);
  process.exit(1);
};

switch (args[0]) {
  case "version":
    if (fault === "engine") fail("Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?");
    process.stdout.write("20.10.24\n");
    break;
  case "login":
    if (fault === "login") fail("Error response from daemon: login attempt failed with status: 400 Bad Request");
    process.stdout.write("Login Succeeded\n");
    break;
  case "build":
    if (fault === "build") fail("The command returned a non-zero code: 1");
    process.stdout.write("Successfully built 0123456789ab\n");
    break;
  case "push":
    process.stdout.write("The push refers to repository [registry]\n0123456789ab: Pushing\n");
    if (fault === "push") fail("received unexpected HTTP status: 500 Internal Server Error");
    break;
  case "image": {
    const repository = args.at(-1).replace(/:[^:/]*$/, "");
    process.stdout.write(`elsewhere/api@sha256:${"0".repeat(64)}\n${repository}@sha256:${"1".repeat(64)}\n`);
    break;
  }
  default:
    fail(`the fake has no docker ${args[0]}`);
}
