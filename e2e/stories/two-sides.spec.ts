import type { Locator, Page } from '@playwright/test'
import pg from 'pg'
import { runningUrl } from '../../scripts/embedded.ts'
import { newAnswers } from '../answers.ts'
import { account, dataDir, expect, test } from '../fixtures.ts'
import { agreeingIn, formWith } from '../forms/form.ts'
import { codeFor, decideAs, Report, staff } from '../forms/people.ts'
import type { Visitor } from '../forms/visitor.ts'
import type { Outbox } from '../outbox.ts'
import { CasePage } from '../pages/case-page.ts'
import { object } from '../pages/objection-pages.ts'
import type { Receipt } from '../pages/report-pages.ts'

const OFFICER = ['officer', 'quan-3', 0] as const
const OTHER_OFFICER = ['officer', 'quan-3', 1] as const
const SUPERVISOR = ['supervisor', 'quan-3', 0] as const
const OTHER_SUPERVISOR = ['supervisor', 'quan-3', 1] as const
const CITY = ['city_police', undefined, 1] as const

/** A moment as pages print it. The comparison ignores its value. */
const MOMENT = /(Thứ \S+|Chủ Nhật) \d\d\/\d\d\/\d{4}, \d\d:\d\d/g
const still = (words: string) =>
  words
    .replace(MOMENT, '…')
    .replace(/, số [\d ().]+\./, ', số ….')
    .replace(/\s+/g, ' ')
    .trim()

/** Returns what the letters to a contact say about the dispute, in order: from the greeting to the box or the time. */
function lettersTo(outbox: Outbox, contact: string): string[] {
  return outbox.messagesTo(contact).flatMap((mail) => {
    const [, said] =
      /Chào bạn,\s+([\s\S]*?)\s+(?:Quyết định, và quyền của bạn|Thư này nói tình trạng)/.exec(mail) ?? []
    return said ? [still(said)] : []
  })
}

/** Expects the letters from `expected[0]` on, word by word. Another story covers letters about who decides. */
async function expectLetters(outbox: Outbox, contact: string, expected: readonly string[]): Promise<void> {
  await expect
    .poll(
      () => {
        const all = lettersTo(outbox, contact).filter(
          (said) => !/được quyết định hồ sơ của bạn|có quyền quyết định/.test(said),
        )
        // Two letters of the same moment may arrive in any order.
        return all.slice(all.indexOf(expected[0] ?? '')).toSorted()
      },
      { timeout: 60_000 },
    )
    .toEqual(expected.toSorted())
}

/** Returns a page's headline and its answer to what the person has to do. */
async function saidOn(page: Page): Promise<{ headline: string; need: string }> {
  const title = page.locator('main').getByText('Bạn cần làm gì?', { exact: true }).first()
  const need = title.locator('xpath=following::p[1]')
  const words = async (of: Locator) => still((await of.textContent()) ?? '')
  return { headline: await words(page.locator('h1')), need: await words(need) }
}

/** Returns the rows of the box about the last decision, by their terms. */
const boxOn = async (page: Page): Promise<Record<string, string>> =>
  Object.fromEntries(
    (
      await page
        .locator('[data-last-box] dl > div')
        .evaluateAll((rows) =>
          rows.map((row) => ['dt', 'dd'].map((part) => row.querySelector(part)?.textContent ?? '')),
        )
    ).map(([term = '', words = '']) => [term, still(words)]),
  )

/** Upholds an objection by the plain form of its page, with both sides' papers open. */
async function upholdObjection(number: string, reason: string): Promise<void> {
  const who: Visitor = await staff(...OFFICER)
  const path = `/quan-tri/khieu-nai/${number}`
  const closed = await who.open(path)
  await who.submit(closed, 'name="disclose"', { disclose: 'open', disclosureReason: 'appeal' })
  const page = await who.open(path)
  const otp = await codeFor(account(...OFFICER), page, 'value="uphold"')
  const checks = agreeingIn(page.body, 'value="uphold"')
  const sent = await who.submit(page, 'value="uphold"', { decision: 'uphold', reason, ...checks, otp })
  expect(sent.headers.get('location')).toContain('done=uphold')
}

