import { randomUUID } from 'node:crypto'
import { formWith, unescapeHtml } from './form.ts'

export interface Answer {
  readonly status: number
  /** The path and query of the request. */
  readonly path: string
  readonly headers: Headers
  readonly body: string
}

export interface Insisted {
  readonly form: string
  readonly answers: readonly Answer[]
}

export interface Upload {
  readonly name: string
  readonly content: Buffer | string
}

/** Changed fields by name: undefined removes the field, a list sends it several times. */
export type Changes = Readonly<Record<string, string | readonly string[] | readonly Upload[] | undefined>>

let request: typeof fetch = fetch

/** Replaces the `fetch` of all visitors, for fault tests that retry as people do. */
export function sendBy(way: typeof fetch): void {
  request = way
}

let renewed: (() => void) | null = null

/**
 * Makes all visitors send a form again, as its page asks, if the server that took it had another version than
 * the form. `counted` is called each time.
 */
export function sendAnewWhereRenewed(counted: () => void): void {
  renewed = counted
}

/** Nobody presses more often. During an upgrade, the two versions answer in turn. */
const MOST_ANEW = 12

/**
 * A browser without JavaScript that sends exactly what a test tells it to. It keeps cookies and follows no redirect by itself.
 */
export class Visitor {
  readonly cookies = new Map<string, string>()
  /** Records the answers to each form. If set, each form is sent three times in parallel and once more afterwards. */
  insistence: Insisted[] | null = null
  /** This visitor's own `fetch`; null for the usual one. */
  way: typeof fetch | null = null
  readonly #site: string
  readonly #userAgent: string | undefined
  constructor(site: string, userAgent?: string) {
    this.#site = site
    this.#userAgent = userAgent
  }

  async send(path: string, init: RequestInit = {}): Promise<Answer> {
    const headers = new Headers(init.headers)
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    if (cookie && !headers.has('cookie')) headers.set('cookie', cookie)
    if (this.#userAgent && !headers.has('user-agent')) headers.set('user-agent', this.#userAgent)
    const send = this.way ?? request
    const response = await send(new URL(path, this.#site), { redirect: 'manual', ...init, headers })
    for (const line of response.headers.getSetCookie()) this.#keep(line)
    // An event stream would go on for as long as the client reads it.
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true
    if (isStream) await response.body?.cancel()
    const body = isStream ? '' : await response.text()
    return { status: response.status, path, headers: response.headers, body }
  }

  async fetchBytes(path: string): Promise<Buffer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await request(new URL(path, this.#site), { headers: { cookie } })
    return Buffer.from(await response.arrayBuffer())
  }

  #keep(line: string): void {
    const [, name = '', value = ''] = /^([^=;]+)=([^;]*)/.exec(line) ?? []
    if (value === '' || /max-age=0|expires=thu, 01 jan 1970/i.test(line)) this.cookies.delete(name)
    else this.cookies.set(name, value)
  }

  /** Follows redirects until an answer is not one, at most eight times. */
  async follow(answer: Answer): Promise<Answer> {
    let at = answer
    for (let hops = 0; hops < 8 && at.status >= 300 && at.status < 400; hops++) {
      const to = new URL(at.headers.get('location') ?? '', new URL(at.path, this.#site))
      at = await this.send(to.pathname + to.search)
    }
    return at
  }

  async open(path: string): Promise<Answer> {
    return this.follow(await this.send(path))
  }

  /** Posts the form of a page that contains `marker`, with some fields changed. */
  async submit(page: Answer, marker: string, changes: Changes = {}, init: RequestInit = {}): Promise<Answer> {
    if (this.insistence === null) return this.#insistOnRenewed(page, marker, changes, init)
    const post = () => this.#post(page, marker, changes, init)
    const [first, ...others] = await Promise.all([post(), post(), post()])
    this.insistence.push({ form: `${page.path} ${marker}`, answers: [first, ...others, await post()] })
    return first
  }

  async #insistOnRenewed(page: Answer, marker: string, changes: Changes, init: RequestInit): Promise<Answer> {
    let answer = await this.#post(page, marker, changes, init)
    for (let tried = 0; renewed !== null && isRenewed(answer) && tried < MOST_ANEW; tried++) {
      renewed()
      const anew = await this.follow(answer)
      // Versions may alternate request by request. One more request shifts which of them takes the next post.
      if (tried % 2 === 0) await this.open(anew.path)
      answer = await this.#post(anew, marker, changes, init)
    }
    return answer
  }

  async #post(page: Answer, marker: string, changes: Changes, init: RequestInit): Promise<Answer> {
    const form = formWith(page.body, marker)
    const kept = form.fields.filter(([name]) => !Object.hasOwn(changes, name))
    const changed = Object.entries(changes).flatMap(([name, value]) =>
      (Array.isArray(value) ? value : value === undefined ? [] : [value]).map(
        (one: string | Upload) => [name, one] as const,
      ),
    )
    const path = form.action === '' ? page.path : form.action
    const headers = new Headers(init.headers)
    const { body, type } = form.multipart
      ? multipart([...kept, ...changed])
      : {
          body: new URLSearchParams([...kept, ...changed].map(([name, value]) => [name, String(value)])),
          type: 'application/x-www-form-urlencoded',
        }
    headers.set('content-type', type)
    if (!['origin', 'referer', 'sec-fetch-site'].some((name) => headers.has(name))) {
      headers.set('origin', this.#site)
      headers.set('referer', new URL(page.path, this.#site).href)
    }
    return this.send(path, { method: 'POST', ...init, headers, body })
  }
}

/** Returns whether the answer redirects to a fresh form, because another version made the sent one. */
const isRenewed = ({ status, headers }: Answer): boolean =>
  status === 303 && /[?&]renewed=1(?:&|$)/.test(headers.get('location') ?? '')

/** Encoded by hand, because a library would correct the file names that the tests are about. */
function multipart(parts: readonly (readonly [string, string | Upload])[]): {
  body: Buffer<ArrayBuffer>
  type: string
} {
  const boundary = `----${randomUUID()}`
  const chunks = parts.flatMap(([name, value]) => {
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${name}"`
    return typeof value === 'string'
      ? [Buffer.from(`${head}\r\n\r\n${value}\r\n`)]
      : [
          Buffer.from(`${head}; filename="${value.name}"\r\nContent-Type: image/jpeg\r\n\r\n`),
          Buffer.from(value.content),
          Buffer.from('\r\n'),
        ]
  })
  return {
    body: Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)]),
    type: `multipart/form-data; boundary=${boundary}`,
  }
}

export const errorsOn = (page: Answer): Record<string, string> =>
  Object.fromEntries(
    [...page.body.matchAll(/<(\w+)\b[^>]*data-error-for="([^"]*)"[^>]*>([\s\S]*?)<\/\1>/g)].map(
      ([, , field = '', words = '']) => [field, unescapeHtml(words.replace(/<[^>]*>/g, '')).trim()],
    ),
  )
