import { newAnswers } from '../answers.ts'
import { account } from '../fixtures.ts'
import { agreeingIn } from '../forms/form.ts'
import { alone, codeFor, expect, expectWords, openProof, Report, staff, test } from '../forms/people.ts'
import { type Answer, errorsOn, type Visitor } from '../forms/visitor.ts'
import { photo } from '../photo.ts'

const path = (number: string) => `/quan-tri/ho-so/${number}`

/** Posts a decision even if the papers were not opened. */
async function post(
  who: Visitor,
  role: 'officer' | 'supervisor',
  nth: number,
  number: string,
  decision: string,
  answers?: Readonly<Record<string, string>>,
): Promise<Answer> {
  const page = await who.open(path(number))
  const button = `value="${decision}"`
  const otp = await codeFor(account(role, 'quan-3', nth), page, button)
  const given = answers ?? agreeingIn(page.body, button)
  return who.submit(page, button, { decision, reason: 'Đủ giấy tờ.', ...given, otp })
}

test('a decision that is posted without an own opening of the papers as they are is refused, by everybody', async () => {
  const { number } = await new Report(newAnswers()).file()
  const [officer, second] = [await alone('officer', 'quan-3', 1), await staff('officer', 'quan-3')]
  await officer.submit(await officer.open(path(number)), 'value="take"', { decision: 'take' })

  // Not opened, opened only by a colleague, or with an invalid checklist: each is refused.
  const refused = async (answers?: Readonly<Record<string, string>>) => {
    const answer = await post(officer, 'officer', 1, number, 'verify', answers)
    expectWords(answer)
    expect(answer.body).toContain('data-case-status="under_review"')
    return errorsOn(answer)
  }
  expect(Object.keys(await refused())).toEqual(['evidence'])
  await openProof(second, number)
  expect(Object.keys(await refused())).toEqual(['evidence'])
  expect(Object.keys(await refused({ checkImei1: 'fly' }))).toEqual(['evidence'])

  await openProof(officer, number)
  expect(Object.keys(await refused({}))).toEqual(['checkImei1', 'checkImei2', 'checkName', 'checkDevice'])
  const agrees = agreeingIn((await officer.open(path(number))).body, 'value="verify"')
  expect(agrees).toEqual({ checkImei1: 'yes', checkImei2: 'yes', checkName: 'none', checkDevice: 'yes' })
  expect(Object.keys(await refused({ ...agrees, checkImei2: '__proto__' }))).toEqual(['checkImei2'])
  expect(Object.keys(await refused({ ...agrees, checkImei2: 'no' }))).toEqual(['checkImei2'])
  // The form refuses an answer about what the paper cannot show, and about a number that the case does not have.
  expect(Object.keys(await refused({ ...agrees, checkName: 'yes' }))).toEqual(['checkName'])
  const stray = await post(officer, 'officer', 1, number, 'verify', { ...agrees, checkImei3: 'yes' })
  expect(stray.body).toContain('câu trả lời cho một số không được hỏi')
  expect(stray.body).toContain('data-case-status="under_review"')
  const unread = { ...agrees, checkImei1: 'not_visible', checkImei2: 'not_visible' }
  expect(Object.keys(await refused(unread))).toEqual(['checkImei1'])

  // A file that arrives after the officer looked needs another look, although the papers are still open.
  const page = await officer.open(path(number))
  const evidence = [{ name: 'bien-ban.jpg', content: (await photo()).buffer }]
  const added = await officer.submit(page, 'name="evidenceKind"', { evidence, evidenceKind: 'other' })
  expect(added.headers.get('location')).toContain('done=add_document')
  expect(Object.keys(await refused())).toEqual(['evidence'])
  await openProof(officer, number)
  const done = await post(officer, 'officer', 1, number, 'verify')
  expect(done.headers.get('location'), JSON.stringify(errorsOn(done))).toContain('done=verify')

  const supervisor = await staff('supervisor', 'quan-3')
  const unseen = await post(supervisor, 'supervisor', 0, number, 'approve')
  expect(Object.keys(errorsOn(unseen))).toEqual(['evidence'])
  expect(unseen.body).toContain('data-case-status="verified"')
})
