import { isOlder } from '#features/installation/rules.ts'

/** The file at the top of a built release that describes it. */
export const RELEASE_FILE = 'release.json'

export interface Release {
  readonly version: string
  readonly commit: string
  /** For example `linux-x64`. */
  readonly platform: string
  /** Versions that an upgrade to this one may not skip, in order: each removes something that earlier versions use. */
  readonly stops: readonly string[]
}

/** The names of a release's folder and archive: an-tam-1.2.0, an-tam-1.2.0-linux-x64.tar.gz. */
export const nameOf = (version: string): string => `an-tam-${version}`
export const archiveOf = ({ version, platform }: Pick<Release, 'version' | 'platform'>): string =>
  `${nameOf(version)}-${platform}.tar.gz`

/** Returns why an installation may not go from one release to another; null if it may. */
export function refuseStep(
  from: Pick<Release, 'version' | 'commit'>,
  to: Release,
  platform: string,
): string | null {
  if (to.platform !== platform) return `this release is for ${to.platform}, and this machine is ${platform}`
  if (isOlder(to.version, from.version))
    return `${to.version} is older than ${from.version}, which runs here: to go back, npm run upgrade -- back`
  if (to.version === from.version)
    return to.commit === from.commit
      ? `${to.version} is what runs here`
      : `two releases call themselves ${to.version}: ask who made them`
  const skipped = to.stops.find((stop) => isOlder(from.version, stop) && isOlder(stop, to.version))
  return skipped === undefined
    ? null
    : `${skipped} may not be skipped: upgrade to it first, then to ${to.version}`
}

/** Parses a checksum file in the format of sha256sum. */
export const readSums = (text: string): ReadonlyMap<string, string> =>
  new Map([...text.matchAll(/^([0-9a-f]{64}) {2}(\S+)$/gm)].map(([, sum = '', name = '']) => [name, sum]))
