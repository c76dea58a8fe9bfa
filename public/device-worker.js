// @ts-check
'use strict'
/*
 * Tells its person that there is news, and shows one page without a network, on a device that they have called their own
 * (features/push/device-switch.tsx registers it, once they have chosen that). It keeps the page of GET /api/offline, which
 * is the same for everybody, and the headline and time of the case page that was seen last. No page of a person comes into
 * its cache, and no answer passes through it but one that there is none.
 */

/** @type {any} */
const worker = self
const CACHE = 'an-tam-offline'
/** Names the two entries of its cache; the second is no address of the server. */
const [PAGE, SEEN] = ['/api/offline', '/api/offline/seen']

worker.addEventListener('install', () => worker.skipWaiting())
worker.addEventListener('activate', (/** @type {any} */ event) =>
  event.waitUntil(Promise.all([worker.clients.claim(), worker.registration.navigationPreload?.enable()])),
)
worker.addEventListener('message', (/** @type {any} */ event) => {
  const { language, seen } = event.data ?? {}
  if (language === 'vi' || language === 'en') event.waitUntil(keep(language, seen ?? null).catch(() => {}))
})
worker.addEventListener('fetch', (/** @type {any} */ event) => {
  const { method, mode } = event.request
  if (method !== 'GET' || mode !== 'navigate') return
  const there = async () => (await event.preloadResponse) ?? fetch(event.request)
  event.respondWith(there().catch(offline))
})

/**
 * @param {string} language
 * @param {{ headline: string, at: string } | null} seen
 */
async function keep(language, seen) {
  const cache = await caches.open(CACHE)
  if (seen !== null) {
    const { headline, at } = seen
    await cache.put(SEEN, Response.json({ headline: String(headline), at: String(at) }))
  }
  const answer = await fetch(`${PAGE}?lang=${language}`, { credentials: 'omit', cache: 'no-store' })
  if (answer.ok) await cache.put(PAGE, answer)
}

async function offline() {
  const cache = await caches.open(CACHE)
  const [page, seen] = [await cache.match(PAGE), await cache.match(SEEN)]
  if (page === undefined) return Response.error()
  const html = await page.text()
  return new Response(seen === undefined ? html : withSeen(html, await seen.json()), { headers: page.headers })
}

/**
 * Writes what was seen last into the page's own sentence, which is hidden until then.
 * @param {string} html
 * @param {{ headline: string, at: string }} seen
 */
const withSeen = (html, { headline, at }) =>
  html
    .replace(' hidden data-seen', ' data-seen')
    .replace('[headline]', () => asText(headline))
    .replace('[at]', () => asText(at))

/** @param {string} text */
const asText = (text) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)

worker.addEventListener('push', (/** @type {any} */ event) => {
  const { body, url } = read(event.data)
  const told = { body, tag: url, data: url, icon: '/icon-192.png', badge: '/icon-192.png' }
  event.waitUntil(worker.registration.showNotification('An Tâm', told))
})

/**
 * Reads a message. A browser shows something of its own where a page shows nothing, so that there are words for one that
 * cannot be read.
 * @param {any} data
 * @returns {{ body: string, url: string }}
 */
function read(data) {
  try {
    const { body, url } = data.json()
    if (typeof body === 'string' && /^\/(?!\/)/.test(url)) return { body, url }
  } catch {}
  return { body: 'Có tin mới', url: '/' }
}

worker.addEventListener('notificationclick', (/** @type {any} */ event) => {
  event.notification.close()
  event.waitUntil(show(new URL(event.notification.data, worker.location.origin).href))
})

/** @param {string} url */
async function show(url) {
  const pages = await worker.clients.matchAll({ type: 'window' })
  const open = pages.find((/** @type {any} */ page) => page.url === url)
  return open ? open.focus() : worker.clients.openWindow(url)
}
