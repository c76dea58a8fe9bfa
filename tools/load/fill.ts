import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { dropIndexes, hasOwnRows, insertRows } from './bulk.ts'
import { addCase, type Plan, type Rows } from './rows.ts'

export type Wish = Omit<Plan, 'areas' | 'staff' | 'now'>

const TABLES = ['case_keys', 'cases', 'case_imeis', 'case_events', 'blind_index'] as const
/** Tables that the database fills from the others. */
const KEPT = ['case_numbers', 'queue_places'] as const
/**
 * Triggers that are off during the load. The first two place a case in the queue's lists with each row, and need the
 * dropped indexes. The others require that two people looked at the case before each block, which nobody did here.
 */
const AWAY = [
  ['cases', 'queue_new_case'],
  ['case_imeis', 'queue_imeis'],
  ['cases', 'new_block_by_two'],
  ['case_imeis', 'reported_by_two'],
] as const
const BATCH = 5_000

/** Creates an officer and a supervisor of each area as authors of the cases' moves; they cannot sign in. */
async function makeStaff(client: pg.Client, areas: readonly string[]): Promise<Plan['staff']> {
  const staff = new Map<string, { officer: string; supervisor: string }>()
  for (const area of areas) {
    const ids = { officer: randomUUID(), supervisor: randomUUID() }
    staff.set(area, ids)
    for (const role of ['officer', 'supervisor'] as const) {
      await client.query(
        `INSERT INTO staff_accounts (id, email, name, role, unit_id, decides_from)
         VALUES ($1, $2, $3, $4::staff_role, $5, 'epoch')`,
        [ids[role], `${role}@${area}.load.example`, `Cán bộ ${area}`, role, area],
      )
    }
  }
  return staff
}

/**
 * Fills a migrated and seeded database as its owner: everything or, on any failure, nothing. It may have no cases yet
 * except those of the demo city. `told` gets the number of cases written so far.
 */
export async function fill(ownerUrl: string, wish: Wish, told: (done: number) => void): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await client.query('BEGIN')
    await client.query(`SET LOCAL antam.scope = 'system'`)
    const { rows: areas } = await client.query<{ id: string }>(
      `SELECT id FROM police_areas
       WHERE edition_id = (SELECT id FROM area_editions WHERE in_force) ORDER BY ordinal`,
    )
    if (areas.length === 0) throw new Error('The database has no police areas: start the product on it once.')
    if (await hasOwnRows(client, 'cases', 'cases'))
      throw new Error('The database has cases already: load into an empty one.')
    const ids = areas.map(({ id }) => id)
    const plan: Plan = { ...wish, areas: ids, staff: await makeStaff(client, ids), now: new Date() }
    await client.query(`SET LOCAL maintenance_work_mem = '512MB'`)
    const remake = await dropIndexes(client, [...TABLES, 'case_numbers'])
    for (const [table, trigger] of AWAY) await client.query(`ALTER TABLE ${table} DISABLE TRIGGER ${trigger}`)
    await writeCases(client, plan, told)
    for (const statement of remake) await client.query(statement)
    await client.query(`ANALYZE ${TABLES.join(', ')}`)
    await client.query(`SELECT place_in_queue(id, EXISTS (
        SELECT FROM case_events e WHERE e.case_id = cases.id AND e.move = 'send_back'))
      FROM cases WHERE needs_work`)
    for (const [table, trigger] of AWAY) await client.query(`ALTER TABLE ${table} ENABLE TRIGGER ${trigger}`)
    await client.query('COMMIT')
    await client.query(`VACUUM (ANALYZE) ${[...TABLES, ...KEPT].join(', ')}, staff_accounts`)
  } finally {
    // Also ends a transaction that was not committed.
    await client.end()
  }
}

async function writeCases(client: pg.Client, plan: Plan, told: (done: number) => void): Promise<void> {
  let writing: Promise<void> = Promise.resolve()
  for (let from = 0; from < plan.cases; from += BATCH) {
    const rows: Rows = { case_keys: [], cases: [], case_imeis: [], case_events: [], blind_index: [] }
    const end = Math.min(from + BATCH, plan.cases)
    for (let n = from; n < end; n++) addCase(rows, n, plan)
    // The next batch is made while the database writes this one.
    await writing
    writing = write(client, rows)
    told(end)
  }
  await writing
}

async function write(client: pg.Client, rows: Rows): Promise<void> {
  for (const table of TABLES) await insertRows(client, table, rows[table])
}
