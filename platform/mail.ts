import '#server-only'
import { createTransport, type SendMailOptions } from 'nodemailer'
import type { Instant } from '#lib/time.ts'
import { env } from './env.ts'
import { sendCounted } from './message-counts/commands.ts'
import { MessageRefused } from './message-fault.ts'
import { putInOutbox } from './outbox.ts'

interface Mail {
  /** The notice's uuid. The Message-ID is derived from it, so that a mail that is sent twice appears once to its reader. */
  readonly id: string
  readonly to: string
  readonly subject: string
  /** Plain text, with `\n` between lines. */
  readonly body: string
  readonly locale: string
  readonly at: Instant
  /**
   * The mailing list of a mail that its reader may unsubscribe from, such as mail to staff about waiting work, with the page
   * for that. Mail about a person's own case has none.
   */
  readonly list?: { readonly name: string; readonly leave: string }
}

/**
 * Sends mails. Resolves once a server has accepted the mail or it is in the outbox. Throws `MessageRefused` if there is no such
 * mailbox, and any other error if a later attempt may succeed.
 */
interface Mailer {
  send(mail: Mail): Promise<void>
}

/** Returns the mailer: SMTP if SMTP_URL is set, otherwise one that writes each mail to the outbox. */
export function mailer(): Mailer {
  const { SMTP_URL } = env()
  const { send } = SMTP_URL === undefined ? outboxMailer : smtpMailer(SMTP_URL)
  return {
    send: (mail) =>
      sendCounted('mail', async () => {
        await send(mail)
        return 0
      }),
  }
}

const outboxMailer: Mailer = {
  async send(mail) {
    const { message } = await composer.sendMail(fields(mail))
    await putInOutbox(mail.id, mail.at, 'eml', message as Buffer)
  },
}

/** Composes a mail without sending it. */
const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' })

let smtp: { readonly url: string; readonly mailer: Mailer } | undefined
function smtpMailer(url: string): Mailer {
  if (smtp?.url === url) return smtp.mailer
  const { DKIM_DOMAIN, DKIM_SELECTOR, DKIM_PRIVATE_KEY } = env()
  const signs = DKIM_DOMAIN && DKIM_SELECTOR && DKIM_PRIVATE_KEY
  const transport = createTransport({
    url,
    ...(signs && {
      dkim: { domainName: DKIM_DOMAIN, keySelector: DKIM_SELECTOR, privateKey: DKIM_PRIVATE_KEY },
    }),
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
    // An SMTP dialogue contains addresses and texts.
    logger: false,
  })
  const made: Mailer = {
    async send(mail) {
      const options = fields(mail)
      try {
        await transport.sendMail(options)
      } catch (error) {
        const code = mailboxRefusal(error)
        throw code === null ? error : new MessageRefused(code)
      }
    },
  }
  smtp = { url, mailer: made }
  return made
}

/**
 * Returns the code of a permanent refusal of the mailbox itself (RFC 3463: 5.1 the address, 5.2 the mailbox); null for any
 * other fault. A refusal of the sender, the text or the rate, even with 5xx, may be temporary.
 */
function mailboxRefusal(error: unknown): string | null {
  const { command, responseCode, response } = error as {
    command?: unknown
    responseCode?: unknown
    response?: unknown
  }
  if (command !== 'RCPT TO' || typeof responseCode !== 'number' || responseCode < 500) return null
  const said = typeof response === 'string' ? response : ''
  const [, enhanced] = /^\d{3}[ -](5\.\d{1,3})\.\d{1,3}\b/.exec(said) ?? []
  const mailbox = enhanced ? ['5.1', '5.2'].includes(enhanced) : [550, 551, 553].includes(responseCode)
  return mailbox ? String(responseCode) : null
}

function fields({ id, to, subject, body, locale, at, list }: Mail): SendMailOptions {
  if (/[\r\n]/.test(to + subject)) throw new Error('a line break in the header of a mail')
  const { MAIL_FROM, MAIL_BOUNCE, PUBLIC_URL } = env()
  const host = PUBLIC_URL === undefined ? 'antam.invalid' : new URL(PUBLIC_URL).hostname
  return {
    from: MAIL_FROM,
    // An object is always one address, even with a comma in it; a string would be parsed as a list.
    to: { name: '', address: to },
    ...(MAIL_BOUNCE && { envelope: { from: MAIL_BOUNCE, to: { name: '', address: to } } }),
    subject,
    text: body,
    date: at,
    // Letters only: a code must be the only run of six digits in its mail.
    messageId: `<${id.replace(/[0-9]/g, (digit) => 'ghijklmnop'.charAt(Number(digit)))}@${host}>`,
    headers: {
      'Content-Language': locale,
      'Auto-Submitted': 'auto-generated',
      // Suppresses out-of-office replies of Exchange and Outlook.
      'X-Auto-Response-Suppress': 'All',
    },
    ...(list && {
      list: { id: { comment: 'An Tam', url: `${list.name}.${host}` }, unsubscribe: list.leave },
    }),
    textEncoding: 'Q',
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}
