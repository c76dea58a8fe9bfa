import { readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'

const ORIGIN = 'https://localhost'
const SCOPE = `${ORIGIN}/danh-gia/quan-5?kiosk=`
const LINK = `${SCOPE}a.b`

const page = (build: string) =>
  `<link href="/_next/static/${build}.css"><div data-kiosk="1"></div><script src="/_next/static/${build}.js"></script>`

/** Runs the service worker of a kiosk's page in its own browser, before a server whose answers are set by path. */
function device(served: Record<string, string | number>) {
  const stored = new Map<string, Response>()
  const urlOf = (request: string | Request) => (typeof request === 'string' ? request : request.url)
  const cache = {
    match: async (request: string) => stored.get(request)?.clone(),
    put: async (request: string, answer: Response) => void stored.set(request, answer),
    delete: async (request: string) => stored.delete(request),
    keys: async () => [...stored.keys()].map((url) => ({ url })),
  }
  const asked: { url: string; credentials: string | undefined }[] = []
  const network = async (request: string | Request, init: RequestInit = {}) => {
    const url = urlOf(request)
    asked.push({ url, credentials: init.credentials })
    const body = served[url.slice(ORIGIN.length).split('&')[0] ?? '']
    if (body === undefined) throw new TypeError('Failed to fetch')
    return typeof body === 'number' ? new Response('', { status: body }) : new Response(body)
  }
  const listeners = new Map<string, (event: unknown) => void>()
  const unregistered: true[] = []
  runInNewContext(readFileSync('public/kiosk-worker.js', 'utf8'), {
    self: {
      registration: { scope: SCOPE, unregister: async () => unregistered.push(true) },
      location: { origin: ORIGIN },
      addEventListener: (name: string, listener: (event: unknown) => void) => listeners.set(name, listener),
    },
    caches: { open: async () => cache, delete: async () => stored.clear() },
    fetch: network,
    ...{ URL, URLSearchParams, Headers, Response, Set, setTimeout },
  })
  async function tell(data: unknown) {
    let done: Promise<unknown> = Promise.resolve()
    listeners.get('message')?.({ data, waitUntil: (until: Promise<unknown>) => (done = until) })
    await done
  }
  async function open(url: string, mode = 'navigate', method = 'GET') {
    let answer: Promise<Response> | undefined
    listeners.get('fetch')?.({
      request: { url, mode, method },
      respondWith: (given: Promise<Response>) => (answer = given),
    })
    return answer === undefined ? 'the browser' : (await answer).text()
  }
  return { served, asked, unregistered, tell, open, kept: () => [...stored.keys()].sort() }
}

const build = (name: string) => ({
  '/danh-gia/quan-5?kiosk=a.b': page(name),
  [`/_next/static/${name}.js`]: `script ${name}`,
  [`/_next/static/${name}.css`]: `@font-face{src:url(${name}.woff2)}`,
  [`/_next/static/${name}.woff2`]: 'letters',
})
const filesOf = (name: string) =>
  [
    ...['css', 'js', 'woff2'].map((ending) => `${ORIGIN}/_next/static/${name}.${ending}`),
    `${ORIGIN}/danh-gia/quan-5?kiosk=a.b`,
  ].sort()

test('keeps the page as anybody gets it and the files of its build, and shows them without a network', async () => {
  const { served, asked, tell, open, kept } = device(build('one'))
  await tell({ keep: `${LINK}&v=2` })
  expect(kept()).toEqual(filesOf('one'))
  expect(new Set(asked.map(({ credentials }) => credentials))).toEqual(new Set(['omit']))
  for (const path of Object.keys(served)) delete served[path]
  expect(await open(LINK)).toBe(page('one'))
  expect(await open(`${ORIGIN}/_next/static/one.js`, 'no-cors')).toBe('script one')
  // Answers and other sent forms never pass through it.
  expect(await open(`${ORIGIN}/api/kiosk`, 'cors', 'POST')).toBe('the browser')
  expect(await open(LINK, 'navigate', 'POST')).toBe('the browser')
})

test('a new build takes the place of the old one, once all of it is there', async () => {
  const { served, tell, open, kept } = device(build('one'))
  await tell({ keep: LINK })
  Object.assign(served, build('two'))
  delete served['/_next/static/two.woff2']
  await tell({ keep: LINK })
  expect(filesOf('one').filter((url) => !kept().includes(url))).toEqual([])
  served['/danh-gia/quan-5?kiosk=a.b'] = 503
  expect(await open(LINK)).toBe(page('one'))
  Object.assign(served, build('two'))
  await tell({ keep: LINK })
  expect(kept()).toEqual(filesOf('two'))
})

test('another page, another link and a refusal are not kept; what is given up is gone', async () => {
  const { served, unregistered, tell, open, kept } = device(build('one'))
  served['/danh-gia/quan-5'] = page('one')
  served['/danh-gia/quan-5?kiosk=x'] = '<div data-kiosk-refused="forged"></div>'
  await tell({ keep: `${ORIGIN}/danh-gia/quan-5` })
  await tell({ keep: `${SCOPE}x` })
  expect(kept()).toEqual([])
  await tell({ keep: LINK })
  expect(await open(`${SCOPE}x`)).toBe('<div data-kiosk-refused="forged"></div>')
  await tell({ drop: true })
  expect([kept(), unregistered]).toEqual([[], [true]])
})
