import { createHash, randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { afterAll, expect, test } from 'vitest'
import { audit } from '#features/audit/entries/acts.ts'
import { fileKey, REPORT_FILES } from '#features/city-report/page-data.ts'
import { acknowledge } from '#features/exchange/book/acts.ts'
import { recordResults } from '#features/exchange/results/acts.ts'
import { eraseCase } from '#features/privacy/erasure/acts.ts'
import { answerSuggestion } from '#features/questionnaires/suggestions/acts.ts'
import { publishReceiptRoots } from '#features/ratings/receipts/acts.ts'
import { writeReply } from '#features/ratings/replies/acts.ts'
import { takeVolumes } from '#features/ratings/volumes/acts.ts'
import { importBenchmarks } from '#features/results/benchmarks/acts.ts'
import { logChangedTables } from '#features/statistics/published-acts.ts'
import { addMilliseconds, DAY, HOUR, localDate } from '#lib/time.ts'
import { closeSignals } from '#platform/signals.ts'
import { reportStorage } from '#platform/storage.ts'
import { superuser, withoutTriggers } from '#tests/database.ts'
import { db, transaction } from '#tests/db.ts'
import {
  makeBlockingCase,
  makeCase,
  makePolice,
  makeProof,
  makeProvenCase,
  move,
  unblock,
} from '#tests/factories/case.ts'
import { makeObjection } from '#tests/factories/objection.ts'
import { makeRating, makeTen } from '#tests/factories/rating.ts'
import { issueKey } from '#tests/factories/second-person.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { auditData, beginRecords, DATA_CHECKS, verifyData } from './acts.ts'
import { readLastRun } from './data.ts'
import { NOT_HELD, type Read } from './rules.ts'

afterAll(closeSignals)

const read: Read = async <Row extends object>(sql: string, values: readonly unknown[] = []) =>
  (await superuser.query(sql, [...values])).rows as Row[]
const verify = async (since: string | null = null) => {
  await superuser.query("SET timezone = 'UTC'")
  return verifyData(read, since)
}
const faults = async (since: string | null = null) => (await verify(since)).faults

/** Writes the entries that the factories leave out: accounts, openings of papers. */
async function sayOfFactories(): Promise<void> {
  await superuser.query(`
    INSERT INTO audit_entries (at, actor_kind, act, subject_kind, subject_id, facts, v)
    SELECT now(), 'system', 'account.invite', 'account', id::text, '{}', 2 FROM staff_accounts a
    WHERE NOT EXISTS (SELECT FROM audit_entries e WHERE e.subject_kind = 'account' AND e.subject_id = a.id::text)`)
  await superuser.query(`
    INSERT INTO audit_entries (at, actor_kind, actor_id, act, subject_kind, subject_id, case_id, facts, v)
    SELECT opened_at, 'staff', account_id, 'case.disclose', 'case', case_id, case_id,
      jsonb_build_object('reason', reason), 2 FROM disclosures d
    WHERE NOT EXISTS (SELECT FROM audit_entries e WHERE e.act = 'case.disclose' AND e.case_id = d.case_id::text
      AND e.at = d.opened_at)`)
}

test('what the product does leaves nothing that the log does not say', async () => {
  await beginRecords(new Date())
  const made = await makeBlockingCase()
  await sayOfFactories()
  expect(await faults()).toEqual([])
  await unblock(made)
  const { officer } = await makePolice()
  const other = await makeCase()
  await makeProof(other.id)
  await move(other.id, officer, { move: 'take' })
  await move(other.id, officer, { move: 'reject', reasonCode: 'not_owner' })
  await move(other.id, { kind: 'citizen' }, { move: 'appeal' })
  const third = await makeCase()
  await move(third.id, { kind: 'citizen' }, { move: 'withdraw' })
  const later = addMilliseconds(new Date(), 25 * HOUR)
  await move(third.id, { kind: 'system' }, { move: 'finish_withdrawal' }, later)
  expect(await eraseCase(third.id, 'asked', later)).toMatchObject({ ok: true })
  await sayOfFactories()
  expect(await faults()).toEqual([])
  expect((await verify()).held).toContainEqual({ name: 'cases', count: 3 })
})

const now = new Date()
const REPORT = randomUUID()

/** Makes a site with one of everything that can be changed, and returns the ids for the changes. */
async function makeSite() {
  await beginRecords(now)
  const made = await makeBlockingCase()
  const second = await makeProvenCase({ imeis: ['356789100000015', '490154203237518'] })
  await move(second.id, made.police.officer, { move: 'take' })
  const lines = await db.bookEntry.findMany({ where: { carrierId: 'viettel' } })
  const at = now.toISOString()
  const rows = lines.map(({ orderId: order, imei }) => ({ order, imei, at, outcome: 'applied' as const }))
  await recordResults('viettel', rows, now)
  await acknowledge('mobifone', 1, now)
  await issueKey(await makeStaff('relay'), { carrierId: 'viettel', submitKey: randomUUID() }, now)
  await makeTen('quan-3', now, ['Chờ lâu.', 'Thiếu ghế.', 'Tốt.'])
  const [comment] = await db.surveyComment.findMany({ where: { agencyId: 'quan-3', released: true } })
  const viewer = await makeStaff('agency_viewer')
  const typed = {
    said: 'Bạn nói phải chờ lâu.',
    answer: 'Đã mở thêm một quầy.',
    promise: 'Mở quầy số 5.',
    dueOn: localDate(addMilliseconds(now, 90 * DAY)),
  }
  const sent = { comment: [comment?.id ?? ''], ...typed, submitKey: randomUUID() }
  expect(await writeReply(viewer, sent, now)).toMatchObject({ ok: true })
  const suggestion = randomUUID()
  await db.surveySuggestion.create({
    data: {
      id: suggestion,
      questionnaireVersion: 1,
      receivedMonth: new Date('2026-11-01'),
      text: 'Hỏi về phí.',
    },
  })
  const words = { summaryVi: 'Hỏi về phí.', summaryEn: '', answerVi: 'Đã thêm một câu.', answerEn: '' }
  const answered = await answerSuggestion(
    await makeStaff('survey_manager'),
    {
      ...{ id: suggestion, revision: 0, submitKey: randomUUID(), state: 'declined' },
      ...{ outcomeVersion: '', outcomeOn: '', ...words },
    },
    now,
  )
  expect(answered).toMatchObject({ ok: true })
  const files: Record<string, string> = {}
  for (const { kind, locale } of REPORT_FILES) {
    const bytes = Buffer.from(`${kind} ${locale}`)
    await reportStorage().put(fileKey(REPORT, kind, locale), Readable.from([bytes]))
    files[`${locale}.${kind}`] = createHash('sha256').update(bytes).digest('hex')
  }
  await transaction(async (tx) => {
    const dataset = new Uint8Array(Buffer.from('{}'))
    const sha256 = new Uint8Array(createHash('sha256').update(dataset).digest())
    const month = new Date('2026-10-01')
    await tx.surveyReport.create({
      data: {
        ...{ id: REPORT, fromMonth: month, toMonth: month, scope: 'all', agencyIds: [], state: 'ready' },
        ...{ progress: 100, dataset, sha256, files, askedAt: now, readyAt: now, publishedAt: now },
      },
    })
    const subject = { kind: 'report', id: REPORT } as const
    await audit(tx, { actor: { kind: 'system' }, act: 'survey.report_published', subject, at: now })
  })
  const objection = await makeObjection(made.imeis[0] ?? '', { now })
  await makeRating('quan-5', addMilliseconds(now, -40 * DAY))
  const volume = { agency: 'quan-3', month: localDate(now).slice(0, 7) }
  await Promise.all(
    ['quan-3', 'quan-4', 'quan-5'].map((agency, at) =>
      takeVolumes({ source: 'x', rows: [{ ...volume, agency, cases: 900 + at }] }, now),
    ),
  )
  const table = 'agency,measure,period,value,ceiling,low,high\nquan-3,sipas,2025,83.5,100,82,85'
  const benchmarks = { table, source: 'x', submitKey: randomUUID() }
  expect(await importBenchmarks(await makeStaff('survey_manager'), benchmarks, now)).toMatchObject({
    ok: true,
  })
  await superuser.query(`
    INSERT INTO facts_months (month, split, measure, shown, carry, counted) VALUES
      ('2026-09-01', 'area', 'reported', '{"quan-3": 120}', 1, 121), ('2026-09-01', 'area', 'in_time', '{"quan-3": 60}', 0, 60),
      ('2026-09-01', 'hour', 'reported', '{"20": 120}', 1, 121);
    INSERT INTO facts_carriers (month, carrier_id, orders, within_24h, median_seconds, p90_seconds)
      VALUES ('2026-09-01', 'viettel', 20, 19, 60, 90)`)
  await publishReceiptRoots(now)
  await logChangedTables(now)
  await sayOfFactories()
  return {
    order: lines[0]?.orderId ?? '',
    block: made.id,
    open: second.id,
    officer: made.police.officer.id,
    supervisor: made.police.supervisor.id,
    suggestion,
    objection: objection.id,
  }
}

/**
 * A change made without the log, by the database's superuser with triggers off, and the name of the check that finds it (with a
 * part of its text if the check has several); null: none.
 */
type Change = readonly [sql: string, foundBy: string | null, says?: string]

const CASES = (s: { block: string; open: string; officer: string }): Readonly<Record<string, Change>> => ({
  state: [`UPDATE cases SET state = 'blocked' WHERE id = '${s.block}'`, 'cases'],
  'since when it is in its state': [
    `UPDATE cases SET state_since = state_since - interval '1 day' WHERE id = '${s.block}'`,
    'cases',
  ],
  version: [`UPDATE cases SET version = version + 1 WHERE id = '${s.block}'`, 'cases'],
  'who verified it': [
    `UPDATE cases SET verified_by_id = NULL WHERE id = '${s.open}' OR id = '${s.block}'`,
    'cases',
  ],
  'when it was approved': [
    `UPDATE cases SET approved_at = approved_at - interval '1 hour' WHERE id = '${s.block}'`,
    'cases',
  ],
  'kind of incident': [`UPDATE cases SET incident_type = 'lost' WHERE id = '${s.block}'`, 'cases'],
  'its claim': [`UPDATE case_imeis SET primary_claim = false WHERE case_id = '${s.block}'`, 'cases'],
  unit: [`UPDATE cases SET unit_id = 'quan-5' WHERE id = '${s.block}'`, 'cases'],
  IMEI: [`UPDATE case_imeis SET imei = '353000000000003' WHERE case_id = '${s.block}'`, 'cases'],
  'second IMEI': [
    `UPDATE case_imeis SET imei = '353000000000003' WHERE case_id = '${s.open}' AND ordinal = 2`,
    'cases',
  ],
  'the sealed person of another case': [
    `UPDATE cases SET sealed = (SELECT sealed FROM cases WHERE id = '${s.open}') WHERE id = '${s.block}'`,
    'cases',
  ],
  deadline: [`UPDATE cases SET due_at = due_at + interval '9 days' WHERE id = '${s.block}'`, 'cases'],
  make: [`UPDATE cases SET brand = 'Apple' WHERE id = '${s.block}'`, 'cases'],
  'model and colour': [`UPDATE cases SET model = 'X', colour = 'Y' WHERE id = '${s.block}'`, 'cases'],
  'time of the incident': [
    `UPDATE cases SET incident_at = incident_at - interval '1 day' WHERE id = '${s.block}'`,
    'cases',
  ],
  'a line of its history deleted': [
    `DELETE FROM case_events WHERE case_id = '${s.block}' AND seq = 2`,
    'cases',
  ],
  'the approver replaced by the verifier': [
    `UPDATE case_events SET actor_id = '${s.officer}' WHERE case_id = '${s.block}' AND move = 'approve'`,
    'cases',
  ],
  'reason code': [
    `UPDATE case_events SET reason_code = 'other' WHERE case_id = '${s.block}' AND move = 'verify'`,
    'cases',
  ],
  'all times of its history': [
    `UPDATE case_events SET at = at - interval '1 hour' WHERE case_id = '${s.block}'`,
    'cases',
  ],
  'a proof removed': [`DELETE FROM evidence WHERE case_id = '${s.block}'`, 'cases'],
  'checksum of a proof': [`UPDATE evidence SET sha256 = sha256('x') WHERE case_id = '${s.block}'`, 'cases'],
  'a proof check removed': [`DELETE FROM proof_checks WHERE case_id = '${s.block}'`, 'cases'],
  'openings of papers removed': [
    `DELETE FROM disclosures WHERE case_id = '${s.block}'`,
    'cases’ openings of papers',
  ],
  consents: [
    `INSERT INTO consents (case_id, purpose, version, at) VALUES ('${s.block}', 'imei_of_number', '1', now())`,
    'cases',
  ],
  'its secret': [`UPDATE cases SET secret_hash = sha256('mine') WHERE id = '${s.block}'`, 'cases'],
  'whether its IMEI is public': [
    `UPDATE case_imeis SET is_public = NOT is_public WHERE case_id = '${s.block}'`,
    'cases',
  ],
  'its orders answered earlier': [
    `UPDATE carrier_orders SET settled_at = settled_at - interval '1 hour' WHERE case_id = '${s.block}'`,
    'answered orders',
  ],
  'the whole case removed': [
    ['case_events', 'case_imeis', 'proof_checks', 'disclosures', 'consents', 'evidence', 'carrier_orders']
      .map((table) => `DELETE FROM ${table} WHERE case_id = '${s.block}'`)
      .concat(`DELETE FROM cases WHERE id = '${s.block}'`)
      .join(';'),
    'cases',
  ],
})

const OTHERS = (s: {
  officer: string
  suggestion: string
  objection: string
  order: string
}): Readonly<Record<string, Change>> => ({
  'a forged block': [
    `INSERT INTO book_entries (carrier_id, seq, order_id, imei, action, reason, legal_basis, issued_at, chain)
     SELECT carrier_id, seq + 1, order_id, '353000000000003', action, reason, legal_basis, issued_at, chain FROM book_entries
     WHERE carrier_id = 'viettel' ORDER BY seq DESC LIMIT 1; UPDATE carriers SET book_head = book_head + 1 WHERE id = 'viettel'`,
    'book lines',
  ],
  'legal basis of a line': [
    `UPDATE book_entries SET legal_basis = 'x' WHERE order_id = '${s.order}'`,
    'book lines',
  ],
  'the last line of a book cut': [
    `DELETE FROM book_entries b USING carriers c WHERE c.id = b.carrier_id AND b.seq = c.book_head`,
    'book lines',
  ],
  'what a carrier answered': [
    `UPDATE book_entries SET outcome = 'rejected', outcome_code = 'technical' WHERE order_id = '${s.order}'`,
    'results of lines',
  ],
  'when a carrier did it': [
    `UPDATE book_entries SET outcome_at = outcome_at - interval '1 hour' WHERE order_id = '${s.order}'`,
    'results of lines',
  ],
  'an objection’s state': [
    `UPDATE objections SET state = 'refused' WHERE id = '${s.objection}'`,
    'objections',
  ],
  'a line of an objection’s history': [
    `DELETE FROM objection_events WHERE objection_id = '${s.objection}'`,
    'objections',
  ],
  'an objection removed': [`DELETE FROM objections WHERE id = '${s.objection}'`, 'objections'],
  'what a carrier has acknowledged': [
    `UPDATE carriers SET acked_seq = 0 WHERE id = 'mobifone'`,
    'acknowledgements',
  ],
  'an API key inserted': [
    `INSERT INTO carrier_keys (id, carrier_id, key_hash, created_at) VALUES (gen_random_uuid(), 'viettel', 'x', now())`,
    'carriers with API keys',
  ],
  'an API key of a carrier that had none': [
    `INSERT INTO carrier_keys (id, carrier_id, key_hash, created_at) VALUES (gen_random_uuid(), 'gmobile', 'x', now())`,
    'carriers with API keys',
  ],
  'a revoked key': [`UPDATE carrier_keys SET revoked_at = now()`, 'carriers with API keys'],
  'an officer made city police': [
    `UPDATE staff_accounts SET role = 'city_police', unit_id = NULL WHERE id = '${s.officer}'`,
    'accounts',
  ],
  'a supervisor inserted': [
    `INSERT INTO staff_accounts (id, email, name, role, unit_id, decides_from) VALUES (gen_random_uuid(), 'x@example.vn', 'x', 'supervisor', 'quan-3', now())`,
    'accounts',
  ],
  'a waiting time removed': [
    `UPDATE staff_accounts SET decides_from = decides_from - interval '1 day' WHERE id = '${s.officer}'`,
    'accounts',
  ],
  'a password': [`UPDATE staff_accounts SET password_hash = 'mine' WHERE id = '${s.officer}'`, 'accounts'],
  'a second factor': [`UPDATE staff_accounts SET totp_secret = 'mine' WHERE id = '${s.officer}'`, 'accounts'],
  'an address': [`UPDATE staff_accounts SET email = 'mine@example.vn' WHERE id = '${s.officer}'`, 'accounts'],
  'an account removed': [`DELETE FROM staff_accounts WHERE id = '${s.officer}'`, 'accounts'],
  'a recovery code inserted': [
    `INSERT INTO recovery_codes (code_hash, account_id) VALUES ('x', '${s.officer}')`,
    'accounts',
  ],
  'a passkey inserted': [
    `INSERT INTO passkeys (id, account_id, credential_id, public_key, counter, transports, syncable, backed_up, name, created_at) VALUES (gen_random_uuid(), '${s.officer}', 'x', 'y', 0, '{}', false, false, 'x', now())`,
    'accounts',
  ],
  'a holiday': [`DELETE FROM holidays WHERE date = (SELECT min(date) FROM holidays)`, 'reference tables'],
  'a unit’s telephone': [
    `UPDATE police_units SET phone = '+84900000000' WHERE id = 'quan-3'`,
    'reference tables',
  ],
  'the TAC table': [
    `INSERT INTO tacs (tac, manufacturer, model) VALUES ('35678910', 'Mine', 'X')`,
    'reference tables',
  ],
  'a bank’s hotline': [`UPDATE banks SET numbers = '{19000000}' WHERE ordinal = 1`, 'reference tables'],
  'how many cases an agency has finished': [
    `UPDATE survey_volumes SET cases = 9 WHERE agency_id = 'quan-4'`,
    'reference tables',
    'the table of volumes',
  ],
  'the figure of another index': [
    `UPDATE survey_benchmarks SET value = 84`,
    'reference tables',
    'the table of benchmarks',
  ],
  'a promise’s day': [`UPDATE survey_replies SET due_on = due_on + 30`, 'public replies'],
  'a reply removed': [`DELETE FROM survey_replies`, 'public replies'],
  'wording of a published question': [
    `UPDATE questionnaires SET questions = jsonb_set(questions, '{0,vi}', '"Khác?"') WHERE version = 1`,
    'reference tables',
  ],
  'an agency’s name': [
    `UPDATE agency_versions SET name_vi = 'Khác' WHERE agency_id = 'quan-3'`,
    'reference tables',
  ],
  'the public answer to a suggestion': [
    `UPDATE survey_suggestions SET answer_vi = 'Khác' WHERE id = '${s.suggestion}'`,
    'answers to suggestions',
  ],
  'an exclusion invented': [
    `INSERT INTO survey_exclusions (id, agency_id, questionnaire_version, reason, month, count) VALUES (gen_random_uuid(), 'quan-3', 1, 'too_fast', '2026-11-01', 500)`,
    'groups of answers kept out',
  ],
  'a report as if never published': [`UPDATE survey_reports SET published_at = NULL`, 'city reports'],
  'a report’s dataset with its hash': [
    `UPDATE survey_reports SET dataset = '{"a":1}', sha256 = sha256('{"a":1}')`,
    'city reports',
  ],
  'a report’s file': [
    `UPDATE survey_reports SET files = jsonb_set(files, '{vi.pdf}', '"x"')`,
    'city reports',
  ],
  'answers to an agency': [
    `UPDATE survey_responses SET answers = jsonb_set(answers, '{r1}', '"5"')`,
    'agencies’ answers',
  ],
  'an answer taken out': [
    `DELETE FROM survey_responses WHERE id = (SELECT min(id::text)::uuid FROM survey_responses)`,
    'agencies’ answers',
  ],
  'a waiting answer taken out': [`DELETE FROM survey_responses WHERE NOT counted`, 'agencies’ answers'],
  'the content of a waiting answer': [
    `UPDATE survey_responses SET answers = '{"r1": "1"}' WHERE NOT counted`,
    null,
  ],
  'an option added to answers': [`UPDATE survey_responses SET answers = answers || '{"e1": "online"}'`, null],
  'day, procedure and channel of answers': [
    `UPDATE survey_responses SET service_date = service_date - 9, procedure = 'x', channel = 'poster'`,
    null,
  ],
  'how many answers there are': [`UPDATE survey_tallies SET published = published + 10`, 'agencies’ answers'],
  'figures of an agency': [
    `UPDATE survey_cells SET published = '{"5": 10}' WHERE question = 'r1'`,
    'published figures',
  ],
  'months of an agency': [
    `UPDATE survey_months SET counts = '{"5": 10}' WHERE question = 'r1'`,
    'published figures',
  ],
  'figures and months of an agency together': [
    `UPDATE survey_cells SET published = '{"5": 10}' WHERE question = 'r1';
     UPDATE survey_months SET counts = '{"5": 10}' WHERE question = 'r1'`,
    'published figures',
  ],
  'a question that not everybody answers, turned round': [
    `UPDATE survey_cells SET published = '{"0": 10}' WHERE question = 'r5';
     UPDATE survey_months SET counts = '{"0": 10}' WHERE question = 'r5'`,
    'published figures',
  ],
  'one question of one month removed': [
    `DELETE FROM survey_months WHERE question = 'r5'`,
    'published figures',
    'the counts of results.quan-3.',
  ],
  'an area added to /so-lieu': [
    `UPDATE facts_months SET shown = shown || '{"quan-4": 5}' WHERE measure = 'in_time' AND split = 'area'`,
    'published figures',
    'the figures of 2026-09 are not what was published',
  ],
  'the areas of /so-lieu': [
    `UPDATE facts_months SET shown = '{"quan-4": 120}' WHERE measure = 'reported' AND split = 'area'`,
    'published figures',
  ],
  'the hours of /so-lieu': [
    `UPDATE facts_months SET shown = '{"03": 120}' WHERE measure = 'reported' AND split = 'hour'`,
    'published figures',
  ],
  'areas and hours of /so-lieu together': [
    `UPDATE facts_months SET shown = replace(shown::text, '120', '115')::jsonb WHERE measure = 'reported'`,
    'published figures',
  ],
  'the true counts behind a share': [
    `UPDATE facts_months SET counted = counted + 20 WHERE measure = 'in_time'`,
    'published figures',
  ],
  'how fast a carrier was': [`UPDATE facts_carriers SET median_seconds = 5`, 'published figures'],
  'what was published': [`DELETE FROM published_figures`, 'published figures', 'is not kept'],
  'that it was published': [`DELETE FROM published_tables WHERE name LIKE 'results.%'`, 'published figures'],
  'the hash of what was published': [
    `UPDATE published_tables SET sha256 = sha256('x') WHERE name LIKE 'figures.%'`,
    'published figures',
    'the table figures.2026-09 is not what entry',
  ],
  'a receipt removed': [`DELETE FROM survey_receipts`, 'receipts of the survey', 'has 0 receipts, and entry'],
  'a receipt exchanged': [
    `UPDATE survey_receipts SET leaf = sha256('x')`,
    'receipts of the survey',
    'are others than entry',
  ],
  'the root of the receipts': [
    `UPDATE survey_receipt_roots SET root = sha256('x')`,
    'receipts of the survey',
    'is not what entry',
  ],
  'a comment deleted': [`DELETE FROM survey_comments WHERE reply_id IS NULL`, null],
  'a comment rewritten': [`UPDATE survey_comments SET text = 'Tốt' WHERE reply_id IS NULL`, null],
})

test('each change made beside the log is found by its check, or is of what the list of things not held names', async () => {
  const site = await makeSite()
  expect(await faults()).toEqual([])
  const all = { ...CASES(site), ...OTHERS(site) }
  const seen: Record<string, string | null> = {}
  for (const [what, [sql, foundBy, says = '']] of Object.entries(all)) {
    await superuser.query('BEGIN; SET LOCAL session_replication_role = replica')
    await superuser.query(sql)
    const checks = DATA_CHECKS.filter(({ name }) => foundBy === null || name === foundBy)
    const { faults } = await verifyData(read, null, checks)
    expect(faults.join('\n'), what).toContain(says)
    seen[what] = faults[0]?.split(':')[0] ?? null
    await superuser.query('ROLLBACK')
  }
  expect(seen).toEqual(Object.fromEntries(Object.entries(all).map(([what, [, foundBy]]) => [what, foundBy])))
  await reportStorage().put(fileKey(REPORT, 'pdf', 'vi'), Readable.from([Buffer.from('another')]))
  expect(await faults()).toEqual([
    `city reports: report ${REPORT}: its file vi.pdf is not the one that was made`,
  ])
  expect(Object.keys(NOT_HELD)).toEqual(expect.arrayContaining(['answers', 'comments']))
})

test('a table that a release begins to hold is written down once, and no account that was put there since', async () => {
  expect([await beginRecords(now), await beginRecords(now)]).toEqual([true, false])
  // As the previous release left it.
  await withoutTriggers(() =>
    superuser.query(`UPDATE audit_entries SET facts = facts - 'record' || jsonb_build_object('sets',
      'agencies questionnaires areas holidays tacs banks') WHERE act = 'reference.loaded'`),
  )
  await makeStaff('auditor')
  expect([await beginRecords(now), await beginRecords(now)]).toEqual([true, false])
  const written = await db.auditEntry.findMany({ where: { act: 'reference.loaded' }, orderBy: { id: 'asc' } })
  expect(written.map(({ facts }) => facts)).toMatchObject([
    {},
    { sets: 'volumes benchmarks', record: { volumes: expect.any(String), benchmarks: expect.any(String) } },
  ])
  expect(await faults()).toEqual([expect.stringContaining('is in the database, and no entry speaks of it')])
})

test('each night’s run is kept; what was found is read whole again, until it is as the log says', async () => {
  const auditor = await makeStaff('auditor')
  await makeSite()
  const [night, next] = [new Date('2026-12-01T20:17:00Z'), new Date('2026-12-02T20:17:00Z')]
  expect((await auditData(night))?.faults).toEqual([])
  expect(await auditData(addMilliseconds(night, HOUR))).toBeNull()
  // As if the log had been sealed up to here, some minutes ago.
  await superuser.query('UPDATE data_audits SET settled_id = (SELECT max(id) FROM audit_entries)')
  await withoutTriggers(() => superuser.query(`UPDATE cases SET brand = 'Apple'`))
  // No entry since then mentions the cases, so this night's run skips them, but it reads the table of holidays.
  await withoutTriggers(() => superuser.query(`DELETE FROM holidays WHERE date = '2027-01-01'`))
  expect((await auditData(next))?.faults).toEqual([
    expect.stringContaining('reference tables: the table of holidays is not what entry'),
  ])
  expect((await auditData(addMilliseconds(next, HOUR)))?.faults).toHaveLength(3)
  expect(await readLastRun(auditor)).toMatchObject({ whole: true, faults: 3 })
  expect(await readLastRun(await makeStaff('admin'))).toBeNull()
})

test('a run since some entries reads the cases that they speak of', async () => {
  const site = await makeSite()
  const [last] = await read<{ id: string }>('SELECT max(id)::text AS id FROM audit_entries')
  await withoutTriggers(() => superuser.query(`UPDATE cases SET brand = 'Apple'`))
  expect(await faults(last?.id)).toEqual([])
  await transaction((tx) =>
    audit(tx, {
      actor: { kind: 'system' },
      act: 'case.open',
      subject: { kind: 'case', id: site.open },
      at: now,
    }),
  )
  expect(await faults(last?.id)).toEqual([
    expect.stringContaining(`case ${site.open}: what it is not as entry`),
  ])
})

test('a run since some entries counts the survey’s answers, and leaves what they say to a whole run', async () => {
  await makeTen('quan-3', now, [])
  const answers = DATA_CHECKS.filter(({ name }) => name === 'agencies’ answers')
  const find = async (since: string | null) => (await verifyData(read, since, answers)).faults
  await withoutTriggers(() => superuser.query(`UPDATE survey_responses SET answers = '{"r1": "5"}'`))
  expect(await find('0')).toEqual([])
  expect(await find(null)).toContain(
    'agencies’ answers: question r1 at quan-3 has fewer answers than its figures say',
  )
  await withoutTriggers(() => superuser.query('DELETE FROM survey_responses'))
  expect(await find('0')).toEqual([
    expect.stringMatching(/^agencies’ answers: quan-3 has another number of answers/),
  ])
})

test('a case of before there were records is held by its keyed hash, and its history by the entries', async () => {
  await beginRecords(now)
  const { id } = await makeBlockingCase()
  await sayOfFactories()
  await withoutTriggers(() =>
    superuser.query(`UPDATE audit_entries SET facts = facts - 'record' WHERE case_id IS NOT NULL`),
  )
  expect(await verify()).toMatchObject({
    faults: [],
    notes: [expect.stringContaining('1 were last changed before')],
  })
  await withoutTriggers(() =>
    superuser.query(`UPDATE cases SET due_at = due_at + interval '1 day' WHERE id = $1`, [id]),
  )
  await withoutTriggers(() =>
    superuser.query(`UPDATE case_events SET at = at + interval '1 day' WHERE case_id = $1 AND seq = 1`, [id]),
  )
  await withoutTriggers(() =>
    superuser.query(`DELETE FROM proof_checks WHERE case_id = $1 AND seq = 3`, [id]),
  )
  const said = [
    /is not what entry \d+ \(case.approve\) left, by its keyed hash/,
    /step 1 .* another time/,
    /proof check of step 3 is missing/,
  ]
  expect(await faults()).toEqual(said.map((line) => expect.stringMatching(line)))
})
