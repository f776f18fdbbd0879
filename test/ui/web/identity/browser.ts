/** The cookies that a browser keeps, without what they are for. */
export interface Cookies {
  cookies: Map<string, string>;
  /** Of its next request. */
  headers(more?: Record<string, string>): Headers;
  /** What an answer has it keep or forget. */
  take(set: readonly string[] | Response): void;
}

export function browserOf(): Cookies {
  const cookies = new Map<string, string>();
  return {
    cookies,
    headers(more = {}) {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
      return new Headers({ ...more, ...(cookie === "" ? {} : { cookie }) });
    },
    take(set) {
      for (const line of set instanceof Response ? set.headers.getSetCookie() : set) {
        const [pair = "", ...attributes] = line.split("; ");
        const at = pair.indexOf("=");
        if (attributes.includes("Max-Age=0")) cookies.delete(pair.slice(0, at));
        else cookies.set(pair.slice(0, at), pair.slice(at + 1));
      }
    },
  };
}
