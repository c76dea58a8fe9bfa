import { readFileSync } from 'node:fs'
import { loadModule, parseSync } from 'libpg-query'
import { isOlder } from '#features/installation/rules.ts'
import { isOutside, readHeader } from './migration-header.ts'
import type { Migration } from './migrations.ts'

/** The release that new migrations must keep working: prisma/last-release.json, rewritten with each release. */
export interface Release {
  readonly version: string
  readonly commit: string
  /** The newest migration in the release. */
  readonly migration: string
}

export const lastRelease = (): Release => JSON.parse(readFileSync('prisma/last-release.json', 'utf8'))

/** A statement from PostgreSQL's own parser: one key, its kind, with its fields. */
type Node = Readonly<Record<string, unknown>>
const fields = (node: unknown): Node => (node ?? {}) as Node
const list = (value: unknown): Node[] => (Array.isArray(value) ? value : [])
const text = (value: unknown): string => String(fields(fields(value).String).sval ?? '')

/** The refused statements, each by the name that `-- accepted: NAME: why` allows, with what to do instead. */
const WORDS = {
  drop: 'takes away what the last release uses: make it a step of its own with `-- contract: since VERSION`, a release after nothing uses it any more',
  rename:
    'the last release asks by the old name: add the new one beside it, write both, and drop the old one as a contract step',
  'not-null':
    'fails rows that the last release writes, and reads the whole table under a lock: a DEFAULT, or CHECK (… IS NOT NULL) NOT VALID and VALIDATE in a migration after it',
  type: 'writes the table anew under a lock, and the last release reads another type: a new column beside it',
  index:
    'keeps writers out while it is made: CREATE INDEX CONCURRENTLY IF NOT EXISTS, alone in its migration',
  'not-valid':
    'reads the whole table under a lock: NOT VALID here, and VALIDATE CONSTRAINT in a migration after it',
  'whole-table': 'changes rows without end in one transaction: a job in bounded batches',
  alone:
    'cannot stand in a transaction: alone in its migration, and IF [NOT] EXISTS, as it may be tried again',
  'before-17': 'is unknown to PostgreSQL 15 and 16: beside it, before-17.sql has what they run instead',
  contract:
    'names a version that is not released yet: what it takes away must be unused by the last release already',
} as const
type Rule = keyof typeof WORDS

export interface Fault {
  readonly migration: string
  readonly rule: Rule
  readonly what: string
  readonly words: string
}

const VALIDATED = ['CONSTR_CHECK', 'CONSTR_FOREIGN']
const INDEXED = ['CONSTR_PRIMARY', 'CONSTR_UNIQUE', 'CONSTR_EXCLUSION']

/** Drops that are safe: no release refers to them by name, or they only allow more. */
const HARMLESS_DROPS = ['OBJECT_TRIGGER', 'OBJECT_POLICY', 'OBJECT_INDEX']

function ofColumn(column: Node, add: (rule: Rule, what: string) => void): void {
  const kinds = list(column.constraints).map((one) => fields(one.Constraint))
  const has = (kind: string) => kinds.some(({ contype }) => contype === kind)
  if (has('CONSTR_GENERATED') || has('CONSTR_IDENTITY'))
    add('type', `ADD COLUMN ${column.colname} makes every row anew`)
  else if ((has('CONSTR_NOTNULL') || has('CONSTR_PRIMARY')) && !has('CONSTR_DEFAULT'))
    add('not-null', `ADD COLUMN ${column.colname} NOT NULL without a default`)
  if (has('CONSTR_CHECK') || has('CONSTR_FOREIGN'))
    add('not-valid', `ADD COLUMN ${column.colname} with a constraint`)
  if (has('CONSTR_UNIQUE')) add('index', `ADD COLUMN ${column.colname} UNIQUE`)
}

function ofConstraint(
  { contype, conname, skip_validation, indexname }: Node,
  add: (rule: Rule, what: string) => void,
): void {
  if (INDEXED.includes(String(contype)) && !indexname) add('index', `ADD CONSTRAINT ${conname}`)
  if (VALIDATED.includes(String(contype)) && !skip_validation) add('not-valid', `ADD CONSTRAINT ${conname}`)
}

