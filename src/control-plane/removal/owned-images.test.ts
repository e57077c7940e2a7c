import { expect, test } from "vitest";
import { ownedImages } from "./owned-images.ts";

const references = [
  "copilot/shop/api:1",
  "copilot/shop/api-proxy:1",
  "copilot/shop/api-two:1",
  "copilot/shop/api-two-proxy:1",
  "copilot/other/api:1",
  "nginx:1",
];

test("a workload owns its images and those of its sidecars", () => {
  expect(ownedImages(references, { application: "shop", workload: "api", others: ["api-two", "web"] })).toEqual([
    "copilot/shop/api:1",
    "copilot/shop/api-proxy:1",
  ]);
  expect(ownedImages(references, { application: "shop", workload: "api-two", others: ["api"] })).toEqual([
    "copilot/shop/api-two:1",
    "copilot/shop/api-two-proxy:1",
  ]);
});

test("without neighbours whatever begins with its name is its own", () => {
  expect(ownedImages(references, { application: "shop", workload: "api", others: [] })).toHaveLength(4);
});
