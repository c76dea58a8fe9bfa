import '#server-only'
import { createTransport } from 'nodemailer'
import type { Instant } from '#lib/time.ts'
import { env } from './env.ts'
import { countMessage } from './metrics.ts'
import { putInOutbox } from './outbox.ts'

export interface Mail {
  /** Of the notice, a uuid: the Message-ID comes from it, so that a mail sent twice is one to its reader. */
  readonly id: string
  readonly to: string
  readonly subject: string
  /** Plain text, with `\n` between lines. */
  readonly body: string
  readonly locale: string
  readonly at: Instant
}

/** Resolves once a server has taken the mail, or it is in the outbox; throws when it is not. */
export interface Mailer {
  send(mail: Mail): Promise<void>
}

/** By SMTP where SMTP_URL is set, otherwise a file a mail in the outbox. */
export function mailer(): Mailer {
  const { SMTP_URL } = env()
  const by = SMTP_URL === undefined ? outboxMailer : smtpMailer(SMTP_URL)
  return { send: (mail) => countMessage('email', () => by.send(mail)) }
}

const outboxMailer: Mailer = {
  async send(mail) {
    const { message } = await composer.sendMail(fields(mail))
    await putInOutbox(mail.id, mail.at, 'eml', message as Buffer)
  },
}

/** Writes a mail out instead of sending it. */
const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' })

let smtp: { readonly url: string; readonly mailer: Mailer } | undefined
function smtpMailer(url: string): Mailer {
  if (smtp?.url === url) return smtp.mailer
  const transport = createTransport({
    url,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
    // An SMTP dialogue quotes addresses and texts.
    logger: false,
  })
  const made: Mailer = { send: async (mail) => void (await transport.sendMail(fields(mail))) }
  smtp = { url, mailer: made }
  return made
}

function fields({ id, to, subject, body, locale, at }: Mail) {
  if (/[\r\n]/.test(to + subject)) throw new Error('a line break in the header of a mail')
  const { MAIL_FROM, PUBLIC_URL } = env()
  const host = PUBLIC_URL === undefined ? 'antam.invalid' : new URL(PUBLIC_URL).hostname
  return {
    from: MAIL_FROM,
    // An object is one address, whatever it holds; a string would be read as a list.
    to: { name: '', address: to },
    subject,
    text: body,
    date: at,
    // In letters alone: a code is the only run of six digits in its mail.
    messageId: `<${id.replace(/[0-9]/g, (digit) => 'ghijklmnop'.charAt(Number(digit)))}@${host}>`,
    headers: { 'Content-Language': locale, 'Auto-Submitted': 'auto-generated' },
    textEncoding: 'Q' as const,
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}
