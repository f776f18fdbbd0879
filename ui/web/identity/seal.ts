import { EncryptJWT } from "jose/jwt/encrypt";
import { jwtDecrypt } from "jose/jwt/decrypt";
import type { JWTPayload } from "jose";
import type { SessionKeys } from "../../../core/web.ts";

/** Makes what only this operator reads of something that a browser keeps. */
export interface Seal {
  /** @param ends Seconds since the epoch, from which on it is not opened any more. */
  close(said: Record<string, unknown>, ends: number): Promise<string>;
  /** Undefined for what another sealed, for something else, or too long ago. */
  open(sealed: string): Promise<JWTPayload | undefined>;
}

export interface SealOptions {
  keys: SessionKeys;
  /** What it is for: what was sealed for something else is not opened. */
  audience: string;
  /** By the cluster's clock. */
  now(): Date;
}

/** JWE (RFC 7516), `dir` with `A256GCM`: the first key closes, each opens. */
export function createSeal({ keys, audience, now }: SealOptions): Seal {
  return {
    async close(said, ends) {
      const [key] = await keys();
      return await new EncryptJWT(said).setProtectedHeader({ alg: "dir", enc: "A256GCM" })
        .setAudience(audience).setExpirationTime(ends).encrypt(key!);
    },
    async open(sealed) {
      const rules = {
        audience,
        currentDate: now(),
        requiredClaims: ["exp"],
        keyManagementAlgorithms: ["dir"],
        contentEncryptionAlgorithms: ["A256GCM"],
      };
      for (const key of await keys()) {
        const opened = await jwtDecrypt(sealed, key, rules).catch(() => undefined);
        if (opened) return opened.payload;
      }
      return undefined;
    },
  };
}
