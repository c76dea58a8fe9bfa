'use client'
import { useEffect, useRef, useState } from 'react'

/** The service worker in `public/`: it shows news, and one page without a network. */
const WORKER = '/device-worker.js'

type Standing = 'looking' | 'ready' | 'asking' | 'none' | 'homeScreen' | 'denied' | 'failed'

/**
 * Asks the browser for its push subscription and sends it with the form. Renders nothing if the browser cannot be told, and on a
 * kiosk.
 */
export function DeviceSwitch({
  publicKey,
  words,
}: {
  readonly publicKey: string
  readonly words: Readonly<Record<'on' | 'asking' | 'homeScreen' | 'denied' | 'failed', string>>
}) {
  const [standing, setStanding] = useState<Standing>('looking')
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => void lookAround().then(setStanding, () => setStanding('none')), [])
  const press = async () => {
    const form = field.current?.form
    if (!field.current || !form) return
    const own = form.elements.namedItem('ownDevice') as HTMLInputElement
    // The server reports a missing tick; the browser is not asked until it is set.
    if (own.checked) {
      setStanding('asking')
      const came = await subscribe(publicKey).catch(() => null)
      const denied = Notification.permission === 'denied'
      setStanding(came !== null ? 'ready' : denied ? 'denied' : 'failed')
      if (came === null) return
      field.current.value = JSON.stringify(came)
    }
    form.requestSubmit()
  }
  const said =
    standing === 'homeScreen' || standing === 'denied' || standing === 'failed' ? words[standing] : ''
  return (
    <div className="stack" data-device-switch={standing}>
      <input type="hidden" name="subscription" ref={field} defaultValue="" />
      <p role="status" className="text-sm empty:hidden">
        {said}
      </p>
      {standing === 'none' || standing === 'homeScreen' ? null : (
        <p>
          <button
            type="button"
            className="button"
            data-look="quiet"
            data-size="small"
            disabled={standing === 'looking'}
            aria-disabled={standing === 'asking' || undefined}
            onClick={press}
          >
            {standing === 'asking' ? words.asking : words.on}
          </button>
        </p>
      )}
    </div>
  )
}

async function lookAround(): Promise<Standing> {
  // Safari on a phone allows push only to pages on the home screen.
  if (!('PushManager' in window) && 'standalone' in navigator) return 'homeScreen'
  if (!('PushManager' in window && 'serviceWorker' in navigator)) return 'none'
  const workers = await navigator.serviceWorker.getRegistrations()
  return workers.some(({ scope }) => scope.includes('kiosk=')) ? 'none' : 'ready'
}

async function subscribe(publicKey: string): Promise<PushSubscriptionJSON | null> {
  if ((await Notification.requestPermission()) !== 'granted') return null
  const { serviceWorker } = navigator
  await serviceWorker.register(WORKER, { scope: '/', updateViaCache: 'none' })
  const { pushManager } = await serviceWorker.ready
  const before = await pushManager.getSubscription()
  if (before !== null && keyOf(before) === publicKey) return before.toJSON()
  // A browser refuses a second key beside its existing one.
  await before?.unsubscribe()
  const made = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: publicKey })
  return made.toJSON()
}

const keyOf = ({ options: { applicationServerKey: key } }: PushSubscription): string =>
  key === null
    ? ''
    : btoa(String.fromCharCode(...new Uint8Array(key)))
        .replaceAll('+', '-')
        .replaceAll('/', '_')
        .replaceAll('=', '')

/**
 * Has this device keep a page for use without a network, with this page's headline; or deletes everything kept once the device is
 * not told of anything any more.
 *
 * @param seenAt when the page was read, in words; null if there is nothing to remember
 */
export function KeptOffline({
  told,
  language,
  seenAt,
}: {
  readonly told: boolean
  readonly language: string
  readonly seenAt: string | null
}) {
  useEffect(() => {
    if ('serviceWorker' in navigator) (told ? keep(language, seenAt) : drop()).catch(() => {})
  }, [told, language, seenAt])
  return null
}

const ownWorker = async () => {
  const all = await navigator.serviceWorker.getRegistrations()
  return all.find(({ scope }) => new URL(scope).pathname === '/')
}

async function keep(language: string, seenAt: string | null): Promise<void> {
  const headline = seenAt === null ? null : document.querySelector('h1')?.textContent
  const seen = headline ? { headline, at: seenAt } : null
  ;(await ownWorker())?.active?.postMessage({ language, seen })
}

async function drop(): Promise<void> {
  // Unregistering also ends its subscription.
  await (await ownWorker())?.unregister()
  await caches.delete('an-tam-offline')
}
