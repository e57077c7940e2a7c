import { createHmac } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";

const file = "/data/orders.json";
const key = process.env.SIGNING_KEY;
if (!key) throw new Error("SIGNING_KEY is not set: make it with `copilot secret init --name signing_key`.");

/** @type {{ orders: { id: number, item: string, state: "open" | "packed" }[], reports: { at: string, open: number, packed: number }[] }} */
let data = { orders: [], reports: [] };
mkdirSync("/data", { recursive: true });
try {
  data = JSON.parse(readFileSync(file, "utf8"));
} catch (error) {
  if (error.code !== "ENOENT") throw error;
}

function save() {
  writeFileSync(`${file}.new`, JSON.stringify(data));
  renameSync(`${file}.new`, file);
}

async function readBody(request) {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text === "" ? {} : JSON.parse(text);
}

/** Answers by method and path. */
const routes = {
  "GET /healthz": () => ({ ok: true }),
  "GET /orders": () => data,
  "POST /orders": ({ item }) => {
    const order = { id: data.orders.length + 1, item: String(item), state: "open" };
    data.orders.push(order);
    save();
    return { ...order, signature: createHmac("sha256", key).update(JSON.stringify(order)).digest("hex") };
  },
  "POST /orders/next/pack": () => {
    const order = data.orders.find(({ state }) => state === "open");
    if (order) {
      order.state = "packed";
      save();
    }
    return { order };
  },
  "POST /reports": (report) => {
    data.reports = [...data.reports, report].slice(-10);
    save();
    return { ok: true };
  },
};

const server = createServer(async (request, response) => {
  const route = routes[`${request.method} ${new URL(request.url, "http://api").pathname}`];
  response.setHeader("content-type", "application/json");
  if (!route) {
    response.writeHead(404).end(JSON.stringify({ error: "no such page" }));
    return;
  }
  try {
    response.end(JSON.stringify(route(await readBody(request))));
  } catch (error) {
    response.writeHead(400).end(JSON.stringify({ error: error.message }));
  }
});

server.listen(8080, () => console.log("api listens on 8080"));
process.on("SIGTERM", () => server.close(() => process.exit(0)));
