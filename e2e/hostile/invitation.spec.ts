import { newWord } from '../answers.ts'
import { codeOf } from '../codes.ts'
import { account } from '../fixtures.ts'
import { alone, codeFor, confirmAbout, expect, expectWords, outbox, test, visitor } from '../forms/people.ts'
import { errorsOn } from '../forms/visitor.ts'

const offered = (body: string): string => /data-totp-secret="([A-Z2-7]+)"/.exec(body)?.[1] ?? ''
const codesIn = (body: string): readonly string[] => {
  const list = /<ol[^>]*data-recovery-codes[^>]*>([\s\S]*?)<\/ol>/.exec(body)?.[1] ?? ''
  return [...list.matchAll(/<code[^>]*>([^<]+)</g)].map(([, code = '']) => code)
}

test('who else has the link of an invitation is offered another second factor than its owner', async () => {
  const admin = await alone('admin')
  const email = `moi-${newWord()}@congan.example`
  const form = await admin.open('/quan-tri/tai-khoan')
  const invited = await admin.submit(form, 'name="role"', {
    otp: await codeFor(account('admin'), form, 'name="role"'),
    name: 'Nguyễn Thị Mới',
    email,
    role: 'officer',
    unitId: 'quan-3',
  })
  expect(invited.body).not.toContain('/k/invitation')
  await confirmAbout(email, 'supervisor', 'quan-3')
  const link = new URL(await outbox().link(email)).pathname
  // A mail scanner opens the link first, by both methods. That must not use the invitation up.
  for (const method of ['HEAD', 'GET']) expect((await visitor().send(link, { method })).status).toBe(303)
  const path = '/dang-nhap/loi-moi'
  const [owner, other] = [visitor(), visitor()]
  for (const who of [owner, other]) {
    const answer = await who.send(link)
    expect(answer.headers.get('location')).toBe(path)
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer')
  }
  // A browser with the inviting person's session is offered no secret.
  await admin.send(link)
  expect(offered((await admin.open(path)).body)).toBe('')
  const page = await owner.open(path)
  expectWords(page)
  const secret = offered(page.body)
  const seen = offered((await other.open(path)).body)
  expect([secret, seen].map((one) => one.length)).toEqual([32, 32])
  expect(seen).not.toBe(secret)
  // Opened again, it offers the same secret. A cookie that somebody made up counts as another browser.
  expect(offered((await owner.open(path)).body)).toBe(secret)
  const cookie = [...owner.cookies.keys()].find((name) => name.includes('enrolment')) ?? ''
  const [name = '', value] = [...owner.cookies].find(([one]) => one.includes('antam-invitation')) ?? []
  const invitationCookie = `${name}=${value}`
  const { body } = await visitor().send(path, {
    headers: { cookie: `${cookie}=x; ${invitationCookie}`, 'x-enrolment': 'x' },
  })
  expect([secret, seen, '']).not.toContain(offered(body))

  const password = 'con mèo ngủ trên mái nhà đỏ'
  const accept = (otp: string) => owner.submit(page, 'name="otp"', { password, passwordAgain: password, otp })
  const refused = await accept(codeOf(seen))
  expect(errorsOn(refused).otp).toBeTruthy()
  expect(offered(refused.body)).toBe(secret)
  // Sent several times, each answer shows the same codes.
  const otp = codeOf(secret)
  const sent = await Promise.all([accept(otp), accept(otp), accept(otp)])
  const shown = [...sent, await accept(otp)].map(({ body }) => codesIn(body))
  expect(shown[0]).toHaveLength(10)
  expect(shown).toEqual(shown.map(() => shown[0]))
  expect(offered((await owner.open(path)).body)).toBe('')
})
