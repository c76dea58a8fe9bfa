import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { startDraft } from '#features/reporting/drafts/start-acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { type CaseScope, citizenScope, identityScope, staffScope, systemScope } from '#lib/access/scope.ts'
import { superuser } from '#tests/database.ts'
import { db as testDb } from '#tests/db.ts'
import { type MadeCase, makeBlockingCase } from '#tests/factories/case.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { ScopedPool } from './connection-pool.ts'
import { db, transaction } from './db.ts'
import { inScope, widenScope } from './scope.ts'

/** Tables that refer to a case but are readable in every scope, with the reason. */
const OPEN: Readonly<Record<string, string>> = {
  audit_entries:
    'who did what, with nothing of a phone or a person; the auditor and the sealing read all of them',
  carrier_orders:
    'says which case is blocked why, and nothing of a phone or a person; relay and carriers walk all of them',
  case_loans:
    'which person of another unit may decide a case; the person’s own session asks for it (ADR 113)',
  case_numbers: 'parts of a public number, and nothing of a phone or a person; what they lead to is guarded',
  case_sessions: 'the door itself: found by the hash of a random token, before there is a scope',
  disclosures:
    'who opened which case, with words under the case’s key; asked for by the reader’s own session',
  found_phones: 'belongs to the district that keeps it, and is held against the claims of all',
  late_deadlines:
    'guarded by its subject, a case or an objection, and its unit; of drafts and people it has nothing',
  contact_codes: 'keyed hashes of codes and contacts; each try is counted outside the caller’s transaction',
}

/**
 * Tables with keys like a case's whose rows only the product reads, for a person who has shown a code. `check_watches` is also
 * readable in the scope of its own id.
 */
const OWN_DOOR = [
  'check_watches',
  'phone_warnings',
  'registered_phones',
  'registrants',
  'survey_invitations',
  'trusted_persons',
]

/** Tells whether the role may do this to no row at all: history is append-only, and cases are never deleted. */
const denied = (table: string, sql: string): boolean =>
  ['proof_checks', 'proof_check_imeis', 'case_events', 'objection_events', 'served_letters'].includes(
    table,
  ) ||
  (table === 'cases' && sql.startsWith('DELETE'))

const officerOf = (unitId: string): StaffActor => ({
  ...{ kind: 'staff', id: randomUUID(), name: 'officer', role: 'officer' },
  ...{ unitId, agencyId: null, carrierId: null },
})
function policeOf(unitId: string | null): CaseScope {
  const actor = officerOf(unitId ?? '')
  const scope = staffScope(unitId === null ? { ...actor, role: 'city_police', unitId } : actor)
  if (!scope) throw new Error('police have a scope')
  return scope
}

let here: MadeCase
let there: MadeCase
/** Tables with a policy, and the column with the case's id. */
let guarded: { readonly name: string; readonly id: string }[]

