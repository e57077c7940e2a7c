import { readFileSync } from "node:fs";
import { createServer } from "node:http";

const { API, TITLE, COPILOT_ENVIRONMENT_NAME } = process.env;

const release = readFileSync("release.txt", "utf8").trim();

const escape = (text) => String(text).replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

async function ask(path, options) {
  const response = await fetch(new URL(path, API), { ...options, signal: AbortSignal.timeout(5_000) });
  if (!response.ok) throw new Error(`The API answered ${response.status}.`);
  return response.json();
}

function toPage({ orders, reports }) {
  const rows = orders.map(({ id, item, state }) => `<tr><td>${id}<td>${escape(item)}<td>${state}`).join("\n");
  const last = reports.at(-1);
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>${escape(TITLE)}</title>
<h1>${escape(TITLE)}</h1>
<form method="post" action="/orders"><input name="item" aria-label="Item" required> <button>Order</button></form>
<table><tr><th>No.<th>Item<th>State
${rows}
</table>
<p>${last ? `Report of ${escape(last.at)}: ${last.open} open, ${last.packed} packed.` : "No report yet: the job runs each minute."}</p>
<p>Environment: ${escape(COPILOT_ENVIRONMENT_NAME)}</p>
<p>${escape(release)}</p>
`;
}

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, "http://web");
  try {
    if (pathname === "/healthz") {
      response.end("ok\n");
    } else if (request.method === "GET" && pathname === "/orders.json") {
      response.setHeader("content-type", "application/json").end(JSON.stringify(await ask("/orders")));
    } else if (request.method === "POST" && pathname === "/orders") {
      let form = "";
      for await (const chunk of request) form += chunk;
      await ask("/orders", { method: "POST", body: JSON.stringify({ item: new URLSearchParams(form).get("item") }) });
      response.writeHead(303, { location: "/" }).end();
    } else if (request.method === "GET" && pathname === "/") {
      response.setHeader("content-type", "text/html; charset=utf-8").end(toPage(await ask("/orders")));
    } else {
      response.writeHead(404).end("no such page\n");
    }
  } catch (error) {
    response.writeHead(502).end(`${error.message}\n`);
  }
});

server.listen(3000, () => console.log("web listens on 3000"));
process.on("SIGTERM", () => server.close(() => process.exit(0)));
