import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { runningUrl } from '../../scripts/embedded.ts'
import { freshCode } from '../codes.ts'
import { account, dataDir } from '../fixtures.ts'
import { agreeingIn } from '../forms/form.ts'
import { alone, expect, expectWords, openProof, Report, test } from '../forms/people.ts'
import { errorsOn } from '../forms/visitor.ts'

/** A user agent that only these tests use, because other tests sign in the same people meanwhile. */
const OURS = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) OPR/120'

const inOurs = (role: string, scope?: string) => alone(role, scope, 0, OURS)

/** Makes a person's session in our browser this many minutes old. */
async function age(email: string, minutes: number): Promise<void> {
  const client = new pg.Client({ connectionString: runningUrl(dataDir()) ?? '' })
  await client.connect()
  const { rowCount } = await client.query(
    `UPDATE staff_sessions SET stepped_up_at = now() - $2 * interval '1 minute'
     FROM staff_accounts a WHERE a.id = account_id AND a.email = $1 AND browser = 'opera mac'`,
    [email, minutes],
  )
  await client.end()
  expect(rowCount).toBe(1)
}

test('a decision in an old session is nothing without a fresh code, and the code counts once', async () => {
  const who = account('officer', 'quan-1')
  const { number } = await new Report({ district: 'quan-1' }).file()
  const officer = await inOurs('officer', 'quan-1')
  const path = `/quan-tri/ho-so/${number}`
  await officer.submit(await officer.open(path), 'value="take"', { decision: 'take' })
  const fresh = await openProof(officer, number)
  expect(fresh.body).not.toContain('name="otp"')

  // Working at least every six minutes does not use the code up. The page shows until when it counts.
  await age(who.email, 28)
  const still = await officer.open(path)
  expect(still.body).not.toContain('name="otp"')
  expect(still.body).toContain('data-no-code-until=')
  await age(who.email, 31)
  const decision = {
    decision: 'verify',
    reason: 'Khớp nhãn hộp, đã xem.',
    ...agreeingIn(fresh.body, 'value="verify"'),
  }
  for (const otp of [undefined, '', '000000', 'x'.repeat(10_000), '\0']) {
    const refused = await officer.submit(fresh, 'value="verify"', { ...decision, otp })
    expectWords(refused)
    expect(errorsOn(refused).otp, String(otp)).toBeTruthy()
    // The code field appears, and what was typed is kept.
    expect(refused.body).toContain('name="otp"')
    expect(refused.body).toContain(decision.reason)
    expect(refused.body).toContain('data-case-status="under_review"')
  }
  const note = await officer.submit(await officer.open(path), 'value="note"', { decision: 'note', note: 'x' })
  expect(note.status).toBe(303)

  const asked = await officer.open(path)
  expect(asked.body).toContain('name="otp"')
  const otp = await freshCode(dataDir(), who)
  const done = await officer.submit(asked, 'value="verify"', { ...decision, otp })
  expect(done.status, JSON.stringify(errorsOn(done))).toBe(303)
  const after = await officer.open(path)
  expect(after.body).toContain('data-case-status="verified"')
  expect(after.body).not.toContain('name="otp"')
})

test('a download leads to the form that asks for a code, however fresh the session', async () => {
  const who = account('survey_manager')
  const manager = await inOurs('survey_manager')
  const turned = await manager.send('/api/survey/export/1')
  expect([turned.status, turned.headers.get('location')]).toEqual([303, '/quan-tri/khao-sat/du-lieu'])
  const page = await manager.follow(turned)
  expect(page.body).not.toContain('href="/api/survey/export/')
  expect(errorsOn(await manager.submit(page, 'name="otp"', {})).otp).toBeTruthy()
  const otp = await freshCode(dataDir(), who)
  expect((await manager.submit(page, 'name="otp"', { otp })).status).toBe(303)
  expect((await manager.send('/api/survey/export/1')).headers.get('content-type')).toContain('text/csv')
})

test('the faulty rows of a police file are whole for who added it alone, and taken with a fresh code', async () => {
  const who = account('officer', 'quan-3')
  const importer = await inOurs('officer', 'quan-3')
  const head = 'số hồ sơ;loại;ngày;imei;họ tên;cccd;liên hệ'
  const content = `${head}\r\n${randomUUID()};cướp giật;ngày nào;1;Lê Ánh;079190012345;anh@example.vn`
  const form = await importer.open('/quan-tri/ho-so/nhap')
  const sent = await importer.submit(form, 'name="importFile"', {
    importFile: [{ name: 'ho-so.csv', content }],
  })
  const page = await importer.follow(sent)
  expect(page.body).toContain('079190012345')
  const path = new URL(page.path, 'http://here').pathname
  const file = `/api/import/${path.split('/').at(-1)}`

  const colleague = await alone('officer', 'quan-3', 1)
  const shown = await colleague.open(path)
  expect(shown.body).toContain('Lê Ánh')
  for (const hidden of ['079190012345', 'anh@example.vn', file]) expect(shown.body).not.toContain(hidden)
  // The file's owner is checked only after the code for files.
  expect((await colleague.send(file)).headers.get('location')).toBe(path)

  const turned = await importer.send(file)
  expect([turned.status, turned.headers.get('location')]).toEqual([303, path])
  const asked = await importer.open(path)
  expect(asked.body).not.toContain(`href="${file}"`)
  const otp = await freshCode(dataDir(), who)
  expect((await importer.submit(asked, 'name="otp"', { otp })).status).toBe(303)
  const taken = await importer.send(file)
  expect(taken.headers.get('content-type')).toContain('text/csv')
  expect(taken.body).toContain('079190012345')
})
