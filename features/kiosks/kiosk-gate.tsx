'use client'
import { createContext, type ReactNode, type SubmitEvent, useContext, useEffect, useState } from 'react'
import { Field } from '#components/form/field.tsx'
import { FormContext } from '#components/form/form-context.ts'
import { Button } from '#components/ui/button.tsx'
import { type DeviceKey, makeDeviceKey, readDeviceKey } from './device-key.ts'
import { kioskIdOf } from './rules.ts'

interface KioskGateProps {
  readonly token: string
  readonly agency: string
  /** The key of the paired device, as the server stores it; null if there is none. */
  readonly publicKey: string | null
  /** `unable` is shown if this browser cannot store a key, `other` if the kiosk is paired with another device. */
  readonly unable: ReactNode
  readonly other: ReactNode
  readonly words: PairingWords
  readonly children: ReactNode
}

export interface PairingWords {
  readonly title: string
  readonly text: string
  readonly code: string
  readonly send: string
  readonly refused: Readonly<Record<string, string>>
  /** For an unreachable server, or an unknown refusal. */
  readonly failed: string
}

type Standing = 'looking' | 'unable' | 'pairing' | 'other' | DeviceKey

/** Opens a kiosk on its paired device, and offers the pairing while it has none. */
export function KioskGate({ token, agency, publicKey, unable, other, words, children }: KioskGateProps) {
  const [standing, stand] = useState<Standing>('looking')
  useEffect(() => {
    let left = false
    const look = async (): Promise<Standing> => {
      // A key needs a secure connection and IndexedDB.
      if (globalThis.crypto?.subtle === undefined || !('indexedDB' in globalThis)) return 'unable'
      const key = await readDeviceKey(kioskIdOf(token))
      if (publicKey === null) return 'pairing'
      return key?.publicKey === publicKey ? key : 'other'
    }
    look().then(
      (found) => left || stand(found),
      () => left || stand('unable'),
    )
    return () => {
      left = true
    }
  }, [token, publicKey])
  if (standing === 'looking') return <noscript>{unable}</noscript>
  if (standing === 'unable') return unable
  if (standing === 'other') return other
  if (standing === 'pairing') return <Pairing {...{ token, agency, words }} />
  return <KioskKey value={standing}>{children}</KioskKey>
}

function Pairing({ token, agency, words }: Pick<KioskGateProps, 'token' | 'agency' | 'words'>) {
  const [fault, tell] = useState<string | null>(null)
  const [busy, work] = useState(false)
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    const code = String(new FormData(event.currentTarget).get('code'))
    work(true)
    try {
      const { publicKey } = await makeDeviceKey(kioskIdOf(token))
      const body = new URLSearchParams({ kiosk: token, agency, code, publicKey })
      const reply = await fetch('/api/kiosk/pairing', { method: 'POST', body })
      if (reply.ok) return location.reload()
      const { refused = '' } = (await reply.json()) as { readonly refused?: string }
      tell(words.refused[refused] ?? words.failed)
    } catch {
      tell(words.failed)
    }
    work(false)
  }
  const context = useContext(FormContext)
  const errors: Record<string, string> = fault === null ? {} : { code: fault }
  return (
    <form className="stack-l max-w-measure" data-kiosk-pairing="" onSubmit={submit} noValidate>
      <h1>{words.title}</h1>
      <p>{words.text}</p>
      <FormContext value={{ ...context, errors }}>
        <Field name="code" label={words.code} inputMode="numeric" width="medium" look="number" />
      </FormContext>
      <p className="actions">
        <Button type="submit" disabled={busy}>
          {words.send}
        </Button>
      </p>
    </form>
  )
}

/** The key of the device on which this kiosk's page is open; null outside of a kiosk. */
export const KioskKey = createContext<DeviceKey | null>(null)