beforeEach(async () => {
  here = await makeBlockingCase({ unitId: 'quan-3' })
  there = await makeBlockingCase({ unitId: 'quan-1' })
  const [officer, second] = [await makeStaff('officer'), await makeStaff('city_police')]
  for (const { id } of [here, there]) {
    await superuser.query(`INSERT INTO consents VALUES ($1, 'accuracy', '1', now())`, [id])
    await superuser.query(
      `INSERT INTO evidence (id, case_id, kind, state, sealed, media_type, byte_size, sha256, original_key, created_at)
       VALUES (gen_random_uuid(), $1, 'box', 'ready', '', 'image/jpeg', 1, '', '', now())`,
      [id],
    )
    await superuser.query(
      `INSERT INTO carrier_questions (id, carrier_id, seq, case_id, imei, sealed, number_hash, asked_by_id, asked_at, expires_at)
       SELECT gen_random_uuid(), 'viettel', 1 + count(*), $1, '356789101234563', '', '', $2, now(), now()
       FROM carrier_questions`,
      [id, officer.id],
    )
    await superuser.query(
      `INSERT INTO data_requests (id, case_id, unit_id, kind, event_seq, asked_at, due_at)
       SELECT gen_random_uuid(), id, unit_id, 'correct', 1, now(), now() FROM cases WHERE id = $1`,
      [id],
    )
    await superuser.query(
      `INSERT INTO legal_holds (id, case_id, basis, asked_by_id, placed_by_id, placed_at)
       VALUES (gen_random_uuid(), $1, '', $2, $3, now())`,
      [id, officer.id, second.id],
    )
    await superuser.query(
      `INSERT INTO legal_hold_requests (id, case_id, change, basis, event_seq, asked_by_id, asked_at)
       VALUES (gen_random_uuid(), $1, 'lift', '', 1, $2, now())`,
      [id, officer.id],
    )
    await superuser.query(
      `INSERT INTO served_letters (case_id, decision_seq, event_seq, outcome, served_by_id, served_at)
       VALUES ($1, 1, 2, 'signed', $2, now())`,
      [id, officer.id],
    )
    // An objection with an id of its own that refers to another case.
    await superuser.query(
      `INSERT INTO objections (id, number, state, locale, imei, key14, unit_id, word, word_at, sealed, secret_hash,
         created_at, sent_at, due_at)
       SELECT id, id, 'open', 'vi', '356789101234563', '35678910123456', unit_id, '', now(), '', '', now(), now(), now()
       FROM cases WHERE id = $1`,
      [id],
    )
    await superuser.query(
      `INSERT INTO objection_events (objection_id, seq, at, move, actor_kind) VALUES ($1, 1, now(), 'submitted', 'citizen')`,
      [id],
    )
    await superuser.query(
      `WITH new AS (INSERT INTO identities VALUES (gen_random_uuid(), '', $1::text::bytea, now(), now()) RETURNING id)
       INSERT INTO identity_cases (case_id, identity_id, how, added_at) SELECT $1::uuid, id, 'added', now() FROM new`,
      [id],
    )
    await superuser.query(
      `INSERT INTO report_drafts (id, number, cookie_hash, sealed, locale, created_at, updated_at, expires_at)
       SELECT case_id, case_id, decode(md5(case_id::text), 'hex'), '', 'vi', now(), now(), now()
       FROM case_keys WHERE case_id = $1`,
      [id],
    )
    await superuser.query(`INSERT INTO queue_handouts (case_id, account_id, until) VALUES ($1, $2, now())`, [
      id,
      officer.id,
    ])
    await superuser.query(
      `INSERT INTO queue_places (case_id, list, unit_id, act_by, submitted_at, incident_at, with_citizen, kind, has_files)
       SELECT id, 'all', unit_id, now(), now(), now(), false, '', false FROM cases WHERE id = $1`,
      [id],
    )
    await superuser.query(
      `WITH receiver AS (INSERT INTO alert_receivers (id, added_at) VALUES ('momo', now()) ON CONFLICT DO NOTHING)
       INSERT INTO alert_consents (id, case_id, receiver_id, version, given_at)
       SELECT gen_random_uuid(), $1, 'momo', '', now()`,
      [id],
    )
    await superuser.query(`INSERT INTO recoveries (case_id, seen_at) VALUES ($1, now())`, [id])
    await superuser.query(
      `INSERT INTO shop_leads (id, case_id, account_id, day, at) VALUES (gen_random_uuid(), $1, $2, now(), now())`,
      [id, officer.id],
    )
    await superuser.query(
      `INSERT INTO push_devices (id, case_id, endpoint_hash, sealed, locale, made_at)
       VALUES (gen_random_uuid(), $1, '', '', 'vi', now())`,
      [id],
    )
    await superuser.query(
      `INSERT INTO holder_notices (id, case_id, imei, question_id, called_by_id, called_at, expires_at)
       SELECT gen_random_uuid(), case_id, imei, id, $2, now(), now() FROM carrier_questions WHERE case_id = $1`,
      [id, officer.id],
    )
    await superuser.query(
      `INSERT INTO sightings (id, carrier_id, order_id, case_id, imei, kind, served, at, received_at)
       SELECT gen_random_uuid(), carrier_id, id, case_id, lpad(row_number() OVER ()::text, 15, left($1, 1)), 'attach', false, now(), now()
       FROM carrier_orders WHERE case_id = $1::uuid LIMIT 1`,
      [id],
    )
  }
  const { rows } = await superuser.query(
    `SELECT DISTINCT p.tablename AS name, a.attname AS id FROM pg_policies p
     JOIN pg_attribute a ON a.attrelid = p.tablename::regclass
       AND a.attname = CASE WHEN p.tablename IN ('cases', 'report_drafts', 'objections') THEN 'id'
         WHEN p.tablename = 'objection_events' THEN 'objection_id' ELSE 'case_id' END
     WHERE p.tablename <> ALL ($1) ORDER BY 1`,
    [OWN_DOOR],
  )
  guarded = rows
})

/** Returns the cases with rows in a table, as visible in the current scope. */
const seen = async (table: { readonly name: string; readonly id: string }): Promise<string[]> =>
  (
    await db.$queryRawUnsafe<{ id: string }[]>(
      `SELECT DISTINCT ${table.id} AS id FROM ${table.name} ORDER BY 1`,
    )
  ).map(({ id }) => id)

