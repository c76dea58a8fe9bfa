'use client'
import { type ReactNode, useContext, useEffect, useRef, useState } from 'react'
import { FieldFrame, type FieldTexts } from '#components/form/field-frame.tsx'
import { FormContext, useField } from '#components/form/form-context.ts'
import { judgeReceipt, readReceiptProof } from '#features/ratings/receipts/rules.ts'
import { readVerifier, type Signers, type Verify } from '#lib/transparency/note.ts'
import type { Digest } from '#lib/transparency/tree.ts'
import { type PublicBreak, readSigners } from '../sealing/resumption-rules.ts'
import { type EntryPlace, type Judged, judgeCode, readProofCode } from './code-rules.ts'
import { judgeProof, type LogNow, type PublicProof, readEntryProof } from './rules.ts'
import { judgeStory, readStory } from './story-rules.ts'

/**
 * Shows the result of a proof. If it can, the browser checks the form's content itself and sends nothing. Otherwise, or if the
 * text is no proof, the server checks and gives the same answer.
 */
export function ProofResult({
  said,
  here,
}: {
  readonly said: Readonly<Record<Judged, ReactNode>>
  readonly here: string
}) {
  const { result } = useContext(FormContext)
  const marker = useRef<HTMLDivElement>(null)
  const box = useRef<HTMLElement>(null)
  const [own, setOwn] = useState<Judged | null>(null)
  const state = own ?? (result?.proof as Judged | undefined) ?? null

  useEffect(() => {
    if (state !== null) box.current?.focus()
  }, [state])
  useEffect(() => {
    const form = marker.current?.closest('form')
    let asServer = false
    const check = async (event: SubmitEvent) => {
      if (asServer || !form) return
      event.preventDefault()
      const judged = await judgeHere(form).catch(() => null)
      setOwn(judged)
      if (judged) return
      asServer = true
      form.requestSubmit()
      asServer = false
    }
    form?.addEventListener('submit', check)
    return () => form?.removeEventListener('submit', check)
  }, [])

  return (
    <div ref={marker}>
      {state === null ? null : (
        <section ref={box} tabIndex={-1} aria-live="polite" className="stack" data-proof-state={state}>
          {said[state]}
          {own === null ? null : (
            <p className="text-soft" data-proof-here>
              {here}
            </p>
          )}
        </section>
      )}
    </div>
  )
}

export function ProofFile(texts: FieldTexts) {
  const { id, aria } = useField(texts.name, texts.hint !== undefined)
  return (
    <FieldFrame {...texts}>
      <input
        className="control"
        id={id}
        name={texts.name}
        type="file"
        accept=".json,.tlog-proof,application/json"
        {...aria}
      />
    </FieldFrame>
  )
}

async function judgeHere(form: HTMLFormElement): Promise<Judged | null> {
  const given = new FormData(form)
  const file = given.get('proofFile')
  if (file instanceof File && file.size > 0) return judgeFile(await file.text())
  const pasted = String(given.get('proof') ?? '')
  if (pasted.trim() !== '') return judgeFile(pasted)
  const named = readProofCode(String(given.get('proofCode') ?? ''))
  if (!named.ok) return null
  const place = await fetchProof<EntryPlace>(`entry=${named.value.entry}`)
  return judgeCode(sha256, verifyEd25519, await publicKeys(), named.value, place)
}

async function judgeFile(text: string): Promise<Judged | null> {
  const proof = readEntryProof(text)
  if (proof) return judgeProof(sha256, verifyEd25519, await publicKeys(), proof, LOG)
  const receipt = readReceiptProof(text)
  if (receipt) {
    const state = await judgeReceipt(sha256, verifyEd25519, await publicKeys(), receipt, LOG)
    return state === 'holds' ? 'receipt' : state
  }
  const story = readStory(text)
  if (!story) return null
  const state = await judgeStory(sha256, verifyEd25519, await publicKeys(), story, LOG)
  return state === 'holds' ? 'story' : state
}

async function publicKeys(): Promise<Signers> {
  const verifier = await readVerifier(sha256, await (await fetch('/api/v1/audit/key')).text())
  if (!verifier) throw new Error('no public key')
  return readSigners(sha256, verifyEd25519, verifier, await LOG.breaks())
}

const LOG: LogNow = {
  consistencyFrom: (from) => fetchProof<PublicProof>(`from=${from}`),
  breaks: async () => {
    const answer = await fetch('/api/v1/audit/breaks')
    if (!answer.ok) throw new Error(String(answer.status))
    const { breaks } = (await answer.json()) as { readonly breaks: readonly PublicBreak[] }
    return breaks.map(({ note }) => note)
  },
}

async function fetchProof<T>(query: string): Promise<T | null> {
  const answer = await fetch(`/api/v1/audit/proof?${query}`)
  if (answer.status === 404) return null
  if (!answer.ok) throw new Error(String(answer.status))
  return answer.json()
}

const joined = (parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const all = new Uint8Array(parts.reduce((size, part) => size + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

const sha256: Digest = async (...parts) =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', joined(parts)))

const verifyEd25519: Verify = async (publicKey, message, signature) => {
  const key = await crypto.subtle.importKey('raw', joined([publicKey]), 'Ed25519', false, ['verify'])
  return crypto.subtle.verify('Ed25519', key, joined([signature]), joined([message]))
}
