import { UUID } from '#lib/uuid.ts'

/** A public table by its name, as the audit log has it: every figure that everybody reads is worked out of such tables. */
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

/** Returns a table's name without its last part, which is what one answer of the interface is worked out of. */
export const scopeOf = (name: string): string => name.slice(0, name.lastIndexOf('.'))

export interface LogEntry {
  readonly entry: bigint
  /** Its place in the log; null until it is sealed, within the minute. */
  readonly index: bigint | null
  readonly table: string
  /** In hexadecimal. */
  readonly sha256: string
}

export const writeLogEntry = ({ entry, index, table, sha256 }: LogEntry): string =>
  [`${entry}`, ...(index === null ? [] : [`index=${index}`]), `table=${table}`, `sha256=${sha256}`].join('; ')

/** The file under which a published table is kept, by its hash; with `.proof` the proof that the log has it. */
const FILE = /^([0-9a-f]{64})(\.proof)?\.json$/

export function readFigureFile(name: string): { readonly sha256: string; readonly proof: boolean } | null {
  const [, sha256, proof] = FILE.exec(name) ?? []
  return sha256 === undefined ? null : { sha256, proof: proof !== undefined }
}
