import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { storedCaseKey } from '#tests/case-key.ts'
import { db, transaction } from '#tests/db.ts'
import { messageOf as messageIn, outbox, readable } from '#tests/outbox.ts'
import { full } from '#tests/runs.ts'
import { notify, type OutgoingNotice } from './acts.ts'
import { sendNotice } from './jobs.ts'

const data = process.env.DATA_DIR ?? ''
const at = new Date('2026-11-24T03:40:00.123Z')

async function queued(notice: Partial<OutgoingNotice>): Promise<string> {
  const key = await storedCaseKey(at)
  const whole: OutgoingNotice = {
    key,
    to: { kind: 'email', value: 'lan@example.vn' },
    template: 'submitted',
    locale: 'vi',
    params: { number: 'HCM-7K3Q-9XWD-4' },
    at,
    ...notice,
  }
  await transaction((tx) => notify(tx, whole))
  const { id } = await db.notice.findFirstOrThrow({ where: { caseId: key.caseId } })
  return id
}
const messageOf = (id: string) => messageIn(data, id)

describe('sendNotice', () => {
  it('puts a mail into the outbox whole, with stable headers', async () => {
    const id = await queued({})
    await sendNotice(id, at)
    const { name, content } = messageOf(id) ?? { name: '', content: '' }
    expect(name).toBe(`20261124T034000123Z-${id}.eml`)
    const [head = '', body = ''] = content.split('\r\n\r\n', 2)
    expect(head).toContain('To: lan@example.vn\r\n')
    expect(head).toMatch(/^Content-Type: text\/plain; charset=utf-8\r?$/im)
    expect(head).toMatch(/^Message-ID: <[a-p-]+@antam\.invalid>\r?$/im)
    expect(head).toContain('Auto-Submitted: auto-generated')
    expect(readable(head).replaceAll('_', ' ')).toContain('Đã nhận báo m')
    expect(readable(body)).toContain('Chào bạn,')
    expect(await db.notice.findUnique({ where: { id } })).toMatchObject({ state: 'sent', attempts: 1 })
  })

  it('puts an SMS into the outbox as JSON', async () => {
    const id = await queued({ to: { kind: 'phone', value: '+84912345678' }, template: 'take' })
    await sendNotice(id, at)
    const { name, content } = messageOf(id) ?? { name: '', content: '{}' }
    expect(name).toMatch(/\.json$/)
    const sms = JSON.parse(content)
    expect(Object.keys(sms)).toEqual(['to', 'text', 'at'])
    expect(sms).toMatchObject({ to: '+84912345678', at: at.toISOString() })
    expect(sms.text).toMatch(/^An Tâm: Công an đang xác minh hồ sơ HCM-7K3Q-9XWD-4/)
  })

  it('has a code as the only run of six digits, headers included', async () => {
    for (let round = 0; round < 40; round++) {
      const code = String(round * 24_977).padStart(6, '0')
      const id = await queued({
        template: 'code_view_status',
        params: { number: 'HCM-1234-5678-9', code },
        at: new Date(at.getTime() + round * 86_461_007),
      })
      await sendNotice(id, at)
      expect(messageOf(id)?.content.match(/\d{6,}/g)).toEqual([code])
    }
  })

  it('sends again onto the same place, and nothing once it is sent', async () => {
    const id = await queued({})
    await sendNotice(id, at)
    const first = messageOf(id)
    // The process stopped after the mail was sent and before that was stored.
    await db.notice.update({ where: { id }, data: { state: 'queued' } })
    await sendNotice(id, at)
    expect(outbox(data).filter(({ name }) => name.includes(id))).toEqual([first])
    await sendNotice(id, at)
    expect(await db.notice.findUnique({ where: { id } })).toMatchObject({ state: 'sent', attempts: 2 })
  })

  it('lets no line break into a header and no list into an address', async () => {
    const smuggled = await queued({ to: { kind: 'email', value: 'a@example.vn\r\nBcc: b@example.vn' } })
    await expect(sendNotice(smuggled, at)).rejects.toThrow(smuggled)
    expect(messageOf(smuggled)).toBeUndefined()
    const list = await queued({ to: { kind: 'email', value: 'a@example.vn, b@example.vn' } })
    await sendNotice(list, at).catch(() => {})
    expect(messageOf(list)?.content.match(/^To: .*/m)?.[0] ?? '').not.toMatch(/, ?b@example\.vn$/)
  })

  it('does nothing for a draft that was deleted with its key', async () => {
    const id = await queued({})
    await db.caseKey.deleteMany({})
    await sendNotice(id, at)
    expect(messageOf(id)).toBeUndefined()
  })

  it('keeps a failure for the next try without saying to whom, and gives up after the last', async () => {
    const id = await queued({ locale: 'no-such-language', template: 'release' })
    const failed = sendNotice(id, at)
    await expect(failed).rejects.toThrow(`notice ${id} could not be sent: failed`)
    expect(await db.notice.findUnique({ where: { id } })).toMatchObject({ state: 'queued', attempts: 1 })
    await db.notice.update({ where: { id }, data: { attempts: 12 } })
    await expect(sendNotice(id, at)).rejects.toThrow()
    expect(await db.notice.findUnique({ where: { id } })).toMatchObject({ state: 'failed', error: 'failed' })
  })
})

it.runIf(full)(
  'a process killed in mid-send loses and doubles nothing',
  async () => {
    const ids: string[] = []
    for (let n = 0; n < 30; n++) ids.push(await queued({}))
    const script = `const { sendNotice } = await import('${import.meta.dirname}/jobs.ts')
    for (const id of ${JSON.stringify(ids)}) await sendNotice(id, new Date())`
    for (const delay of [0, 5, 15]) {
      const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' })
      const ended = new Promise((done) => child.on('exit', done))
      const before = outbox(data).length
      while (child.exitCode === null && outbox(data).length < before + 3) await sleep(2)
      await sleep(delay)
      child.kill('SIGKILL')
      await ended
    }
    for (const id of ids) await sendNotice(id, at)
    const sent = outbox(data).filter(({ name }) => ids.some((id) => name.includes(id)))
    expect(sent).toHaveLength(30)
    for (const { content } of sent) expect(readable(content)).toContain('không cần trả lời.')
    expect(await db.notice.count({ where: { id: { in: ids }, state: 'sent' } })).toBe(30)
  },
  60_000,
)
