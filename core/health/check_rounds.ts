import type { Checks, NamedCheckReading } from "./checks.ts";

type Subject = Parameters<Checks["read"]>[0];

export interface CheckRoundsOptions {
  read: Checks["read"];
  /** Milliseconds between the beginnings of two rounds for one UpdateRequest. */
  interval: number;
  /** Milliseconds. */
  now(): number;
  /** What was begun for this workload is there. */
  onRead(workloadKey: string): void;
}

/** Readings of all the checks that an update asks for, made outside of the workers, a round at a time. */
export interface CheckRounds {
  /**
   * The last round, if it is younger than the interval, or was not told yet. Else a new one is begun, and this is undefined until all its
   * checks have said something: then the workload is told of.
   */
  read(workloadKey: string, subject: Subject, annotations: Record<string, string>): NamedCheckReading[] | undefined;
  /** Ends what is under way for an UpdateRequest, by its uid, and lets go of what is known of it. */
  forget(uid: string): void;
}

interface Round {
  /** When it was begun. */
  at: number;
  /** Of what. */
  about: string;
  readings?: NamedCheckReading[];
  isTold: boolean;
  stop: AbortController;
}

export function createCheckRounds({ read, interval, now, onRead }: CheckRoundsOptions): CheckRounds {
  /** By the uid of the UpdateRequest. */
  const rounds = new Map<string, Round>();

  function begin(key: string, about: string, subject: Subject, annotations: Record<string, string>): Round {
    const round: Round = { at: now(), about, isTold: false, stop: new AbortController() };
    const { signal } = round.stop;
    read(subject, annotations, signal).then((readings) => {
      if (signal.aborted) return;
      round.readings = readings;
      onRead(key);
    }, () => {
      // it was ended from outside: nothing is known
    });
    return round;
  }

  return {
    read(key, subject, annotations) {
      const { uid } = subject.updateRequest;
      const about = JSON.stringify([annotations, subject.container, subject.image, subject.appliedAt]);
      const last = rounds.get(uid);
      if (last?.about === about) {
        if (!last.readings) return undefined;
        // nine tenths: the timer for the next round may be a little early
        if (!last.isTold || now() - last.at < interval * 0.9) {
          last.isTold = true;
          return last.readings;
        }
      }
      last?.stop.abort();
      rounds.set(uid, begin(key, about, subject, annotations));
      return undefined;
    },
    forget(uid) {
      rounds.get(uid)?.stop.abort();
      rounds.delete(uid);
    },
  };
}