/** Moves the case's deadline into the past, and starts the job that looks for late cases. */
async function letDeadlinePass(number: string): Promise<void> {
  const client = new pg.Client({ connectionString: runningUrl(dataDir(), 'owner') ?? '' })
  await client.connect()
  try {
    await client.query("SELECT set_config('antam.scope', 'system', false)")
    await client.query(
      `WITH late AS (UPDATE cases SET due_at = now() - interval '10 seconds' WHERE number = $1 RETURNING id, due_at)
       UPDATE queue_places SET act_by = due_at FROM late WHERE case_id = id`,
      [number],
    )
    await client.query("INSERT INTO pgboss.job (name, data) VALUES ('lateness', '{}')")
  } finally {
    await client.end()
  }
}

test('one phone, three claims, an objection, its review and a late unit: each side is told the truth to the end', async ({
  browser,
  baseURL,
  casePage,
  signIn,
  outbox,
}) => {
  const page = async (javaScriptEnabled: boolean) =>
    (
      await browser.newContext({
        javaScriptEnabled,
        viewport: { width: 360, height: 740 },
        ...(baseURL && { baseURL }),
      })
    ).newPage()
  const one = newAnswers({ imei2: '' })
  const { imei1 } = one
  const two = newAnswers({ imei1, imei2: '', fullName: 'Lê Văn Kiên', nationalId: '079085001234' })
  const three = newAnswers({ imei1, imei2: '', fullName: 'Trần Văn Ba', nationalId: '079085001235' })
  const first = await new Report(one).file()
  await decideAs(OFFICER, first.number, 'take')
  await decideAs(OFFICER, first.number, 'verify', { reason: 'Nhãn hộp đúng số máy.' })
  await decideAs(SUPERVISOR, first.number, 'approve', { reason: 'Đã xem lại giấy tờ.' })
  const [second, third] = [await new Report(two).file(), await new Report(three).file()]
  // The first person uses scripts, the second does not.
  const theirs = new CasePage(await page(false), 'vi')
  await casePage.open(first)
  await casePage.waitFor('blocked')

  // A second proof matches. Both sides are heard, and nothing changes yet.
  await decideAs(OTHER_OFFICER, second.number, 'take')
  await decideAs(OTHER_OFFICER, second.number, 'accept_counterclaim', { reason: 'Hóa đơn có vẻ thật.' })
  const HEARD =
    'Có hơn một người nói máy này là của mình. Công an Thành phố so giấy tờ các bên rồi quyết định; đến lúc đó không có gì thay đổi. Hãy trả lời và gửi thêm giấy tờ ở trang này: công an chờ bạn đến … rồi mới quyết định.'
  await casePage.open(first)
  expect(await saidOn(casePage.page)).toEqual({
    headline: 'Lệnh chặn vẫn giữ nguyên trong lúc công an kiểm tra thêm',
    need: HEARD,
  })
  await theirs.open(second)
  expect(await saidOn(theirs.page)).toEqual({
    headline: 'Công an đang kiểm tra thêm hồ sơ này',
    need: HEARD,
  })
  await answer(casePage, 'answer_conflict', 'Máy tôi mua ở tiệm, có hộp.')
  await answer(theirs, 'answer_conflict', 'Máy của tôi, có hóa đơn.')

  // City police uphold the second case. The phone stays blocked for it, and the first person is told so.
  const city = await signIn(account('city_police'))
  await city.openCase(second.number)
  await city.uphold(second.number, 'Hóa đơn đúng số máy.')
  await casePage.open(first)
  expect((await saidOn(casePage.page)).headline).toBe('Hồ sơ không được chấp nhận, bạn còn được xin xem lại')
  expect(await boxOn(casePage.page)).toMatchObject({
    'Đã quyết định': 'Công nhận một hồ sơ khác về máy này, không công nhận hồ sơ của bạn, lúc ….',
    'Căn cứ':
      'Sau khi xem giấy tờ của các bên, công an công nhận hồ sơ khác. Lúc …, lệnh chặn chuyển sang hồ sơ kia, máy chưa được mở chặn.',
    'Xin xem lại':
      'Một lần, đến …, trên trang hồ sơ. Một cán bộ khác, không phải người đã quyết định, xem lại từ đầu.',
  })
  await decideAs(OTHER_OFFICER, second.number, 'verify', { reason: 'Công an Thành phố đã chọn.' })
  await decideAs(OTHER_SUPERVISOR, second.number, 'approve', { reason: 'Đồng ý.' })
  await theirs.open(second)
  await theirs.waitFor('blocked')

  // Another person has the phone, and objects to the second case's block.
  const holder = await page(true)
  const { email } = await object(holder, imei1, outbox)
  const objection =
    (await holder.locator('[data-objection-number]').first().getAttribute('data-objection-number')) ?? ''
  expect((await saidOn(holder)).headline).toBe('Công an đang xem giấy tờ của hai bên')
  await theirs.open(second)
  expect((await saidOn(theirs.page)).need).toBe(
    'Một người đang giữ máy khiếu nại lệnh chặn. Hãy trả lời ở trang này; công an chờ bạn đến … rồi mới quyết định mở chặn cho người đó.',
  )
  await answer(theirs, 'answer_objection', 'Máy tôi bị giật.')
  await upholdObjection(objection, 'Hóa đơn của người giữ máy có trước.')
  await decideAs(SUPERVISOR, second.number, 'approve_unblock', { reason: 'Đồng ý mở.' })
  await theirs.open(second)
  await theirs.waitFor('unblocked')
  expect(await saidOn(theirs.page)).toEqual({
    headline: 'Máy đã được mở chặn cho người đang giữ, bạn còn được xin xem lại',
    need: 'Công an thấy khiếu nại của người đang giữ máy là đúng; lý do ghi ở phần “Đã đi tới đâu”. Máy dùng lại được với người đó. Nếu thấy chưa đúng, bạn được xin xem lại một lần; người chưa từng quyết định hồ sơ này sẽ xem.',
  })

  // The review: the holder, whom two people had found right, is heard before any decision.
  await answer(theirs, 'appeal', 'Hóa đơn ấy là của máy khác.')
  await expect(async () => {
    await holder.reload()
    expect(await saidOn(holder)).toEqual({
      headline: 'Người báo xin xem lại việc mở chặn',
      need: 'Máy vẫn dùng được trong lúc xem lại. Hãy trả lời và gửi thêm giấy tờ bằng mẫu ở đây; công an chờ bạn đến … rồi mới quyết định.',
    })
  }).toPass({ timeout: 30_000 })
  const form = holder.locator('form:has(button[value="answer"])')
  await form.locator('[name="message"]').fill('Tôi mua máy ở tiệm, hóa đơn đúng số.')
  await form.locator('button[value="answer"]').click()
  await expect(holder.getByText('Đã gửi trả lời. Công an đọc trước khi quyết định.')).toBeVisible()
  await decideAs(CITY, second.number, 'take')
  await rejectInReview(second, 'Hóa đơn không phải của máy này.')
  await theirs.open(second)
  expect(await boxOn(theirs.page)).toMatchObject({
    'Đã quyết định': 'Không chấp nhận hồ sơ, lúc ….',
    'Căn cứ': 'Giấy tờ chưa cho thấy bạn là chủ máy.',
    'Xin xem lại':
      'Công an đã xem lại một lần theo yêu cầu của bạn, nên không xem lại nữa. Khi có giấy tờ mới, bạn được gửi một hồ sơ mới.',
  })
  await expect(async () => {
    await holder.reload()
    expect(await saidOn(holder)).toEqual({
      headline: 'Đã xem lại: công an không chặn lại máy',
      need: 'Bạn không cần làm gì nữa. Người báo không xin xem lại được nữa.',
    })
  }).toPass({ timeout: 30_000 })

  // No officer took the third case in time. Its person is told, complains with one press, and gets an answer.
  await letDeadlinePass(third.number)
  await theirs.open(third)
  const late = theirs.page.locator('[data-late]')
  await expect(async () => {
    await theirs.page.reload()
    await expect(late).toBeVisible({ timeout: 500 })
  }).toPass({ timeout: 30_000 })
  await Promise.all([theirs.page.waitForEvent('load'), late.locator('button[value="complain_late"]').click()])
  await expect(late.locator('[data-late-complaint="waiting"]')).toBeVisible()
  await answerComplaint(third.number, 'Hôm nay có người nhận hồ sơ.')
  await theirs.page.reload()
  await expect(late.locator('[data-late-complaint="answered"]')).toContainText('Hôm nay có người nhận hồ sơ.')

  const asked =
    'Trước khi quyết định, công an chờ bạn trả lời đến …. Hãy mở hồ sơ, cho biết vì sao máy là của bạn và gửi thêm giấy tờ nếu có. Bạn trả lời rồi thì công an không chờ bạn nữa; bên kia vẫn đủ thời gian của mình.'
  const heard =
    'Chúng tôi đã nhận trả lời của bạn. Công an Thành phố đọc trước khi quyết định. Đến lúc đó, bạn vẫn viết thêm và gửi thêm giấy tờ được.'
  await expectLetters(outbox, one.contactEmail, [
    `Một người khác cũng nói máy này là của mình và có giấy tờ khớp. Công an Thành phố xem giấy tờ của các bên rồi mới quyết định. Trong lúc chờ, hồ sơ được giữ nguyên, và lệnh chặn nào đang có thì không ai gỡ. ${asked}`,
    heard,
    'Công an Thành phố đã xem giấy tờ của các bên và công nhận hồ sơ khác. Hồ sơ của bạn bị từ chối. Lý do: công an công nhận hồ sơ khác. Lúc …, lệnh chặn chuyển sang hồ sơ được công nhận, máy chưa được mở chặn Công an viết cho bạn: Hóa đơn đúng số máy.',
    'Trước đó Công an Thành phố công nhận một hồ sơ khác về máy này, và lệnh chặn máy chuyển sang hồ sơ đó, mới là chặn tạm. Nay hai cán bộ công an đã duyệt hồ sơ đó, nên lệnh chặn không còn là chặn tạm. Nếu thấy việc từ chối hồ sơ của bạn là chưa đúng, bạn được xin xem lại một lần, đến ….',
    'Trước đó Công an Thành phố công nhận một hồ sơ khác về máy này, và lệnh chặn máy chuyển sang hồ sơ đó. Nay lệnh chặn ấy đã hết: lệnh mở chặn được giao cho cơ quan chuyển lệnh, và mỗi nhà mạng có 24 giờ kể từ khi nhận lệnh. Nếu thấy việc từ chối hồ sơ của bạn là chưa đúng, bạn được xin xem lại một lần, đến ….',
  ])
  await expectLetters(outbox, two.contactEmail, [
    `Có hơn một người nói máy này là của mình. Giấy tờ của bạn khớp, giấy tờ của một người khác cũng khớp. Công an Thành phố xem giấy tờ của các bên rồi mới quyết định. ${asked}`,
    heard,
    'Lệnh chặn máy nay giữ theo hồ sơ của bạn, không nhà mạng nào mở. Công an duyệt hồ sơ chậm nhất …. Quá lúc đó mà chưa duyệt, hoặc hồ sơ bị từ chối hay rút, thì máy được mở.',
    'Công an Thành phố đã xem giấy tờ của các bên và công nhận hồ sơ của bạn. Hồ sơ được xử lý tiếp.',
    'Công an đã xác minh máy là của bạn. Một cán bộ thứ hai xem lại, rồi các nhà mạng mới chặn máy.',
    'Lệnh chặn đã được gửi đến các nhà mạng. Mỗi nhà mạng có 24 giờ để chặn. Trang hồ sơ cho biết nhà mạng nào đã chặn xong.',
    'Các nhà mạng đã chặn máy. Ai cầm máy cũng không gọi, không nhắn và không dùng được mạng di động ở Việt Nam. Máy vẫn dùng được Wi-Fi; ra nước ngoài có thể vẫn bắt được sóng. Nếu tìm lại được máy, hãy mở hồ sơ và xin mở chặn.',
    'Một người nói đang giữ máy của bạn và khiếu nại lệnh chặn. Máy vẫn bị chặn. Công an sẽ xem giấy tờ của cả hai bên, và phải có hai người đồng ý thì máy mới được mở chặn. Trước khi đồng ý mở chặn, công an chờ bạn trả lời đến …. Hãy mở hồ sơ và trả lời. Bạn trả lời rồi thì công an không chờ bạn nữa.',
    'Chúng tôi đã nhận trả lời của bạn về khiếu nại của người đang giữ máy. Công an đọc trước khi quyết định.',
    'Một cán bộ đã xem giấy tờ của cả hai bên và thấy khiếu nại của người giữ máy là đúng. Còn một người thứ hai phải duyệt, sau đó máy mới được mở chặn. Nếu có điều gì chưa nói, hãy mở hồ sơ và trả lời ngay. Công an viết cho bạn: Hóa đơn của người giữ máy có trước.',
    'Hai cán bộ công an thấy khiếu nại của người đang giữ máy là đúng, nên lệnh mở chặn đã gửi đến các nhà mạng. Máy sẽ dùng lại được với người đang giữ. Lý do ghi trên trang hồ sơ. Khi các nhà mạng mở xong, bạn xin xem lại được một lần trong 30 ngày.',
    'Các nhà mạng đã mở chặn. Máy dùng lại được với người đang giữ.',
    'Chúng tôi đã nhận yêu cầu xem lại việc mở chặn. Những người chưa quyết định gì trong hồ sơ này xem lại từ đầu. Người đang giữ máy được báo và được trả lời trước; máy chỉ bị chặn lại khi hai cán bộ công an cùng đồng ý. Đến lúc đó máy vẫn dùng được.',
    'Công an đã nhận hồ sơ của bạn và đang xác minh. Hạn có kết quả được ghi trên trang hồ sơ. Nếu cần bạn bổ sung gì, chúng tôi sẽ nhắn ngay.',
    'Công an đã xem hồ sơ và không chấp nhận. Lý do: giấy tờ chưa cho thấy bạn là chủ máy Công an viết cho bạn: Hóa đơn không phải của máy này.',
  ])
  await expectLetters(outbox, three.contactEmail, [
    'Một người khác cũng báo chiếc máy này, và công an đã xác nhận giấy tờ của người ấy khớp với máy. Hồ sơ của bạn vẫn mở. Nếu còn hộp máy, hóa đơn hay giấy tờ khác, bạn hãy gửi thêm trên trang hồ sơ, hoặc mang tới công an nơi giữ hồ sơ. Nếu giấy tờ của bạn cũng khớp, Công an Thành phố đặt giấy tờ các bên cạnh nhau rồi quyết định.',
    'Lẽ ra Công an Quận 3 phải xem hồ sơ chậm nhất …. Việc này đã trễ, chúng tôi xin lỗi bạn. Hẹn lại: chậm nhất …. Chỉ huy của đơn vị được báo ngay hôm nay. Sau một ngày làm việc mà vẫn trễ, Công an Thành phố được báo; sau ba ngày làm việc, cơ quan thanh tra được báo. Bạn có thể gọi Công an Quận 3, số …. Bạn cũng có thể mở hồ sơ rồi bấm “Khiếu nại việc chậm trễ”: Công an Thành phố trả lời bạn trong ba ngày làm việc. Quyền khiếu nại theo Luật Khiếu nại và quyền khởi kiện vẫn còn nguyên.',
    'Công an Thành phố đã trả lời khiếu nại của bạn về việc chậm trễ. Nếu chưa đồng ý, bạn có thể khiếu nại tiếp hoặc khởi kiện theo Luật Khiếu nại và Luật Tố tụng hành chính. Công an viết cho bạn: Hôm nay có người nhận hồ sơ.',
  ])
  await expectLetters(outbox, email, [
    'Chúng tôi đã nhận khiếu nại của bạn về lệnh chặn máy. Công an xem giấy tờ của hai bên rồi quyết định; hạn trả lời ghi trên trang khiếu nại. Trong lúc đó máy vẫn bị chặn. Hãy giữ số khiếu nại và mã bí mật: có chúng bạn mới xem được kết quả.',
    'Hai cán bộ công an đã đồng ý: máy bị chặn nhầm. Lệnh mở chặn được chuyển tới các nhà mạng; mỗi nhà mạng có 24 giờ kể từ khi nhận lệnh. Chúng tôi xin lỗi bạn vì đã chặn nhầm.',
    'Các nhà mạng đã mở chặn máy xong. Nếu chưa có sóng, hãy tắt rồi mở lại máy.',
    'Máy của bạn đã được mở chặn theo khiếu nại này. Người đã báo máy xin xem lại. Những người của công an chưa quyết định gì trong việc này xem lại giấy tờ của hai bên. Đến lúc đó máy vẫn dùng được, không nhà mạng nào chặn lại. Trước khi quyết định, công an chờ bạn trả lời đến …. Hãy mở khiếu nại, trả lời và gửi thêm giấy tờ nếu có: bạn có máy từ đâu, vì sao máy là của bạn.',
    'Chúng tôi đã nhận trả lời của bạn. Công an đọc trước khi quyết định. Đến lúc đó, bạn vẫn viết thêm và gửi thêm giấy tờ được.',
    'Việc xem lại đã khép. Sau khi xem giấy tờ của hai bên, công an không đặt lại lệnh chặn: việc mở chặn cho bạn giữ nguyên. Người báo không xin xem lại được nữa. Bạn không phải làm gì.',
  ])
  // No side learns who another is.
  for (const [contact, own] of [
    [one.contactEmail, first],
    [two.contactEmail, second],
    [three.contactEmail, third],
    [email, null],
  ] as const) {
    const all = outbox.messagesTo(contact).join('\n')
    for (const { number } of [first, second, third])
      if (number !== own?.number) expect(all).not.toContain(number)
    for (const name of ['Lê Văn Kiên', 'Trần Văn Ba', 'Trần Văn Bình', imei1]) expect(all).not.toContain(name)
  }
  for (const opened of [theirs.page, holder]) await opened.context().close()
})

