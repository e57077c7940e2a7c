import { describe, expect, test } from "vitest";
import { Application, eventually, get } from "./application.ts";

interface Orders {
  readonly orders: readonly { readonly id: number; readonly item: string; readonly state: string }[];
  readonly reports: readonly { readonly at: string; readonly open: number; readonly packed: number }[];
}

describe("the sample application", () => {
  test("runs: front end behind its sidecar, API by name, worker, job each minute, site, secret, volume, override", async () => {
    const application = new Application();
    application.copy("examples/orders");
    application.write({ "copilot/.workspace": `application: ${application.name}\n` });
    await application.withEnvironment();
    await application.copilot(["secret", "init", "--cli-input-yaml", "secrets.yml"], { code: 1 });
    application.write({ "secrets.yml": "signing_key:\n  test: scenario-secret-4711\n" });
    const secret = await application.copilot(["secret", "init", "--cli-input-yaml", "secrets.yml"]);
    expect(secret.stdout + secret.stderr).not.toContain("scenario-secret-4711");
    await application.copilot(["deploy", "--all", "--init-wkld", "--env", "test"]);

    const web = await application.url("web");
    const page = await get(web);
    expect(page).toMatchObject({ status: 200, headers: { "x-served-through": "proxy" } });
    expect(page.body).toContain("<h1>Orders (test)</h1>");

    const guide = await application.url("guide");
    expect((await get(guide)).body).toContain("How to order");
    expect((await get(new URL("/packing", guide).href)).body).toContain("takes open orders");
    expect((await get(new URL("/next.draft.html", guide).href)).status).toBeGreaterThanOrEqual(400);

    const order = await fetchOrder(web, "three boxes");
    expect(order.status).toBe(303);
    const readOrders = async (): Promise<Orders> => JSON.parse((await get(new URL("/orders.json", web).href)).body) as Orders;
    const packed = await eventually(readOrders, ({ orders }) =>
      orders.some(({ item, state }) => item === "three boxes" && state === "packed"),
    );
    expect(packed.orders).toHaveLength(1);

    await application.copilot(["job", "run", "--name", "report", "--env", "test"]);
    await eventually(readOrders, ({ reports }) => reports.some(({ packed: count }) => count === 1));

    const logs = await application.copilot(["svc", "logs", "--name", "packer", "--env", "test", "--limit", "50"]);
    expect(logs.stdout).toContain("packed order 1: three boxes");

    // The data outlives a new version of the API.
    await application.copilot(["svc", "deploy", "--name", "api", "--env", "test", "--force"]);
    await eventually(readOrders, ({ orders }) => orders.length === 1);
  });
});

async function fetchOrder(web: string, item: string): Promise<{ status: number }> {
  const { hostname, port, host } = new URL(web);
  const { request } = await import("node:http");
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        host: hostname.endsWith(".localhost") ? "127.0.0.1" : hostname,
        port,
        path: "/orders",
        method: "POST",
        headers: { host, "content-type": "application/x-www-form-urlencoded" },
      },
      (response) => {
        response.resume();
        response.on("end", () => resolve({ status: response.statusCode ?? 0 }));
      },
    );
    asked.on("error", reject);
    asked.end(new URLSearchParams({ item }).toString());
  });
}
