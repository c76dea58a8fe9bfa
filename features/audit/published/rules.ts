import { UUID } from '#lib/uuid.ts'

/** A public table, by its name in the audit log. All public figures are computed from such tables. */
export interface PublicTable {
  readonly name: string
  readonly content: object
}

const AGENCY = '[a-z0-9]+(?:-[a-z0-9]+)*'
const MONTH = '[1-9]\\d{3}-(?:0[1-9]|1[0-2])'
const NAME = new RegExp(
  `^(?:results\\.${AGENCY}\\.(?:${MONTH}|splits)|(?:volumes|figures|archive)\\.${MONTH}|report\\.${UUID})$`,
)

export const isTableName = (name: string): boolean => NAME.test(name)

/** Returns a table's name without its last part: one answer of the interface is computed from one scope. */
export const scopeOf = (name: string): string => name.slice(0, name.lastIndexOf('.'))

export interface LogEntry {
  readonly entry: bigint
  /** Its place in the log; null until it is sealed, within a minute. */
  readonly index: bigint | null
  readonly table: string
  /** In hexadecimal. */
  readonly sha256: string
}

export const writeLogEntry = ({ entry, index, table, sha256 }: LogEntry): string =>
  [`${entry}`, ...(index === null ? [] : [`index=${index}`]), `table=${table}`, `sha256=${sha256}`].join('; ')

/** A published table's file is named by its hash; the one with `.proof` proves that the log has it. */
const FILE = /^([0-9a-f]{64})(\.proof)?\.json$/

export function readFigureFile(name: string): { readonly sha256: string; readonly proof: boolean } | null {
  const [, sha256, proof] = FILE.exec(name) ?? []
  return sha256 === undefined ? null : { sha256, proof: proof !== undefined }
}