async function answer(on: CasePage, act: string, message: string): Promise<void> {
  await on.do(act, message)
  await expect(on.page.locator('[role="status"]').first()).toBeVisible()
}

/** Rejects a case in the review of its lifted block, by the plain form, with both sides' papers open. */
async function rejectInReview({ number }: Receipt, reason: string): Promise<void> {
  const who = await staff(...CITY)
  const path = `/quan-tri/ho-so/${number}`
  const closed = await who.open(path)
  if (closed.body.includes('name="disclose"'))
    await who.submit(closed, 'name="disclose"', { disclose: 'open', disclosureReason: 'appeal' })
  const page = await who.open(path)
  const sent = await who.submit(page, 'value="reject"', {
    decision: 'reject',
    reasonCode: 'not_owner',
    reason,
  })
  expect(sent.headers.get('location')).toContain('done=reject')
}

async function answerComplaint(number: string, words: string): Promise<void> {
  const who = await staff(...CITY)
  const page = await who.open('/quan-tri/ho-so/tre-han')
  const [, id = ''] =
    new RegExp(`${number}[\\s\\S]*?name="complaintId"[^>]*value="([^"]+)"`).exec(page.body) ?? []
  expect(formWith(page.body, `value="${id}"`).fields.map(([name]) => name)).toContain('answer')
  const sent = await who.submit(page, `value="${id}"`, { answer: words })
  expect(sent.headers.get('location')).toContain('done=answered')
}
