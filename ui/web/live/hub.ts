import {
  forgetOldPicture,
  FRESH_MS,
  type Group,
  isFresh,
  type Member,
  readPicture,
  show,
  showStale,
  type Viewer,
  welcome,
} from "./group.ts";
import { createRelief } from "./unread.ts";
import { pingMessage, staleMessage } from "./message.ts";
import { createTurns } from "./turns.ts";
import { openStream, type Stream } from "./stream.ts";
import { within } from "../in_time.ts";

export interface Hub {
  /** The stream of a page; undefined where there are too many. */
  open(viewer: Viewer): Response | undefined;
  /** Ends all streams: the pages connect to another replica. */
  stop(): void;
  /** Streams that are open, and the groups that they are in. */
  size(): { streams: number; groups: number };
}

export interface HubOptions {
  /** This replica's name. */
  replica: string;
  /** Tells that something may be another than it was; gives back what ends that. */
  changes(listener: () => void): () => void;
  /** What is told of a picture that could not be read. */
  inWords(error: Error): string;
  /** Streams at the same time. */
  streams: number;
  times?: Partial<HubTimes>;
  /**
   * As it is set now, in the place of `times.renew`.
   *
   * @default that of `times`
   */
  renew?(): number;
}

/** Milliseconds. */
export interface HubTimes {
  /** Changes within as long are one message. */
  together: number;
  /** Between two rounds at the most, however long one takes. */
  longestPause: number;
  /** Between two pings. */
  ping: number;
  /** Until a stream ends: the page comes back, to a new version or other rights, if there are any. */
  life: number;
  /** Until it is asked again whether somebody may look. */
  ask: number;
  /** Until a picture is read again although nothing was told to have changed: rights may have, and time has. */
  renew: number;
  /** For one picture. */
  deadline: number;
}

const STANDARD_TIMES: HubTimes = {
  together: 150,
  longestPause: 2_000,
  ping: 15_000,
  life: 600_000,
  ask: 60_000,
  renew: 60_000,
  deadline: 10_000,
};
/** A round may take up this part of the time, so that the operator's work goes on beside it. */
const SHARE = 1 / 5;
/** How long one group's picture keeps that of the next waiting. */
const PATIENCE_MS = 50;
/** How many pings may find the one before still waiting. */
const MOST_BEHIND = 4;

/**
 * All open pages. Those of a group are rendered once for a change, and get the same bytes. While no page is open it listens to
 * nobody and keeps nothing.
 */
