/**
 * Who a process is to the Lease: its name and, after `_`, what no other process has, as client-go's leader election has it. A pod's
 * uid is that too, since a pod has one process at a time, and the next one in it has the Lease again at once after a crash.
 */
export const leaseIdentity = (name: string, podUid?: string): string => `${name}_${podUid || crypto.randomUUID()}`;

/** Whether two processes say the same name. */
export const areNamesakes = (one: string, other: string): boolean => one !== other && nameIn(one) === nameIn(other);

const nameIn = (identity: string) => identity.replace(/_[^_]*$/, "");
