import { changedSince, nameOf, type Outline, outlineOf, type Picture } from "./picture.ts";
import { pictureMessage, pingMessage, staleMessage } from "./message.ts";
import { createTurns } from "./turns.ts";
import { openStream, type Stream } from "./stream.ts";

/** An open page that wants to be told of changes. */
export interface Viewer {
  /** Viewers of one group are shown the same: the same view, by the same rights. */
  group: string;
  /** Whose streams are counted together. */
  person: string;
  /** Streams that they may have at the same time. */
  most: number;
  /** The name of the picture that the page shows. */
  shown?: string;
  /** Reads what the page shows now. It is called for one viewer of the group, for all of them. */
  picture(signal: AbortSignal): Promise<Picture>;
  /** Whether they may still look; asked from time to time. */
  mayLook(): Promise<boolean>;
}

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
/** For how long a picture is shown to pages that come, without another look. */
const FRESH_MS = 1_000;
/** How long a picture waits for the word on whether its reader may look still. */
const MAY_MS = 1_000;
/** Of a group so many are tried for a picture, where it fails at once. */
const MOST_TRIED = 3;
/** Bytes that may wait for all who read nothing; beyond, those for whom most waits are let go. */
const MOST_UNREAD = 64 << 20;
/** Who reads nothing for as long does not read. */
const UNREAD_MS = 250;
/** How many pings may find the one before still waiting. */
const MOST_BEHIND = 4;

interface Member {
  viewer: Viewer;
  stream: Stream;
  /** It has not been brought to the group's picture yet. */
  isNew: boolean;
  endsAt: number;
  askAt: number;
  behind: number;
  /** Bytes that waited at the last look. */
  waited: number;
}

interface Group {
  members: Set<Member>;
  /** What all but the new ones show; itself only while it is fresh. */
  shown?: { outline: Outline; name: string; at: number; picture?: Picture | undefined; whole?: Uint8Array | undefined };
  /** How many changes had been told when the picture was read. */
  upTo: number;
  isReading: boolean;
  stale?: string;
}

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
  let relievedAt = -Infinity;

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
        const picture = await pictureFor(group);
        group.upTo = upTo;
        if (picture) show(group, picture);
      } catch (error) {
        group.upTo = upTo;
        stale(group, inWords(error as Error));
      } finally {
        group.isReading = false;
        if (group.upTo < told) schedule();
      }
    });
  }

  /**
   * As one of the group sees it who may look still. Who may no more is let go, so that the others do not see what is left to them; and
   * who cannot be shown it, as by a token that has just ended, gives way to the next.
   *
   * @throws what the last of those that were tried met
   */
  async function pictureFor({ members }: Group): Promise<Picture | undefined> {
    const began = performance.now();
    const failures: unknown[] = [];
    for (const member of [...members]) {
      if (!members.has(member)) continue;
      const { viewer, stream } = member;
      const [picture, may] = await Promise.allSettled([
        within(times.deadline, (signal) => viewer.picture(signal)),
        within(MAY_MS, () => viewer.mayLook()),
      ]);
      if (may.status === "fulfilled" && !may.value) {
        stream.end();
        continue;
      }
      if (picture.status === "fulfilled") return picture.value;
      failures.push(picture.reason);
      if (members.delete(member)) members.add(member);
      if (failures.length >= MOST_TRIED || performance.now() - began > MAY_MS) break;
    }
    if (failures.length > 0) throw failures.at(-1);
    return undefined;
  }

  function show(group: Group, picture: Picture): void {
    relieve();
    const before = group.shown;
    const outline = outlineOf(picture);
    const name = nameOf(outline, replica);
    if (group.stale !== undefined) {
      group.stale = undefined;
      sendAll(group, staleMessage(""));
    }
    group.shown = { outline, name, at: performance.now(), picture };
    if (before?.name !== name) {
      const known = [...group.members].filter(({ isNew }) => !isNew);
      if (before && known.length > 0) {
        const bytes = pictureMessage(name, changedSince(before.outline, picture));
        for (const { stream } of known) stream.send(bytes);
      }
    }
    for (const member of group.members) if (member.isNew) welcome(group, member);
    forgetting ??= setTimeout(forgetPictures, FRESH_MS);
  }

  /** Pictures are as large as pages, and there may be as many as there are streams. */
  function forgetPictures(): void {
    forgetting = undefined;
    const now = performance.now();
    for (const { shown } of groups.values()) {
      if (!shown?.picture) continue;
      if (now - shown.at >= FRESH_MS) shown.picture = shown.whole = undefined;
      else forgetting ??= setTimeout(forgetPictures, FRESH_MS);
    }
  }

  /** Each reader may leave a picture unread; all together may not leave as many as there are streams. */
  function relieve(): void {
    const now = performance.now();
    if (now - relievedAt < UNREAD_MS) return;
    relievedAt = now;
    const unread: { stream: Stream; bytes: number }[] = [];
    for (const { members } of groups.values()) {
      for (const member of members) {
        const bytes = member.stream.waiting();
        if (bytes > 0 && bytes >= member.waited && member.waited > 0) unread.push({ stream: member.stream, bytes });
        member.waited = bytes;
      }
    }
    let left = unread.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const { stream, bytes } of unread.sort((a, b) => b.bytes - a.bytes)) {
      if (left <= MOST_UNREAD) break;
      stream.drop();
      left -= bytes;
    }
  }

  function stale(group: Group, why: string): void {
    if (group.stale === why) return;
    group.stale = why;
    sendAll(group, staleMessage(why));
  }

  /** Brings a page to the group's picture, unless it shows that already. */
  function welcome({ shown }: Group, member: Member): void {
    if (!shown) return;
    const shows = member.viewer.shown === shown.name;
    if (!shows && !shown.picture) return;
    member.isNew = false;
    if (shows) return member.stream.send(pingMessage(times.ping, shown.name));
    member.stream.send(shown.whole ??= pictureMessage(shown.name, shown.picture!));
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
    if (isFresh(group, viewer)) welcome(group, member);
    else if (group.upTo === told || !group.shown) void read(group);
    return () => leave(group, member);
  }

  /** Whether the page that just came cannot be newer than what the group shows: not all that pages show tells of its changes. */
  function isFresh({ shown, stale, upTo }: Group, viewer: Viewer): boolean {
    if (!shown || stale !== undefined || upTo < told) return false;
    return shown.name === viewer.shown || shown.picture !== undefined && performance.now() - shown.at < FRESH_MS;
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

function sendAll({ members }: Group, bytes: Uint8Array): void {
  for (const { stream } of members) stream.send(bytes);
}

/** Runs a task that has to be done in time, whether it listens to its signal or not. */
async function within<T>(ms: number, task: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const control = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new Error(`it took longer than ${ms / 1000} s`);
      reject(error);
      control.abort(error);
    }, ms);
  });
  try {
    return await Promise.race([task(control.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}