/** Tables that police may not read. */
const NO_POLICE = ['report_drafts', 'identity_cases']

const both = (): string[] => [here.id, there.id].toSorted()

describe('the database shows', () => {
  test('nothing where no scope was declared', async () => {
    for (const table of guarded) expect([table.name, await seen(table)]).toEqual([table.name, []])
    expect(await db.case.findMany()).toEqual([])
    expect(await transaction((tx) => tx.case.count())).toBe(0)
  })

  test('a district’s police their own, also to a query that forgets to ask', async () => {
    for (const table of guarded) {
      // Hashes without their key; the cases that they refer to are protected.
      const all = table.name === 'blind_index' ? both() : [here.id]
      const own = NO_POLICE.includes(table.name) ? [] : all
      expect([table.name, await inScope(policeOf('quan-3'), () => seen(table))]).toEqual([table.name, own])
    }
    const forgetful = await inScope(policeOf('quan-3'), () =>
      db.case.findMany({ select: { id: true, events: true, imeis: true, key: true } }),
    )
    expect(forgetful.map(({ id }) => id)).toEqual([here.id])
    expect(await inScope(policeOf('quan-7'), () => db.caseKey.findMany())).toEqual([])
  })

  test('a citizen their one case, city police every case, and the product everything', async () => {
    for (const table of guarded) {
      const police = NO_POLICE.includes(table.name) ? [] : both()
      expect(await inScope(citizenScope(there.id, 'full'), () => seen(table))).toEqual([there.id])
      expect(await inScope(policeOf(null), () => seen(table))).toEqual(police)
      expect(await inScope(systemScope(), () => seen(table))).toEqual(both())
    }
  })
})

describe('the list of somebody who has signed in', () => {
  const listOf = async (caseId: string) => {
    const { identityId } = await testDb.identityCase.findFirstOrThrow({ where: { caseId } })
    return identityScope(identityId)
  }

  test('shows its own cases alone: no drafts, no objections to them, nor what police find people by', async () => {
    const list = await listOf(there.id)
    for (const table of guarded) {
      const none = [
        'report_drafts',
        'blind_index',
        'objections',
        'objection_events',
        'queue_places',
      ].includes(table.name)
      expect([table.name, await inScope(list, () => seen(table))]).toEqual([
        table.name,
        none ? [] : [there.id],
      ])
    }
  })

  test('lets a case go, and neither takes one in nor changes one', async () => {
    const list = await listOf(there.id)
    const taken = db.identityCase.updateMany({ where: {}, data: { caseId: here.id } })
    await expect(inScope(list, () => taken)).rejects.toThrow(/row-level security/)
    const changed = db.case.updateMany({ where: { id: there.id }, data: { colour: '' } })
    await expect(inScope(list, () => changed)).rejects.toThrow(/row-level security/)
    expect((await inScope(list, () => db.identityCase.deleteMany())).count).toBe(1)
    const data = { caseId: there.id, identityId: list.identityId, how: 'added', addedAt: new Date() } as const
    const again = inScope(list, () => db.identityCase.create({ data }))
    await expect(again).rejects.toThrow(/row-level security/)
    expect(await inScope(list, () => db.case.count())).toBe(0)
  })
})

describe('the database takes', () => {
  const foreign = () => [policeOf('quan-3'), citizenScope(here.id, 'full'), null]
  const as = <T>(scope: CaseScope | null, work: () => PromiseLike<T>) =>
    scope ? inScope(scope, work) : work()

  test('no row that is outside the scope', async () => {
    for (const { name, id } of guarded) {
      const { rows: columns } = await superuser.query<{ name: string }>(
        `SELECT attname AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND attgenerated = '' AND NOT attisdropped`,
        [name],
      )
      const list = columns.map((column) => `"${column.name}"`).join(', ')
      const { rows } = await superuser.query(
        `SELECT to_jsonb(t) AS row FROM ${name} t WHERE ${id} = $1 LIMIT 1`,
        [there.id],
      )
      const insert = `INSERT INTO ${name} (${list}) SELECT ${list} FROM jsonb_populate_record(NULL::${name}, $1::jsonb)`
      for (const scope of foreign()) {
        const inserted = as(scope, () => db.$executeRawUnsafe(insert, JSON.stringify(rows[0].row)))
        await expect(inserted).rejects.toThrow(/row-level security/)
      }
    }
  })

  test('no change of, and no deletion from, what is outside the scope', async () => {
    for (const { name, id } of guarded) {
      for (const scope of foreign()) {
        const where = `WHERE ${id} = $1::uuid`
        for (const sql of [`UPDATE ${name} SET ${id} = ${id} ${where}`, `DELETE FROM ${name} ${where}`]) {
          const tried = as(scope, () => db.$executeRawUnsafe(sql, there.id))
          if (denied(name, sql)) await expect(tried, sql).rejects.toThrow(/permission denied/)
          else expect(await tried).toBe(0)
        }
      }
    }
  })

  test('no row that would leave the scope', async () => {
    const moved = inScope(policeOf('quan-3'), () =>
      db.case.updateMany({ where: { id: here.id }, data: { unitId: 'quan-1' } }),
    )
    await expect(moved).rejects.toThrow(/row-level security/)
  })
})

