// @ts-check
'use strict'
/*
 * Keeps one kiosk's page on its device, so that it opens without a network too. Only a kiosk's page registers it, for its
 * own address (features/kiosks/kiosk-shell.tsx). The cache holds that page as anybody gets it, fetched without cookies,
 * and the build's files that it names: answers never pass through here.
 */

/** @type {any} */
const worker = self
/** @type {string} */
const SCOPE = worker.registration.scope
const NAME = `an-tam-kiosk ${new URL(SCOPE).pathname}`
const FILES = '/_next/static/'

/** Bounds the wait for a page before the kept one is shown, in milliseconds. */
const PATIENCE = 8000

worker.addEventListener('install', () => worker.skipWaiting())
worker.addEventListener('activate', (/** @type {any} */ event) => event.waitUntil(worker.clients.claim()))
worker.addEventListener('message', (/** @type {any} */ event) => {
  const { keep, drop } = event.data ?? {}
  // Without a network what is kept stays as it is.
  if (typeof keep === 'string') event.waitUntil(keepPage(keep).catch(() => {}))
  if (drop === true) event.waitUntil(dropPage())
})
worker.addEventListener('fetch', (/** @type {any} */ event) => {
  const { method, mode, url } = event.request
  if (method !== 'GET') return
  if (mode === 'navigate') event.respondWith(pageOf(event.request))
  else if (url.startsWith(worker.location.origin + FILES)) event.respondWith(fileOf(event.request))
})

/**
 * Returns under what a kiosk's page is kept: its path and its link, not which version or language was chosen on the way.
 * @param {string} href
 */
function keyOf(href) {
  const url = new URL(href)
  const kiosk = url.searchParams.get('kiosk') ?? ''
  return `${url.origin}${url.pathname}?${new URLSearchParams({ kiosk })}`
}

/**
 * Fetches the page and the files of its build, and only then lets them take the place of what was kept.
 * @param {string} href
 */
async function keepPage(href) {
  if (!href.startsWith(SCOPE)) return
  const answer = await fetch(href, { credentials: 'omit', cache: 'no-store' })
  const html = await answer.text()
  if (!answer.ok || !/ data-kiosk(-ended)?="/.test(html)) return
  const cache = await caches.open(NAME)
  const named = html.match(/\/_next\/static\/[^\s"'\\()<>]+/g) ?? []
  const kept = new Set([keyOf(href)])
  await Promise.all(
    [...new Set(named)].map((path) => keepFile(cache, new URL(path, worker.location.origin).href, kept)),
  )
  // A new response: one that was led here from another address may not answer a navigation.
  const headers = new Headers(answer.headers)
  for (const name of ['content-encoding', 'content-length']) headers.delete(name)
  await cache.put(keyOf(href), new Response(html, { headers }))
  for (const { url } of await cache.keys()) if (!kept.has(url)) await cache.delete(url)
}

/**
 * Keeps a file of the build, and what a style sheet names. The build's names change with their content.
 * @param {Cache} cache
 * @param {string} url
 * @param {Set<string>} kept the addresses of all that is kept; the file's is added
 */
async function keepFile(cache, url, kept) {
  if (kept.has(url)) return
  kept.add(url)
  let file = await cache.match(url)
  if (file === undefined) {
    file = await fetch(url, { credentials: 'omit' })
    if (!file.ok) throw new Error(`${file.status} ${url}`)
    await cache.put(url, file.clone())
  }
  if (!new URL(url).pathname.endsWith('.css')) return
  const named = [...(await file.text()).matchAll(/url\(\s*["']?([^"')]+)/g)]
    .map(([, path = '']) => new URL(path, url).href)
    .filter((one) => one.startsWith(worker.location.origin + FILES))
  await Promise.all(named.map((one) => keepFile(cache, one, kept)))
}

async function dropPage() {
  await caches.delete(NAME)
  await worker.registration.unregister()
}

/**
 * Returns the page as the server has it now, or the kept one where the server does not answer.
 * @param {Request} request
 */
async function pageOf(request) {
  const cache = await caches.open(NAME)
  const kept = await cache.match(keyOf(request.url))
  if (kept === undefined) return fetch(request)
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE, kept))
  const answer = fetch(request).then(
    (one) => (one.status >= 500 ? kept : one),
    () => kept,
  )
  return Promise.race([answer, late])
}

/** @param {Request} request */
async function fileOf(request) {
  const cache = await caches.open(NAME)
  return (await cache.match(request.url)) ?? fetch(request)
}