function ofAlter({ subtype, name, def }: Node, add: (rule: Rule, what: string) => void): void {
  if (subtype === 'AT_DropColumn') add('drop', `DROP COLUMN ${name}`)
  if (subtype === 'AT_ColumnDefault' && !def) add('drop', `ALTER COLUMN ${name} DROP DEFAULT`)
  if (subtype === 'AT_SetNotNull') add('not-null', `ALTER COLUMN ${name} SET NOT NULL`)
  if (subtype === 'AT_AlterColumnType') add('type', `ALTER COLUMN ${name} TYPE`)
  if (subtype === 'AT_AddColumn') ofColumn(fields(fields(def).ColumnDef), add)
  if (subtype === 'AT_AddConstraint') ofConstraint(fields(fields(def).Constraint), add)
}

/** Parses with PostgreSQL's own parser, and lists the statements that are unsafe on tables of the last release. */
function faultsOf(migration: Migration, released: Release, made: Set<string>): Fault[] {
  const { contract, accepted } = readHeader(migration.sql)
  const found: [Rule, string][] = []
  const { stmts = [] } = parseSync(migration.sql)
  const outside = isOutside(migration.sql)
  const isNew = (relation: unknown) => made.has(String(fields(relation).relname))
  for (const { stmt } of stmts) {
    const [[kind, given] = ['', {}]] = Object.entries(fields(stmt))
    const node = fields(given)
    const table = String(fields(node.relation).relname ?? '')
    const add = (rule: Rule, what: string) => found.push([rule, `${table ? `${table}: ` : ''}${what}`])
    if (kind === 'CreateStmt') made.add(table)
    if (kind === 'AlterTableStmt' && !isNew(node.relation))
      for (const one of list(node.cmds)) ofAlter(fields(one.AlterTableCmd), add)
    const anew = list(node.cmds).find((one) => fields(one.AlterTableCmd).subtype === 'AT_SetExpression')
    if (anew && !migration.before17) add('before-17', 'SET EXPRESSION')
    if (kind === 'RenameStmt' && !isNew(node.relation)) add('rename', `RENAME to ${node.newname}`)
    if (kind === 'AlterEnumStmt' && node.oldVal) add('rename', `RENAME VALUE ${node.oldVal}`)
    if (kind === 'DropStmt') {
      const names = list(node.objects).map((one) => objectName(one))
      const lost = names.filter((name) => !made.has(name))
      if (!HARMLESS_DROPS.includes(String(node.removeType)) && lost.length > 0)
        add('drop', `DROP ${String(node.removeType).replace('OBJECT_', '')} ${lost.join(', ')}`)
      if (node.removeType === 'OBJECT_INDEX' && !node.concurrent)
        add('index', `DROP INDEX ${names.join(', ')}`)
    }
    if (kind === 'IndexStmt' && !isNew(node.relation) && !node.concurrent)
      add('index', `CREATE INDEX ${node.idxname}`)
    const repeatable = kind === 'IndexStmt' ? node.if_not_exists : node.missing_ok
    if (outside && (stmts.length > 1 || !repeatable)) add('alone', 'CONCURRENTLY')
    if (kind === 'TruncateStmt') add('whole-table', 'TRUNCATE')
    if ((kind === 'UpdateStmt' || kind === 'DeleteStmt') && !isNew(node.relation))
      add('whole-table', kind === 'UpdateStmt' ? 'UPDATE' : 'DELETE')
  }
  const judged =
    contract !== null
      ? found.filter(([rule]) => rule !== 'drop' && rule !== 'rename' && rule !== 'not-null')
      : found
  // The release that stopped using it must be out; otherwise no installation could upgrade without stopping.
  if (contract !== null && isOlder(released.version, contract)) judged.push(['contract', `since ${contract}`])
  return judged
    .filter(([rule]) => !accepted.includes(rule))
    .map(([rule, what]) => ({ migration: migration.name, rule, what, words: WORDS[rule] }))
}

function objectName(object: Node): string {
  if (object.ObjectWithArgs) return text(list(fields(object.ObjectWithArgs).objname).at(-1))
  if (object.TypeName) return text(list(fields(object.TypeName).names).at(-1))
  return text(list(fields(object.List).items).at(-1))
}

/**
 * Returns the statements of migrations since the last release that this release could not work with. Newer tables are
 * exempt, because the release does not use them. A contract step (`-- contract: since VERSION`) may remove things if
 * VERSION is released.
 */
export async function lintMigrations(migrations: readonly Migration[], released: Release): Promise<Fault[]> {
  await loadModule()
  const made = new Set<string>()
  return migrations
    .filter(({ name }) => name > released.migration)
    .flatMap((migration) => faultsOf(migration, released, made))
}

export const sayFault = ({ migration, rule, what, words }: Fault): string =>
  `${migration}: ${what} (${rule}): ${words}`
