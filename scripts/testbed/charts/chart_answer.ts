import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";

/** How a chart repository answers. A part that is absent or undefined is not done. */
export interface Behaviour {
  /** Asks all for this login. */
  login?: { user: string; password: string } | undefined;
  /** `ETag` and `Last-Modified`, and 304 to those who hold the same. Default true. */
  validators?: boolean | undefined;
  /** The index compressed: `declared` by its header for those who take it, `undeclared` for all and without the header. */
  gzip?: "declared" | "undeclared" | undefined;
  /** Sends all on to the same path at this origin, such as `http://localhost:8080`. */
  redirectTo?: string | undefined;
  /** Applies to the index alone, after the login. */
  fault?: Fault | undefined;
}

/**
 * `html`: a page with status 200, as behind a login portal. `truncated`: the first half, and its own length.
 * `cut`: the first half, and then the connection is closed. `status`: that status. `hugeBytes`: the index, and then comments
 * until there are so many bytes.
 */
export type Fault = "html" | "truncated" | "cut" | { status: number } | { hugeBytes: number };

/** A request, and the folder that it is about. */
export interface Asked {
  dir: string;
  behaviour: Behaviour;
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  /** Called once, before the answer is sent. */
  note(status: number): void;
}

/** Answers one request of a chart repository. */
export async function answer(asked: Asked, response: ServerResponse): Promise<void> {
  const { behaviour: { login, redirectTo, fault }, path, headers } = asked;
  const send = (status: number, head: Record<string, string>, body: Uint8Array | string = "") => {
    asked.note(status);
    response.writeHead(status, {
      ...head,
      ...(status === 304 ? {} : { "content-length": `${Buffer.byteLength(body)}` }),
    });
    response.end(asked.method === "HEAD" || status === 304 ? undefined : body);
  };
  if (redirectTo) return send(302, { location: new URL(path, redirectTo).href });
  if (login && headers.authorization !== basic(login)) {
    return send(401, { "www-authenticate": 'Basic realm="charts"' }, "unauthorized\n");
  }
  const name = basename(new URL(path, "http://any").pathname);
  const file = await read(join(asked.dir, name));
  if (!file) return send(404, { "content-type": "text/plain" }, "404 page not found\n");
  const isIndex = name === "index.yaml";
  if (isIndex && fault) return sendFault(fault, file.bytes, asked, response, send);
  const type = { "content-type": isIndex ? "text/yaml" : "application/gzip" };
  const validators = asked.behaviour.validators === false ? {} : validatorsOf(file);
  if (isSame(headers, validators)) return send(304, validators);
  const packed = isIndex ? compressed(asked) : undefined;
  const coding: Record<string, string> = packed === "declared" ? { "content-encoding": "gzip" } : {};
  send(200, { ...type, ...validators, ...coding }, packed ? gzipSync(file.bytes) : file.bytes);
}

interface File {
  bytes: Uint8Array;
  modified: Date;
}

async function read(path: string): Promise<File | undefined> {
  try {
    const [bytes, { mtime }] = await Promise.all([readFile(path), stat(path)]);
    return { bytes, modified: mtime };
  } catch {
    return undefined;
  }
}

function validatorsOf({ bytes, modified }: File): Record<string, string> {
  const etag = `"${createHash("sha256").update(bytes).digest("hex").slice(0, 32)}"`;
  return { etag, "last-modified": modified.toUTCString() };
}

/** RFC 9110, section 13.2.2: `If-Modified-Since` counts only where there is no `If-None-Match`. */
function isSame(headers: IncomingHttpHeaders, validators: Record<string, string>): boolean {
  const { etag, "last-modified": modified } = validators;
  if (!etag || !modified) return false;
  const tags = headers["if-none-match"];
  if (tags !== undefined) return tags.split(/\s*,\s*/).some((tag) => tag.replace(/^W\//, "") === etag);
  const since = headers["if-modified-since"];
  return since !== undefined && Date.parse(modified) <= Date.parse(since);
}

function compressed({ behaviour: { gzip }, headers }: Asked): Behaviour["gzip"] {
  const taken = /\bgzip\b/.test(String(headers["accept-encoding"] ?? ""));
  return gzip === "declared" && !taken ? undefined : gzip;
}

type Send = (status: number, head: Record<string, string>, body?: Uint8Array | string) => void;

async function sendFault(fault: Fault, index: Uint8Array, asked: Asked, response: ServerResponse, send: Send) {
  const yaml = { "content-type": "text/yaml" };
  const half = index.subarray(0, index.length >> 1);
  if (fault === "html") return send(200, { "content-type": "text/html; charset=utf-8" }, page);
  if (fault === "truncated") return send(200, yaml, half);
  if (fault === "cut") {
    asked.note(200);
    response.writeHead(200, { ...yaml, "content-length": `${index.length}` });
    response.write(half, () => response.destroy());
    return;
  }
  if ("status" in fault) return send(fault.status, { "content-type": "text/plain" }, `status ${fault.status}\n`);
  asked.note(200);
  response.writeHead(200, yaml);
  await writeAll(response, index, fault.hugeBytes);
}

const page = `<!DOCTYPE html>
<html><head><title>Sign in</title></head><body><form action="/login"><input name="user"></form></body></html>
`;

/** Writes no faster than the other side reads. Stops when that side is gone. */
async function writeAll(response: ServerResponse, index: Uint8Array, bytes: number): Promise<void> {
  const comment = Buffer.from(`# ${"x".repeat(1021)}\n`.repeat(64));
  let open = true;
  let wake = () => {};
  response.on("close", () => {
    open = false;
    wake();
  });
  response.on("drain", () => wake());
  for (let [sent, part] = [0, index]; open && sent < bytes; part = comment) {
    sent += part.length;
    if (!response.write(part) && open) await new Promise<void>((resolve) => wake = resolve);
  }
  if (open) response.end();
}

const basic = ({ user, password }: { user: string; password: string }) =>
  `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
