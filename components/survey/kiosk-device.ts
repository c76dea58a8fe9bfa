import { afterReply, enqueued, type QueuedAnswer, readQueue } from '#domain/survey/kiosk.ts'
import { TIME_ZONE } from '#domain/time.ts'

/** How long the thanks stand, and after how long without a touch the form is emptied. */
const THANKS_MS = 6_000
const IDLE_MS = 45_000
/** How often the queue is tried while something waits. */
const RETRY_MS = 15_000
/** A page this old is loaded again while nobody stands there: questions and links change. */
const STALE_MS = 30 * 60_000

/** What stands over the form, and how the line to the server is. */
export type KioskScreen = 'asking' | 'thanks' | 'missing'
export type KioskLine = 'open' | 'broken' | 'refused'

interface Kiosk {
  readonly queue: string
  readonly required: readonly string[]
  readonly show: (screen: KioskScreen) => void
  readonly tell: (line: KioskLine) => void
}

/** Takes over a kiosk's form in this browser. Answers what undoes it. */
export function startKiosk(form: HTMLFormElement, { queue, required, show, tell }: Kiosk): () => void {
  const started = Date.now()
  let idle = setTimeout(reset, IDLE_MS)
  let sending = false
  let thanking = false

  const read = () => readQueue(localStorage.getItem(queue))
  const write = (answers: readonly QueuedAnswer[]) => localStorage.setItem(queue, JSON.stringify(answers))

  function reset() {
    thanking = false
    form.reset()
    mark([])
    show('asking')
    scrollTo(0, 0)
    if (Date.now() - started > STALE_MS && read().length === 0) void renew()
  }

  /** Only once the server answers: a page that fails to load would end the kiosk. */
  async function renew() {
    const answer = await fetch(location.href, { method: 'HEAD' }).catch(() => null)
    if (answer?.ok) location.replace(location.href)
  }

  // The page moves under the thanks, and a hand may still be on it: neither keeps the next person waiting.
  function touched() {
    if (thanking) return
    clearTimeout(idle)
    idle = setTimeout(reset, IDLE_MS)
  }

  const missing = () => {
    const given = new FormData(form)
    return required.filter((key) => !given.getAll(key).some((value) => value !== ''))
  }
  const fieldOf = (key: string) => form.querySelector(`[name="${key}"]`)?.closest('.field')

  /** Marks the questions that are named, and no others. */
  function mark(keys: readonly string[]) {
    for (const key of required) fieldOf(key)?.toggleAttribute('data-invalid', keys.includes(key))
  }

  function answered(event: Event) {
    const { target } = event
    if (target instanceof Element) target.closest('.field')?.removeAttribute('data-invalid')
    if (form.querySelector('.field[data-invalid]') === null) show('asking')
  }

  function submit(event: SubmitEvent) {
    event.preventDefault()
    event.stopImmediatePropagation()
    const open = missing()
    const [first] = open
    mark(open)
    if (first !== undefined) {
      show('missing')
      fieldOf(first)?.scrollIntoView({ block: 'center' })
      return
    }
    const fields = [...new FormData(form)].flatMap(([name, value]) =>
      typeof value === 'string' && !name.startsWith('$') && !OWN.includes(name)
        ? [[name, value] as const]
        : [],
    )
    const answer = { submitKey: newKey(), fields: [...fields, ['serviceDate', today()] as const] }
    write(enqueued(read(), answer))
    form.reset()
    thanking = true
    show('thanks')
    clearTimeout(idle)
    idle = setTimeout(reset, THANKS_MS)
    void flush()
  }

  /** Sends what waits, the oldest first, until one cannot be sent now. */
  async function flush() {
    if (sending) return
    sending = true
    try {
      for (let next = read()[0]; next !== undefined; next = read()[0]) {
        const { status } = await send(form, next)
        if (afterReply(status) === 'later') {
          tell(status === 403 ? 'refused' : 'broken')
          return
        }
        const { submitKey } = next
        write(read().filter((one) => one.submitKey !== submitKey))
      }
      tell('open')
    } catch {
      tell('broken')
    } finally {
      sending = false
    }
  }

  // What the browser keeps of a page that was left is not the next person's to see.
  const shown = (event: PageTransitionEvent) => {
    if (event.persisted) reset()
  }
  const retry = setInterval(() => {
    if (read().length > 0) void flush()
  }, RETRY_MS)
  const flushSoon = () => void flush()
  form.addEventListener('submit', submit, { capture: true })
  form.addEventListener('change', answered)
  for (const touch of TOUCHES) addEventListener(touch, touched, { passive: true })
  addEventListener('online', flushSoon)
  addEventListener('pageshow', shown)
  form.reset()
  void flush()
  return () => {
    clearTimeout(idle)
    clearInterval(retry)
    form.removeEventListener('submit', submit, { capture: true })
    form.removeEventListener('change', answered)
    for (const touch of TOUCHES) removeEventListener(touch, touched)
    removeEventListener('online', flushSoon)
    removeEventListener('pageshow', shown)
  }
}

const TOUCHES = ['pointerdown', 'keydown', 'scroll'] as const
/** The form's own fields, which each answer has of its own, or which the page has when it is sent. */
const OWN: readonly string[] = ['submitKey', 'kiosk']

/** With the page's link: a kiosk whose link was renewed sends what it kept under the old one. */
function send(form: HTMLFormElement, { submitKey, fields }: QueuedAnswer): Promise<Response> {
  const body = new URLSearchParams(fields.map(([name, value]) => [name, value]))
  body.set('submitKey', submitKey)
  body.set('kiosk', String(new FormData(form).get('kiosk')))
  return fetch('/api/kiosk', { method: 'POST', body })
}

const today = (): string => new Intl.DateTimeFormat('en-CA', { timeZone: TIME_ZONE }).format(new Date())

/** A random UUID; `crypto.randomUUID` is not there on plain HTTP within an office. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
