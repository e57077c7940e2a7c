import { createSocket } from "node:dgram";
import { mkdtemp, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decode, encode, type Packet, type Question } from "dns-packet";
import * as fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { isInSubnet, subnetCount, toEnvironmentSubnet } from "./environment-subnet.ts";
import { serveNames, type NameProgram } from "./name-program.ts";
import { lookUp, readZone, serialName, type Zone } from "./zone.ts";

const zone: Zone = {
  serial: 7,
  environments: [
    {
      subnet: "127.0.0.0/8",
      names: { api: { addresses: ["10.0.0.1", "10.0.0.2"], port: 8080 }, "api.test.shop.local": { addresses: [] } },
    },
    { subnet: "10.9.0.0/16", names: { api: { addresses: ["10.9.0.5"] } } },
  ],
};

const programs: NameProgram[] = [];
const sockets: { close(): void }[] = [];
afterEach(() => {
  for (const program of programs.splice(0)) program.close();
  for (const socket of sockets.splice(0)) socket.close();
});

async function serve(zones: Zone, upstreamPort = 9) {
  const folder = await mkdtemp(join(tmpdir(), "zone-"));
  const zoneFile = join(folder, "zone.json");
  await writeFile(zoneFile, JSON.stringify(zones));
  const program = await serveNames({ zoneFile, host: "127.0.0.1", port: 0, upstream: { host: "127.0.0.1", port: upstreamPort } });
  programs.push(program);
  return { zoneFile, port: program.port };
}

function ask(port: number, question: Question): Promise<Packet> {
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    socket.once("message", (message) => {
      socket.close();
      resolve(decode(message));
    });
    socket.send(encode({ type: "query", id: 5, questions: [question] }), port, "127.0.0.1");
  });
}

const addressesOf = ({ answers }: Packet): string[] =>
  (answers ?? []).map((answer) => ("data" in answer ? JSON.stringify(answer.data).replaceAll('"', "") : "")).toSorted();
const codeOf = (packet: Packet): number => (packet.flags ?? 0) & 15;

describe("the name server", () => {
  it("answers each environment with its own names", async () => {
    const { port } = await serve(zone);
    const answer = await ask(port, { type: "A", name: "API" });
    expect(addressesOf(answer)).toEqual(["10.0.0.1", "10.0.0.2"]);
    expect(answer.answers?.every((found) => "ttl" in found && found.ttl === 0)).toBe(true);
    expect(lookUp(zone, { type: "A", name: "api" }, { address: "10.9.1.1", random: Math.random })).toMatchObject({
      answers: [{ data: "10.9.0.5" }],
    });
    expect(lookUp(zone, { type: "A", name: "api" }, { address: "10.8.1.1", random: Math.random })).toEqual({ kind: "unknown" });
  });

  it("tells the port of a name, says nothing of other kinds, and refuses names that nobody has", async () => {
    const { port } = await serve(zone);
    expect((await ask(port, { type: "SRV", name: "api" })).answers?.[0]).toMatchObject({ data: { port: 8080, target: "api" } });
    const other = await ask(port, { type: "AAAA", name: "api" });
    expect([codeOf(other), other.answers]).toEqual([0, []]);
    expect(codeOf(await ask(port, { type: "A", name: "web" }))).toBe(3);
    expect(codeOf(await ask(port, { type: "A", name: "web.test.shop.local" }))).toBe(3);
    expect(codeOf(await ask(port, { type: "A", name: "api.test.shop.local" }))).toBe(0);
  });

  it("follows its file", async () => {
    const { port, zoneFile } = await serve(zone);
    await writeFile(
      zoneFile,
      JSON.stringify({ serial: 8, environments: [{ subnet: "127.0.0.0/8", names: { web: { addresses: ["10.0.0.9"] } } }] }),
    );
    expect(
      (await ask(port, { type: "TXT", name: serialName })).answers?.map((answer) =>
        answer.type === "TXT" ? [answer.data].flat().join("") : answer.type,
      ),
    ).toEqual(["8"]);
    expect(addressesOf(await ask(port, { type: "A", name: "web" }))).toEqual(["10.0.0.9"]);
    expect(codeOf(await ask(port, { type: "A", name: "api" }))).toBe(3);
  });

  it("asks elsewhere for other names", async () => {
    const elsewhere = createSocket("udp4");
    sockets.push(elsewhere);
    elsewhere.on("message", (message, { port, address }) => {
      const { id, questions } = decode(message);
      const answers = [{ type: "A", name: "example.com", data: "192.0.2.1" }] as const;
      elsewhere.send(encode({ type: "response", id: id ?? 0, questions: questions ?? [], answers: [...answers] }), port, address);
    });
    await new Promise<void>((resolve) => elsewhere.bind(0, "127.0.0.1", resolve));
    const { port } = await serve(zone, elsewhere.address().port);
    expect(addressesOf(await ask(port, { type: "A", name: "example.com" }))).toEqual(["192.0.2.1"]);
  });

  it("fails where there is nobody to ask", async () => {
    const { port } = await serve(zone);
    expect(codeOf(await ask(port, { type: "A", name: "example.com" }))).toBe(2);
  });

  it("says that an answer is too long for a datagram, and gives it over a connection", async () => {
    const many = Array.from({ length: 80 }, (_, index) => `10.0.1.${index}`);
    const { port } = await serve({ serial: 1, environments: [{ subnet: "127.0.0.0/8", names: { many: { addresses: many } } }] });
    const short = await ask(port, { type: "A", name: "many" });
    expect([short.answers, (short.flags ?? 0) & 0x200]).toEqual([[], 0x200]);
    const query = encode({ type: "query", id: 6, questions: [{ type: "A", name: "many" }] });
    const connection = connect(port, "127.0.0.1");
    connection.write(Buffer.concat([Buffer.from([0, query.length]), query]));
    const chunks: Buffer[] = [];
    for await (const chunk of connection) {
      chunks.push(Buffer.from(chunk));
      const text = Buffer.concat(chunks);
      if (text.length >= 2 + text.readUInt16BE(0)) break;
    }
    expect(addressesOf(decode(Buffer.concat(chunks).subarray(2)))).toHaveLength(80);
  });

  it("gives no answer to what is no query, and lives on", async () => {
    const { port } = await serve(zone);
    const socket = createSocket("udp4");
    sockets.push(socket);
    for (const noise of [Buffer.from("x"), Buffer.alloc(40, 255), encode({ type: "response", id: 1 })])
      socket.send(noise, port, "127.0.0.1");
    expect(addressesOf(await ask(port, { type: "A", name: "api" }))).toHaveLength(2);
  });

  it("believes no file that is not a zone", () => {
    for (const text of ["", "[]", "{}", '{"serial":1,"environments":[{}]}', '{"serial":1,"environments":[{"subnet":"x","names":{"a":1}}]}'])
      expect(readZone(text)).toBeUndefined();
    expect(readZone(JSON.stringify(zone))).toEqual(zone);
  });
});

describe("an environment's subnet", () => {
  it("holds its own addresses and none of another's", () => {
    const index = fc.integer({ min: 0, max: subnetCount - 1 });
    fc.assert(
      fc.property(index, index, (a, b) => {
        const [one, other] = [toEnvironmentSubnet(a), toEnvironmentSubnet(b)];
        expect(isInSubnet(one.dnsAddress, one.subnet) && isInSubnet(one.gateway, one.subnet)).toBe(true);
        expect(isInSubnet(one.dnsAddress, one.range)).toBe(false);
        expect(isInSubnet(one.dnsAddress, other.subnet)).toBe(a === b);
      }),
    );
  });
});