export function createHub(options: HubOptions): Hub {
  const { replica, inWords } = options;
  const times = { ...STANDARD_TIMES, ...options.times };
  const { renew = () => times.renew } = options;
  const groups = new Map<string, Group>();
  const perPerson = new Map<string, number>();
  const turns = createTurns(PATIENCE_MS);
  const relieve = createRelief();
  const ping = pingMessage(times.ping);
  let streams = 0;
  let told = 1;
  let round: ReturnType<typeof setTimeout> | undefined;
  let isInRound = false;
  let pause = times.together;
  let ticking: ReturnType<typeof setInterval> | undefined;
  let deaf: (() => void) | undefined;
  let isStopped = false;
  let forgetting: ReturnType<typeof setTimeout> | undefined;

  function listen(): void {
    if (deaf) return;
    deaf = options.changes(() => {
      told++;
      schedule();
    });
    ticking = setInterval(tick, times.ping);
  }

  function rest(): void {
    deaf?.();
    deaf = undefined;
    clearInterval(ticking);
    clearTimeout(round);
    round = undefined;
    clearTimeout(forgetting);
    forgetting = undefined;
    pause = times.together;
  }

  function schedule(): void {
    if (round === undefined && !isInRound && deaf) round = setTimeout(renewAll, pause);
  }

  async function renewAll(): Promise<void> {
    round = undefined;
    isInRound = true;
    const upTo = told;
    const before = turns.spent();
    // what takes longer than its turn is not waited for
    const turned = [...groups.values()].filter((group) => group.upTo < upTo).map(read);
    await Promise.race([Promise.all(turned), turns.take(() => Promise.resolve())]);
    isInRound = false;
    const spent = turns.spent() - before;
    pause = Math.min(times.longestPause, Math.max(times.together, spent / SHARE - spent));
    if (told > upTo) schedule();
  }

  /** Reads the picture of a group, unless that is under way, and sends what changed. */
  function read(group: Group): Promise<void> {
    if (group.isReading) return Promise.resolve();
    group.isReading = true;
    return turns.take(async () => {
      const upTo = told;
      try {
        const picture = await readPicture(group, times.deadline);
        group.upTo = upTo;
        if (picture) {
          relieve(groups.values());
          show(group, picture, { replica, pingMs: times.ping });
          forgetting ??= setTimeout(forgetPictures, FRESH_MS);
        }
      } catch (error) {
        group.upTo = upTo;
        showStale(group, inWords(error as Error));
      } finally {
        group.isReading = false;
        if (group.upTo < told) schedule();
      }
    });
  }

  function forgetPictures(): void {
    forgetting = undefined;
    // there may be as many as there are streams
    for (const group of groups.values()) {
      if (forgetOldPicture(group)) forgetting ??= setTimeout(forgetPictures, FRESH_MS);
    }
  }

  function join(viewer: Viewer, stream: Stream): () => void {
    if (isStopped) {
      stream.end();
      return () => {};
    }
    streams++;
    perPerson.set(viewer.person, (perPerson.get(viewer.person) ?? 0) + 1);
    listen();
    const now = performance.now();
    const member: Member = {
      viewer,
      stream,
      isNew: true,
      endsAt: now + times.life * (0.8 + 0.4 * Math.random()),
      askAt: now + times.ask * (0.8 + 0.4 * Math.random()),
      behind: 0,
      waited: 0,
    };
    const group = groups.get(viewer.group) ?? { members: new Set(), upTo: 0, isReading: false };
    groups.set(viewer.group, group);
    group.members.add(member);
    // the first byte, which also brings the head through proxies
    stream.send(ping);
    if (group.stale !== undefined) stream.send(staleMessage(group.stale));
    if (isFresh(group, viewer, told)) welcome(group, member, times.ping);
    else if (group.upTo === told || !group.shown) void read(group);
    return () => leave(group, member);
  }

  function leave(group: Group, member: Member): void {
    if (!group.members.delete(member)) return;
    const { group: key, person } = member.viewer;
    streams--;
    const left = perPerson.get(person)! - 1;
    if (left > 0) perPerson.set(person, left);
    else perPerson.delete(person);
    if (group.members.size === 0 && groups.get(key) === group) groups.delete(key);
    if (streams === 0) rest();
  }

  function tick(): void {
    const now = performance.now();
    for (const group of groups.values()) {
      for (const member of group.members) {
        const { stream } = member;
        member.behind = stream.waiting() > 0 ? member.behind + 1 : 0;
        if (member.behind >= MOST_BEHIND) stream.drop();
        else if (now >= member.endsAt) stream.end();
        else {
          if (member.behind === 0) stream.send(ping);
          if (now >= member.askAt) void ask(member);
        }
      }
      const isOld = !group.shown || group.stale !== undefined || now - group.shown.at >= renew();
      if (isOld && group.members.size > 0) void read(group);
    }
  }

  /** An answer that does not come, or is an error, ends nothing: only a no does. */
  async function ask(member: Member): Promise<void> {
    member.askAt = Infinity;
    const may = await within(times.deadline, () => member.viewer.mayLook()).catch(() => true);
    member.askAt = performance.now() + times.ask * (0.8 + 0.4 * Math.random());
    if (!may) member.stream.end();
  }

  return {
    open(viewer) {
      const isFull = streams >= options.streams || (perPerson.get(viewer.person) ?? 0) >= viewer.most;
      return isFull || isStopped ? undefined : openStream((stream) => join(viewer, stream));
    },
    stop() {
      isStopped = true;
      for (const { members } of [...groups.values()]) for (const { stream } of [...members]) stream.end();
      rest();
    },
    size: () => ({ streams, groups: groups.size }),
  };
}
