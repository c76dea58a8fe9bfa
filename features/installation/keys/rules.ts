/** Keys that must be this database's own, or the process does not start: under a wrong key nothing is found again. */
export const KEY_NAMES = [
  'ANTAM_KEY',
  'ANTAM_INDEX_KEY',
  'ANTAM_HASH_KEY',
  'ANTAM_AUDIT_KEY',
  'ANTAM_EXCHANGE_KEY',
] as const
export type KeyName = (typeof KEY_NAMES)[number]

/** Keys with two versions at a time. Each other key has one; {@link PAIRED_KEY} has a rule of its own. */
export const VERSIONED: readonly KeyName[] = ['ANTAM_KEY', 'ANTAM_INDEX_KEY']

/** This key only signs, and is changed by giving the next one beside it. Any known version that is not retired is right. */
export const PAIRED_KEY: KeyName = 'ANTAM_EXCHANGE_KEY'

/** A check value, different under each name. It reveals nothing about the key. */
type Fingerprint = Uint8Array

export interface GivenKey {
  readonly name: KeyName
  /** The environment variable of the key; `_ALSO` for a second key. */
  readonly variable: string
  /** null: the key has no versions. */
  readonly version: number | null
  /** True if data is written under it; otherwise it only reads. */
  readonly writes: boolean
  /** Its check value under each name, to recognise a key in the wrong variable. */
  readonly fingerprints: Readonly<Record<KeyName, Fingerprint>>
}

export interface KnownKey {
  readonly name: KeyName
  readonly version: number
  readonly fingerprint: Fingerprint
  /** True if data may exist under it. */
  readonly used: boolean
  readonly retired: boolean
}

export interface NewKey {
  readonly name: KeyName
  readonly version: number
  readonly fingerprint: Fingerprint
  readonly used: boolean
}

export interface KeyVerdict {
  /** Sentences for an operator; empty if all keys are right. */
  readonly faults: readonly string[]
  /** Keys that the database does not know yet, or not yet as used for writing. */
  readonly news: readonly NewKey[]
}

const same = (a: Fingerprint, b: Fingerprint): boolean =>
  a.length === b.length && a.every((byte, at) => byte === b[at])

export function judgeKeys(given: readonly GivenKey[], known: readonly KnownKey[]): KeyVerdict {
  const faults: string[] = []
  const news: NewKey[] = []
  const [byVersion, beside] = [
    given.filter((key) => key.name !== PAIRED_KEY),
    given.filter((key) => key.name === PAIRED_KEY),
  ]
  const besideVerdict = judgeBeside(beside, known)
  faults.push(...besideVerdict.faults)
  news.push(...besideVerdict.news)
  for (const key of byVersion) {
    const row = knownAs(key, known)
    if (!row) {
      const version = key.version ?? 1
      news.push({ name: key.name, version, fingerprint: key.fingerprints[key.name], used: key.writes })
    } else if (!same(row.fingerprint, key.fingerprints[key.name])) {
      faults.push(`${key.variable}: is not ${called(row)} of this database${truly(key, known)}`)
    } else if (key.writes && row.retired) {
      faults.push(`${key.variable}: version ${row.version} was replaced; nothing may be written under it`)
    } else if (key.writes && !row.used) {
      news.push({ ...row, used: true })
    }
  }
  for (const row of known) {
    if (row.name === PAIRED_KEY || !row.used || row.retired) continue
    if (given.some((key) => knownAs(key, known) === row)) continue
    // A process without any version of this key does not need it.
    if (!given.some(({ name }) => name === row.name)) continue
    faults.push(
      `${row.name}: version ${row.version} is in use in this database and is not given (${row.name} or ${row.name}_ALSO)`,
    )
  }
  return { faults, news }
}

/** Checks the given versions of {@link PAIRED_KEY}: one known version is enough, and the others are learned. */
function judgeBeside(given: readonly GivenKey[], known: readonly KnownKey[]): KeyVerdict {
  const rows = known.filter((row) => row.name === PAIRED_KEY && !row.retired)
  const rowOf = ({ fingerprints }: GivenKey) =>
    rows.find((row) => same(row.fingerprint, fingerprints[PAIRED_KEY]))
  if (rows.length > 0 && !given.some((key) => rowOf(key) !== undefined)) {
    const faults = given
      .filter(({ writes }) => writes)
      .map((key) => `${key.variable}: is not ${PAIRED_KEY} of this database${truly(key, known)}`)
    return { faults, news: [] }
  }
  const highest = Math.max(0, ...rows.map(({ version }) => version))
  const unknown = given.filter((key) => rowOf(key) === undefined)
  const learned = unknown.map(({ fingerprints, writes }, at) => ({
    ...{ name: PAIRED_KEY, version: highest + at + 1, fingerprint: fingerprints[PAIRED_KEY], used: writes },
  }))
  const written = given.flatMap((key) => {
    const row = rowOf(key)
    return row && key.writes && !row.used ? [{ ...row, used: true }] : []
  })
  return { faults: [], news: [...learned, ...written] }
}

function knownAs({ name, version }: GivenKey, known: readonly KnownKey[]): KnownKey | undefined {
  const rows = known.filter((row) => row.name === name && (version === null || row.version === version))
  return rows.find(({ retired }) => !retired) ?? (version === null ? undefined : rows.at(-1))
}

const called = ({ name, version }: KnownKey): string =>
  VERSIONED.includes(name) ? `version ${version} of ${name}` : name

/** Returns words that name the key if it is known under another name or version: two keys were exchanged. */
function truly({ fingerprints }: GivenKey, known: readonly KnownKey[]): string {
  const other = known.find((row) => same(row.fingerprint, fingerprints[row.name]))
  return other ? ` (it is ${called(other)})` : ''
}
