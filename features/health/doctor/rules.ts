export const GROUPS = [
  ...(['versions', 'settings', 'clocks', 'disk', 'database', 'queue'] as const),
  ...(['gateways', 'storage', 'audit', 'backup', 'go_live'] as const),
] as const
type Group = (typeof GROUPS)[number]

/** The facts of each part; `installation.json` names each in both languages. */
const FACTS = {
  versions: ['app', 'node', 'postgres', 'schema', 'migrations', 'web', 'worker'],
  settings: ['keys', 'public_url', 'proxies', 'metrics', 'reference', 'holidays'],
  clocks: ['database_clock', 'city_time'],
  disk: ['data_disk', 'audit_disk'],
  database: ['database', 'database_size', 'connections', 'transaction', 'wal', 'replicas', 'read_replica'],
  queue: ['queue', 'attended', 'oldest_job', 'dead_jobs'],
  gateways: ['mail', 'sms', 'scanner', 'certificate', 'messages'],
  storage: ['storage', 'trouble'],
  audit: ['audit', 'sealed'],
  backup: ['backup', 'drill'],
  // Checked only on request.
  go_live: [
    ...(['go_address', 'go_admins', 'go_auditors', 'go_relay', 'go_police', 'go_survey'] as const),
    ...(['go_units', 'go_keys', 'go_drills', 'go_spf', 'go_dkim', 'go_dmarc', 'go_zalo'] as const),
    ...(['go_mail', 'go_alerts', 'go_bounces', 'go_holes', 'go_holidays', 'go_backup'] as const),
  ],
} as const satisfies Record<Group, readonly string[]>
export type FactName = (typeof FACTS)[Group][number]
export type GoLiveName = (typeof FACTS)['go_live'][number]

/** One fact about an installation. Never a secret, or personal data. */
export interface Fact {
  readonly name: FactName
  /** `look`: to be checked in working hours; `red`: something fails, or data is about to be lost. */
  readonly state: 'ok' | 'look' | 'red'
  /** A number, version or address, the same in every language; may be empty. */
  readonly value: string
  readonly said?: string
  readonly see?: string
}

export const factsOf = (group: Group, facts: readonly Fact[]): readonly Fact[] => {
  const names: readonly string[] = FACTS[group]
  return facts.filter(({ name }) => names.includes(name))
}

export const isRed = ({ state }: Fact): boolean => state === 'red'

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const
/** Formats bytes for a person: 3.2 GB. */
export function sayBytes(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)))
  const value = bytes / 1000 ** power
  return `${power === 0 ? value : value.toFixed(1)} ${UNITS[power]}`
}

/** Formats seconds for a person: 40 s, 12 min, 5 h, 3 d. */
export function saySeconds(seconds: number): string {
  const [divisor, unit] = (
    [
      [172_800, 86_400, 'd'],
      [7_200, 3_600, 'h'],
      [120, 60, 'min'],
    ] as const
  )
    .find(([from]) => seconds >= from)
    ?.slice(1) ?? [1, 's']
  return `${Math.round(seconds / Number(divisor))} ${unit}`
}

export const runbook = (alert: string): string => `docs/runbooks/${alert}.md`

export const above = (
  name: FactName,
  value: number,
  { look, red, alert, say }: { look: number; red: number; alert: string; say: (value: number) => string },
): Fact => {
  const state = value > red ? 'red' : value > look ? 'look' : 'ok'
  return { name, state, value: say(value), ...(state !== 'ok' && { see: runbook(alert) }) }
}

/** Turns red below a twentieth of free space, and `look` below a tenth. */
export function ofDisk(
  name: 'data_disk' | 'audit_disk',
  room: { readonly free: number; readonly size: number } | null,
): Fact {
  const alert = name === 'data_disk' ? 'AnTamStorageLow' : 'AnTamAuditStorageLow'
  if (room === null || room.size === 0) return { name, state: 'red', value: '–', see: runbook(alert) }
  const part = room.free / room.size
  const state = part < 0.05 ? 'red' : part < 0.1 ? 'look' : 'ok'
  const value = `${sayBytes(room.free)} / ${sayBytes(room.size)} (${Math.floor(part * 100)} %)`
  return { name, state, value, ...(state !== 'ok' && { see: runbook(alert) }) }
}

/** PostgreSQL's figures about its archive and replicas. */
export interface KeptData {
  /** True if it archives its write-ahead log (`archive_mode`). */
  readonly archiving: boolean
  /** True if the last attempt to archive failed. */
  readonly archiveFails: boolean
  /** Seconds since the last part was archived; null: never. */
  readonly archived: number | null
  readonly replicas: number
  /** Replicas that a commit waits for; null if this role may not see it (it needs `pg_read_all_stats`). */
  readonly inStep: number | null
  /** True if commits wait for a replica (`synchronous_standby_names`). */
  readonly waits: boolean
  /** Seconds that the slowest replica is behind; null without one, or if this role may not see it. */
  readonly behind: number | null
}

export const ofArchive = ({ archiving, archiveFails, archived }: KeptData): Fact => {
  const value = archived === null ? '–' : saySeconds(archived)
  if (!archiving)
    return { name: 'wal', state: 'look', value: 'archive_mode = off', see: 'docs/operations/backup.md' }
  return archiveFails
    ? { name: 'wal', state: 'red', value, see: runbook('AnTamWalArchiveFailing') }
    : { name: 'wal', state: 'ok', value }
}

export function ofReplicas({ replicas, inStep, waits, behind }: KeptData): Fact {
  const lag = behind === null ? '' : `, ${saySeconds(behind)}`
  const value = `${replicas}${inStep === null ? '' : ` (${inStep} synchronous)`}${lag}`
  if (waits && inStep === 0)
    return { name: 'replicas', state: 'red', value, see: runbook('AnTamReplicaGone') }
  return (behind ?? 0) > 30
    ? { name: 'replicas', state: 'look', value, see: runbook('AnTamReplicaBehind') }
    : { name: 'replicas', state: 'ok', value }
}

export function ofReadReplica({
  fault,
  behind,
}: {
  readonly fault: string | null
  readonly behind: number | null
}): Fact {
  const value = behind === null ? '–' : saySeconds(behind)
  const isLate = fault !== null || (behind ?? 0) > 60
  return {
    ...{ name: 'read_replica', value, state: isLate ? 'look' : 'ok' },
    ...(fault !== null && { said: fault }),
    ...(isLate && { see: runbook('AnTamReadReplicaLate') }),
  }
}
