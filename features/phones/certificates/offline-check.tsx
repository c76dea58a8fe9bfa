'use client'
import { useState } from 'react'
import { formatInstant } from '#messages/dates.ts'
import { checkToken, type OfflineVerdict, tokenIn } from './rules.ts'

const WORDS = [
  'offline',
  'offlineText',
  'pasted',
  'offlineDo',
  'right',
  'rightText',
  'unsigned',
  'wasOver',
] as const

export interface OfflineCheckProps {
  /** The site's public signature keys, as base64url; they come with the page. */
  readonly keys: readonly string[]
  readonly locale: 'vi' | 'en'
  readonly words: Readonly<Record<(typeof WORDS)[number], string>>
}

const fill = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '')

/** Checks a scanned paper in the browser only: it sends nothing, and works without a network. */
export function OfflineCheck({ keys, locale, words }: OfflineCheckProps) {
  const [verdict, setVerdict] = useState<OfflineVerdict | null>(null)
  const check = async (pasted: string) => {
    const token = tokenIn(pasted.trim())
    setVerdict(
      token === null
        ? { kind: 'unsigned' }
        : await checkToken(token, new Date(), async (message, signature) => {
            for (const x of keys) {
              const jwk = { kty: 'OKP', crv: 'Ed25519', x }
              const key = await crypto.subtle.importKey('jwk', jwk, 'Ed25519', false, ['verify'])
              if (await crypto.subtle.verify('Ed25519', key, signature, message)) return true
            }
            return false
          }),
    )
  }
  return (
    <details className="more prose needs-script" data-look="row">
      <summary>{words.offline}</summary>
      <form
        className="stack pt-2"
        onSubmit={(event) => {
          event.preventDefault()
          void check(String(new FormData(event.currentTarget).get('pasted') ?? ''))
        }}
      >
        <p>{words.offlineText}</p>
        <div className="field">
          <label htmlFor="pasted">{words.pasted}</label>
          <textarea className="control" id="pasted" name="pasted" rows={3} spellCheck={false} />
        </div>
        <button type="submit" className="button" data-look="quiet">
          {words.offlineDo}
        </button>
        <div role="status">{verdict === null ? null : <Verdict {...{ verdict, locale, words }} />}</div>
      </form>
    </details>
  )
}

function Verdict({
  verdict,
  locale,
  words,
}: Omit<OfflineCheckProps, 'keys'> & { readonly verdict: OfflineVerdict }) {
  if (verdict.kind === 'unsigned') return <p data-offline="unsigned">{words.unsigned}</p>
  const { device, ends, at, until } = verdict.statement
  const moment = (iso: string) => formatInstant(locale, new Date(iso), 'moment')
  if (verdict.kind === 'over') return <p data-offline="over">{fill(words.wasOver, { at: moment(until) })}</p>
  return (
    <div data-offline="right">
      <p>
        <b>{fill(words.right, { device, ends: ends.join(', '), at: moment(at) })}</b>
      </p>
      <p>{words.rightText}</p>
    </div>
  )
}
