/** Numbers that releases of an operating system have. */
const SYSTEMS: Readonly<Record<string, RegExp>> = {
  alpine: /^3\.\d+/,
  debian: /^(?:[7-9]|[12]\d)(?:\.|$)/,
  ubuntu: /^(?:[12]\d\.?(?:04|10)|1[468]|2[02468])$/,
  centos: /^(?:[5-9]|10)(?:\.|$)/,
  rhel: /^(?:[6-9]|1\d)(?:\.|$)/,
  ubi: /^(?:[7-9]|1\d)(?:\.|$)/,
  fedora: /^[2-9]\d(?:\.|$)/,
  suse: /^1[2-9](?:\.|$)/,
  leap: /^1[2-9](?:\.|$)/,
};
/** Languages, runtimes and databases that a variant is built with. */
const SOFTWARE =
  /^(?:python|py|php|node|nodejs|java|jdk|jre|openjdk|go|golang|ruby|perl|dotnet|rust|scala|erlang|otp|postgres|postgresql|pg|mysql|mariadb|cuda|rocm|spark|hadoop)$/;
/** Words that say how an image is made, or that count: a dotted number behind one of them at the end is a count of builds. */
const MANNER =
  /^(?:slim|fat|full|min|minimal|lite|light|tiny|core|base|onbuild|debug|prod|production|standalone|rootless|nonroot|unprivileged|amd|arm|armhf|multiarch|build|rev|rel|release|patch|hotfix|update|iteration)$/;

/**
 * Whether a number behind a word of a variant is that word's own version, which stays: `-alpine-3.20`, `-ubuntu-22.04`,
 * `-php-8.1`. What no release of the system has is a count of builds: `-debian-1.0`.
 */
export function ownsVersion(word: string, number: string): boolean {
  return isSystem(word) ? SYSTEMS[word]!.test(number) : SOFTWARE.test(word);
}

/** Whether a word has no version that a number behind it could be: of others nobody knows, and variants stay apart. */
export function hasNoVersion(word: string): boolean {
  return MANNER.test(word);
}

/** Whether a word names an operating system. */
export function isSystem(word: string): boolean {
  return Object.hasOwn(SYSTEMS, word);
}