test('a carrier’s words on IMEIs, which lead to a case by its order, are seen and written where the case is', async () => {
  const { rows } = await superuser.query<{ id: string; case: string }>(
    `INSERT INTO shared_words (order_id, imei, carrier_id, own, state, said_at)
     SELECT o.id, i.imei, o.carrier_id, true, 'open', now() FROM carrier_orders o JOIN case_imeis i USING (case_id)
     WHERE o.carrier_id = 'viettel' RETURNING order_id AS id,
       (SELECT case_id FROM carrier_orders o WHERE o.id = order_id) AS case`,
  )
  const orderOf = (caseId: string) => rows.find((row) => row.case === caseId)?.id ?? ''
  const words = async () =>
    (await db.sharedWord.findMany({ orderBy: { orderId: 'asc' } })).map((one) => one.orderId)
  expect(await words()).toEqual([])
  expect(await inScope(policeOf('quan-3'), words)).toEqual([orderOf(here.id)])
  expect(await inScope(citizenScope(there.id, 'full'), words)).toEqual([orderOf(there.id)])
  for (const scope of [policeOf(null), systemScope()])
    expect(await inScope(scope, words)).toEqual([orderOf(here.id), orderOf(there.id)].toSorted())
  const keep = { where: { orderId: orderOf(there.id) }, data: { state: 'kept' } } as const
  expect(await inScope(policeOf('quan-3'), () => db.sharedWord.updateMany(keep))).toEqual({ count: 0 })
  const word = { ...keep.where, imei: '356789101234563', carrierId: 'viettel', own: true, saidAt: new Date() }
  const added = () => db.sharedWord.create({ data: { ...word, state: 'open' } })
  await expect(inScope(policeOf('quan-3'), added)).rejects.toThrow(/row-level security/)
  await expect(added()).rejects.toThrow(/row-level security/)
})

