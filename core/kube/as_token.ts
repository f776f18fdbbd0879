import type { KubeConnection } from "./client.ts";

/**
 * The same API server, asked by whoever holds `token`. Nothing of the connection's own login goes with it: not its headers,
 * and not its client certificate, which the API server would believe before the token.
 */
export function asToken(connection: KubeConnection, token: string): KubeConnection {
  return {
    ...connection,
    ask: connection.askAsNobody,
    authorization: () => Promise.resolve({ authorization: `Bearer ${token}` }),
    describe: `${connection.server}, by another's token`,
    close: () => {},
  };
}
