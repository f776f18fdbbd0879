const quote = 34, comma = 44, openBracket = 91, backslash = 92, openBrace = 123;

/**
 * Whether a text in JSON has at most so many values: what a parser makes of it takes memory by their number, and some bytes of text
 * (`[],[],…`) are dozens in memory. What is no JSON counts as well as it can.
 */
export function hasAtMostValues(text: Uint8Array, mostValues: number): boolean {
  let values = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const byte = text[at];
    if (inString) {
      if (byte === backslash) at++;
      else if (byte === quote) inString = false;
    } else if (byte === quote) inString = true;
    else if (byte === comma || byte === openBracket || byte === openBrace) {
      if (++values > mostValues) return false;
    }
  }
  return true;
}