test('each table that leads to a case is guarded, or open for a reason', async () => {
  const { rows } = await superuser.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'case_id'
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
     UNION SELECT conrelid::regclass::text FROM pg_constraint
       WHERE confrelid IN ('cases'::regclass, 'case_keys'::regclass) ORDER BY 1`,
  )
  // It refers only to an objection.
  const direct = guarded.map(({ name }) => name).filter((name) => name !== 'objection_events')
  // It refers only to a draw of invitations, not to a case.
  const known = [...direct, ...Object.keys(OPEN), ...OWN_DOOR].filter((name) => name !== 'survey_invitations')
  expect(rows.map(({ name }) => name)).toEqual(known.toSorted())
  const { rows: off } = await superuser.query(
    `SELECT tablename FROM pg_policies p JOIN pg_class c ON c.oid = p.tablename::regclass WHERE NOT relrowsecurity`,
  )
  expect(off).toEqual([])
})

test('what has a door of its own is read by the product alone, or by its own id', async () => {
  const { rows } = await superuser.query<{ name: string; policies: number; rule: string }>(
    `SELECT tablename AS name, count(*)::int AS policies, min(qual) AS rule FROM pg_policies
     WHERE tablename = ANY ($1) GROUP BY 1 ORDER BY 1`,
    [OWN_DOOR],
  )
  expect(rows.map(({ name, policies }) => [name, policies])).toEqual(OWN_DOOR.map((name) => [name, 1]))
  const system = "current_setting('antam.scope'::text, true)"
  for (const { name, rule } of rows) {
    expect(rule, name).toContain(system)
    expect(rule.includes('scope_case'), name).toBe(name === 'check_watches')
    expect(rule, name).not.toMatch(/scope_unit|scope_lent|scope_identity|city/)
  }
})

test('the application’s role owns no table and is bound by policies', async () => {
  const rows = await db.$queryRaw`SELECT rolsuper OR rolbypassrls AS above,
    EXISTS (SELECT FROM pg_class WHERE relowner = pg_roles.oid) AS owns FROM pg_roles WHERE rolname = current_user`
  expect(rows).toEqual([{ above: false, owns: false }])
})

test('states are told by the same word as text', async () => {
  const { rows } = await superuser.query(
    `SELECT state FROM unnest(enum_range(NULL::case_state)) state
     WHERE pg_get_expr((SELECT adbin FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
       WHERE d.adrelid = 'cases'::regclass AND a.attname = 'state_text'), 'cases'::regclass)
       NOT LIKE format('%%WHEN %L::case_state THEN %L::text%%', state, state)`,
  )
  expect(rows).toEqual([])
})

describe('a scope', () => {
  test('stays with its own request, however many ask at once on few connections', {
    timeout: 60_000,
  }, async () => {
    const scopes = [
      { scope: null, sees: [] },
      { scope: policeOf('quan-3'), sees: [here.id] },
      { scope: policeOf('quan-1'), sees: [there.id] },
      { scope: policeOf(null), sees: both() },
      { scope: citizenScope(here.id, 'full'), sees: [here.id] },
      { scope: citizenScope(there.id, 'status'), sees: [there.id] },
      { scope: systemScope(), sees: both() },
    ]
    const select = { where: {}, select: { id: true }, orderBy: { id: 'asc' } } as const
    const ways: (() => PromiseLike<{ id: string }[]>)[] = [
      () => db.case.findMany(select),
      () => transaction((tx) => tx.case.findMany(select)),
      () => db.$queryRaw<{ id: string }[]>`SELECT id FROM cases ORDER BY id`,
      async () => {
        const failed = transaction((tx) => tx.$queryRaw`SELECT 1/0 FROM cases`)
        await failed.catch(() => {})
        return db.case.findMany(select)
      },
    ]
    const request = fc.record({ scope: fc.constantFrom(...scopes), way: fc.constantFrom(...ways) })
    const check = fc.asyncProperty(fc.array(request, { minLength: 30, maxLength: 60 }), async (requests) => {
      const answers = await Promise.all(
        requests.map(({ scope: { scope }, way }) => (scope ? inScope(scope, way) : way())),
      )
      expect(answers.map((rows) => rows.map(({ id }) => id))).toEqual(requests.map(({ scope }) => scope.sees))
    })
    await fc.assert(check, { numRuns: 20 })
  })

  test('inside another holds for its own part', async () => {
    const counts = await inScope(policeOf('quan-3'), async () => [
      await db.case.count(),
      await inScope(systemScope(), () => db.case.count()),
      await db.case.count(),
    ])
    expect(counts).toEqual([1, 2, 1])
  })

  test('is widened for one transaction and no longer', async () => {
    const { before, after } = await inScope(policeOf('quan-3'), () =>
      transaction(async (tx) => {
        const before = await tx.case.count()
        await widenScope(tx, systemScope())
        return { before, after: await tx.case.count() }
      }),
    )
    expect([before, after]).toEqual([1, 2])
    expect(await inScope(policeOf('quan-3'), () => db.case.count())).toBe(1)
  })

  test('is declared on a connection whose end comes in the same breath, and nobody falls with it', async () => {
    const pool = new ScopedPool({ connectionString: process.env.DATABASE_URL, max: 1 })
    const free = await pool.connect()
    const query = free.query.bind(free) as (...sent: unknown[]) => Promise<unknown>
    free.query = (async (...sent: unknown[]) => {
      const answer = await query(...sent)
      free.emit('error', new Error('terminating connection'))
      return answer
    }) as typeof free.query
    free.release()
    const declared = await inScope(systemScope(), () => pool.connect())
    declared.release(true)
    await pool.end()
  })

  test('that the public check declares ends with its look', async () => {
    await transaction(async (tx) => {
      const key14 = here.imeis[0]?.slice(0, 14)
      const asked = await tx.$queryRaw`
        SELECT reported FROM check_imeis(ARRAY[${key14}], ARRAY['\\x00'::bytea], 100, 1000, now())`
      expect(asked).toEqual([{ reported: true }])
      expect(await tx.case.count()).toBe(0)
      const listed = await tx.$queryRaw`
        SELECT reported FROM check_imei_list(ARRAY[${key14}], '\\x01'::bytea, 100, 1000, now())`
      expect(listed).toEqual([{ reported: [key14] }])
      expect(await tx.case.count()).toBe(0)
    })
  })

  test('reaches what its officer starts at the desk no further than the product itself', async () => {
    await startDraft({ locale: 'vi', filedBy: await makeStaff('officer'), now: new Date() })
    expect(await inScope(policeOf('quan-3'), () => db.reportDraft.count())).toBe(0)
  })
})
