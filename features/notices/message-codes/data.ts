import '#server-only'
import { systemScope } from '#lib/access/scope.ts'
import { maskEmail } from '#lib/person/masking.ts'
import type { Instant } from '#lib/time.ts'
import { unseal, unwrap } from '#platform/crypto.ts'
import { db } from '#platform/db.ts'
import { WRAPPED_KEY } from '#platform/key-wrapper.ts'
import { inScope } from '#platform/scope.ts'
import { type NoticeTemplate, renderMail } from '../templates.ts'
import { idsOfCode } from './rules.ts'

export interface OwnMessage {
  readonly at: Instant
  /** The end of a number, or a masked address. */
  readonly to: { readonly kind: 'phone' | 'email'; readonly end: string }
  /** The message's subject in its own language, without the case's number. */
  readonly subject: string
  readonly locale: string
}

/**
 * Returns what a person with a message's code may learn about it; null if no message has the code, or it is gone with its case.
 */
export const findMessage = (code: string): Promise<OwnMessage | null> =>
  inScope(systemScope(), async () => {
    const { first, last } = idsOfCode(code)
    const row = await db.notice.findFirst({
      where: { id: { gte: first, lte: last } },
      select: {
        ...{ id: true, caseId: true, channel: true, template: true, locale: true, sealed: true },
        ...{ createdAt: true, sentAt: true, key: { select: WRAPPED_KEY } },
      },
    })
    if (row === null) return null
    const { to } = unseal<{ readonly to: string }>(
      unwrap(row.caseId, row.key),
      `notice:${row.id}`,
      row.sealed,
    )
    const site = { url: 'https://an-tam.invalid' }
    return {
      at: row.sentAt ?? row.createdAt,
      to: { kind: row.channel, end: row.channel === 'phone' ? to.slice(-3) : maskEmail(to) },
      subject: renderMail(row.template as NoticeTemplate, row.locale, { number: '…' }, site).subject,
      locale: row.locale,
    }
  })
