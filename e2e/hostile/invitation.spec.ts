import { newWord } from '../answers.ts'
import { codeOf } from '../codes.ts'
import { alone, expect, expectWords, test, visitor } from '../forms/people.ts'
import { errorsOn } from '../forms/visitor.ts'

const offered = (body: string): string => /data-totp-secret="([A-Z2-7]+)"/.exec(body)?.[1] ?? ''
const codesIn = (body: string): readonly string[] => {
  const list = /<ol[^>]*data-recovery-codes[^>]*>([\s\S]*?)<\/ol>/.exec(body)?.[1] ?? ''
  return [...list.matchAll(/<code[^>]*>([^<]+)</g)].map(([, code = '']) => code)
}

test('who else has the link of an invitation is offered another second factor than its owner', async () => {
  const admin = await alone('admin')
  const invited = await admin.submit(await admin.open('/quan-tri/tai-khoan'), 'name="role"', {
    name: 'Nguyễn Thị Mới',
    email: `moi-${newWord()}@congan.example`,
    role: 'auditor',
  })
  const token = /token=([\w-]+)/.exec(invited.body)?.[1] ?? ''
  const path = `/dang-nhap/loi-moi?token=${token}`
  const [owner, other] = [visitor(), visitor()]
  const page = await owner.open(path)
  expectWords(page)
  const secret = offered(page.body)
  const seen = offered((await other.open(path)).body)
  expect([secret, seen].map((one) => one.length)).toEqual([32, 32])
  expect(seen).not.toBe(secret)
  // Opened again it is the same; a cookie of somebody's own making is one more browser.
  expect(offered((await owner.open(path)).body)).toBe(secret)
  const cookie = [...owner.cookies.keys()].find((name) => name.includes('enrolment')) ?? ''
  const { body } = await visitor().send(path, { headers: { cookie: `${cookie}=x`, 'x-enrolment': 'x' } })
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
