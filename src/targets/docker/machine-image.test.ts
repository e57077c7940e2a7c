import { describe, expect, it } from "vitest";
import { imagePathOf, impliedDirectories, missingLibraries, packImage, readLddOutput } from "./machine-image.ts";

const listing = `	linux-vdso.so.1 (0x00007fda676e7000)
	libzstd.so.1 => /lib/x86_64-linux-gnu/libzstd.so.1 (0x00007fda6761a000)
	libgone.so.2 => not found
	/lib64/ld-linux-x86-64.so.2 (0x00007fda676e9000)
`;

const bytes = async (stream: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
};

describe("an image made from this machine", () => {
  it("takes the libraries and the loader that ldd lists, and not the kernel's own", () => {
    expect(readLddOutput(listing)).toEqual(["/lib/x86_64-linux-gnu/libzstd.so.1", "/lib64/ld-linux-x86-64.so.2"]);
  });

  it("knows which libraries the machine lacks", () => {
    expect(missingLibraries(listing)).toEqual(["libgone.so.2"]);
  });

  it("names parents before their children", () => {
    expect(impliedDirectories(["/usr/local/bin/node", "/etc/passwd"])).toEqual(["/etc", "/usr", "/usr/local", "/usr/local/bin"]);
  });

  it("packs the same entries into the same bytes", async () => {
    const entries = [
      { path: "/lib", kind: "link", target: "usr/lib" },
      { path: "/usr/x", kind: "text", text: "hello\n" },
      { path: "/usr/y", kind: "file", source: import.meta.filename, mode: 0o755 },
    ] as const;
    const first = await bytes(packImage(entries));
    expect(first.includes("hello\n")).toBe(true);
    expect((await bytes(packImage(entries))).equals(first)).toBe(true);
  });

  it("fails when a file cannot be read", async () => {
    await expect(bytes(packImage([{ path: "/usr/x", kind: "file", source: "/nowhere/x", mode: 0o644 }]))).rejects.toThrow(/nowhere/);
  });

  it("keeps ordinary places and moves the rest where the PATH of an image looks", () => {
    expect(imagePathOf("/usr/bin/git")).toBe("/usr/bin/git");
    expect(imagePathOf("/home/me/.nvm/bin/node")).toBe("/usr/local/bin/node");
  });
});
