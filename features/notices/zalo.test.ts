import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { addMilliseconds, HOUR, MINUTE } from '#lib/time.ts'
import { zaloAccessToken } from '#platform/zalo-token/commands.ts'
import { storedCaseKey } from '#tests/case-key.ts'
import { superuser } from '#tests/database.ts'
import { db, transaction } from '#tests/db.ts'
import { type SmsGateway, startSmsGateway } from '../../tools/gateways/sms.ts'
import { startZaloGateway, type ZaloGateway } from '../../tools/gateways/zalo.ts'
import { notify } from './acts.ts'
import { listMessageTroubles } from './data.ts'
import { sendNotice } from './jobs.ts'
import { zaloTemplates } from './templates.ts'

const SITE = { url: 'https://antam.example.vn' }
const FIRST = 'the-first-refresh-token'
let sms: SmsGateway
let zalo: ZaloGateway
beforeAll(() => {
  const file = join(mkdtempSync(join(tmpdir(), 'an-tam-zalo-')), 'templates.json')
  const texts = [...zaloTemplates(SITE)].filter(([name]) => name !== 'reply.vi')
  const approved = texts.map(([name, text], at) => [
    name,
    { id: String(400_000 + at), text: name === 'verify.vi' ? 'Lời cũ <so_ho_so>' : text },
  ])
  writeFileSync(file, JSON.stringify(Object.fromEntries(approved)))
  Object.assign(process.env, {
    PUBLIC_URL: SITE.url,
    SMS_HTTP_URL: 'http://127.0.0.1:4871/messages',
    SMS_HTTP_TOKEN: 'let-me-in',
    ZALO_APP_ID: '1234',
    ZALO_APP_SECRET: 'secret',
    ZALO_REFRESH_TOKEN: FIRST,
    ZALO_TEMPLATES: file,
    ZALO_URL: 'http://127.0.0.1:4872',
    ZALO_OAUTH_URL: 'http://127.0.0.1:4872',
  })
})
beforeEach(async () => {
  await sms?.stop()
  await zalo?.stop()
  sms = await startSmsGateway({ token: 'let-me-in', port: 4871 })
  zalo = await startZaloGateway(FIRST, 4872)
})
afterAll(async () => {
  await sms.stop()
  await zalo.stop()
})

const at = new Date('2026-11-24T03:40:00Z')
async function queued(
  template: 'take' | 'reply' | 'verify' | 'code_view_status' | 'approve' | 'phone_returned',
  more = {},
  key = storedCaseKey(at),
  when = at,
) {
  const to = { kind: 'phone', value: '+84912345678' } as const
  const params = { number: 'HCM-7K3Q-9XWD-4', code: '482913', ...more }
  const caseKey = await key
  await transaction((tx) => notify(tx, { key: caseKey, to, template, locale: 'vi', params, at: when }))
  const { id } = await db.notice.findFirstOrThrow({
    where: { caseId: caseKey.caseId },
    orderBy: { createdAt: 'desc' },
  })
  return id
}
const wayOf = async (id: string) => (await db.notice.findFirstOrThrow({ where: { id } })).way

it('sends by Zalo what has an approved template, with its values under our id', async () => {
  const id = await queued('take')
  await sendNotice(id, at)
  expect(await wayOf(id)).toBe('zalo')
  expect(zalo.sent).toEqual([
    {
      phone: '84912345678',
      template_id: expect.stringMatching(/^4\d{5}$/),
      template_data: { so_ho_so: 'HCM-7K3Q-9XWD-4' },
      tracking_id: id,
    },
  ])
  expect(sms.taken).toEqual([])
})

it.each([-118, -114, -115, -132, -139, -147, null])('Zalo answers %s: an SMS goes at once', async (code) => {
  zalo.behave(code)
  const id = await queued('take')
  await sendNotice(id, at)
  expect(await wayOf(id)).toBe('sms')
  expect(sms.taken).toHaveLength(1)
  const outcome = code === -118 || code === -114 || code === -139 ? 'refused' : 'tried'
  expect(await db.messageCount.findFirst({ where: { way: 'zalo' } })).toMatchObject({ outcome, count: 1 })
})

it('sends by SMS what has no template, one of other words, or words that these values change', async () => {
  const ids = [
    await queued('reply'),
    await queued('verify'),
    await queued('approve', { waits: 'all' }),
    // Written by the previous release, without the number to call.
    await queued('phone_returned'),
    await queued('take', { desk: 'Công an Quận 3', call: '1022' }),
  ]
  for (const id of ids) await sendNotice(id, at)
  expect(zalo.sent).toEqual([])
  expect(sms.taken).toHaveLength(5)
  await sendNotice(await queued('phone_returned', { call: '028 3829 7643' }), at)
  expect(zalo.sent).toMatchObject([{ template_data: { so_goi: '028 3829 7643' } }])
})

it('sends a second code within the hour by SMS', async () => {
  const key = storedCaseKey(at)
  const first = await queued('code_view_status', {}, key)
  await sendNotice(first, at)
  const later = addMilliseconds(at, MINUTE)
  const second = await queued('code_view_status', {}, key, later)
  await sendNotice(second, later)
  expect([await wayOf(first), await wayOf(second)]).toEqual(['zalo', 'sms'])
})

it('of many workers one renews the token, each refresh token is used once, and it is kept sealed', async () => {
  const tokens = await Promise.all(Array.from({ length: 8 }, () => zaloAccessToken(at)))
  expect(new Set(tokens).size).toBe(1)
  expect([zalo.renewals, zalo.reused]).toEqual([1, 0])
  // Renewed within its last hour; the other messages use the old one meanwhile.
  const late = addMilliseconds(at, 24 * HOUR + 30 * MINUTE)
  await Promise.all(Array.from({ length: 8 }, () => zaloAccessToken(late)))
  expect([zalo.renewals, zalo.reused]).toEqual([2, 0])
  const { sealed } = await db.zaloToken.findFirstOrThrow()
  expect(Buffer.from(sealed).toString('latin1')).not.toContain(tokens[0])
})

it('keeps a renewed token though the database fails as it comes: the one before is dead', async () => {
  await superuser.query(`
    CREATE SEQUENCE zalo_faults;
    CREATE FUNCTION zalo_fault() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
      BEGIN IF nextval('zalo_faults') < 3 THEN RAISE 'away'; END IF; RETURN NEW; END $$;
    CREATE TRIGGER zalo_fault BEFORE UPDATE OF sealed ON zalo_tokens FOR EACH ROW EXECUTE FUNCTION zalo_fault()`)
  try {
    const token = await zaloAccessToken(at)
    expect(await zaloAccessToken(at)).toBe(token)
    expect([zalo.renewals, zalo.reused]).toEqual([1, 0])
  } finally {
    await superuser.query('DROP FUNCTION zalo_fault CASCADE; DROP SEQUENCE zalo_faults')
  }
})

it('renews a token that Zalo has ended', async () => {
  await zaloAccessToken(at)
  zalo.endTokens()
  const id = await queued('take')
  await sendNotice(id, at)
  expect([await wayOf(id), zalo.renewals]).toEqual(['zalo', 2])
})

it('sends by SMS, and says so, where Zalo refuses the refresh token, until another one is given', async () => {
  await zalo.stop()
  zalo = await startZaloGateway('another', 4872)
  const ids = [await queued('take'), await queued('take')]
  for (const id of ids) await sendNotice(id, at)
  expect(sms.taken).toHaveLength(2)
  // The old token is tried only once.
  expect(zalo.reused).toBe(1)
  expect(await listMessageTroubles(at)).toContainEqual(expect.stringContaining('-14014'))
})
