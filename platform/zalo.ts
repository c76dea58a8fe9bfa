import '#server-only'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Instant } from '#lib/time.ts'
import { env } from './env.ts'
import { askGateway } from './gateway.ts'
import { sendCounted } from './message-counts/commands.ts'
import { MessageDeferred, MessageRefused } from './message-fault.ts'
import { zaloAccessToken } from './zalo-token/commands.ts'

interface ZaloMessage {
  /** The notice's id: it appears in Zalo's own records, but Zalo does not deduplicate by it. */
  readonly id: string
  /** E.164. */
  readonly to: string
  readonly templateId: string
  readonly data: Readonly<Record<string, string>>
}

const TEMPLATES = z.record(
  z.string(),
  z.object({ id: z.string().regex(/^\d{1,20}$/), text: z.string().min(1) }),
)

/** The templates that Zalo has approved for this installation, by message and language: id and approved text. */
type ApprovedTemplates = z.output<typeof TEMPLATES>

let approved: ApprovedTemplates | undefined

export function approvedTemplates(): ApprovedTemplates {
  const file = env().ZALO_TEMPLATES
  approved ??= file === undefined ? {} : TEMPLATES.parse(JSON.parse(readFileSync(file, 'utf8')))
  return approved
}

/**
 * Codes about the person: no account, an inactive one, or one that does not accept such messages. Retrying on another day
 * rarely helps.
 */
const OF_THE_PERSON = new Set([-108, -114, -118, -119, -139, -141])
const TOKEN_INVALID = -124

const ANSWER = z.object({ error: z.coerce.number().int() })

/**
 * Sends a message with Zalo's notification service. Throws if Zalo does not accept it, and the caller then sends an SMS at
 * once.
 */
export const sendByZalo = (message: ZaloMessage, now: Instant): Promise<void> =>
  sendCounted('zalo', async () => {
    const token = await zaloAccessToken(now)
    let code = await offer(message, token)
    if (code === TOKEN_INVALID) code = await offer(message, await zaloAccessToken(now, token))
    if (code === 0) return 0
    throw OF_THE_PERSON.has(code) ? new MessageRefused(String(code)) : new MessageDeferred(String(code))
  })

async function offer({ id, to, templateId, data }: ZaloMessage, token: string): Promise<number> {
  const { status, body } = await askGateway({
    url: new URL('/message/template', env().ZALO_URL).href,
    headers: { access_token: token, 'content-type': 'application/json' },
    body: JSON.stringify({
      phone: to.replace(/^\+/, ''),
      template_id: templateId,
      template_data: data,
      tracking_id: id,
    }),
  })
  try {
    return ANSWER.parse(JSON.parse(body)).error
  } catch {
    throw new MessageDeferred(String(status))
  }
}
