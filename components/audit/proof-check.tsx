'use client'
import { type ReactNode, useContext, useEffect, useRef, useState } from 'react'
import { FieldFrame, type FieldTexts } from '#components/form/field-frame.tsx'
import { FormContext, useField } from '#components/form/form-context.ts'
import { readVerifier } from '#domain/audit/note.ts'
import { type EntryProof, judgeProof, type ProofState, readProof } from '#domain/audit/proof.ts'
import { sha256, verifyEd25519 } from './web-crypto.ts'

async function judgeHere(proof: EntryProof): Promise<ProofState> {
  const verifier = await readVerifier(sha256, await (await fetch('/api/v1/audit/key')).text())
  if (!verifier) throw new Error('no public key')
  return judgeProof(sha256, verifyEd25519, verifier, proof, async (from) => {
    const answer = await fetch(`/api/v1/audit/proof?from=${from}`)
    if (answer.status === 404) return null
    if (!answer.ok) throw new Error(String(answer.status))
    return answer.json()
  })
}

interface Props extends FieldTexts {
  /** What is said of each outcome. */
  readonly said: Readonly<Record<ProofState, ReactNode>>
  /** That nothing left this browser. */
  readonly here: string
}

/**
 * The file of a proof, and what came of it. The browser itself checks it and sends nothing, where it can; else, and
 * where the file is none, its form goes to the server, which answers the same.
 */
export function ProofCheck({ said, here, ...texts }: Props) {
  const { id, aria } = useField(texts.name, texts.hint !== undefined)
  const { result } = useContext(FormContext)
  const input = useRef<HTMLInputElement>(null)
  const box = useRef<HTMLElement>(null)
  const [own, setOwn] = useState<ProofState | null>(null)
  const state = own ?? (result?.proof as ProofState | undefined) ?? null

  useEffect(() => {
    if (state !== null) box.current?.focus()
  }, [state])
  useEffect(() => {
    const form = input.current?.form
    let asServer = false
    const check = async (event: SubmitEvent) => {
      const file = input.current?.files?.[0]
      if (asServer || !file) return
      event.preventDefault()
      const proof = readProof(await file.text())
      const judged = proof && (await judgeHere(proof).catch(() => null))
      if (judged) return setOwn(judged)
      setOwn(null)
      asServer = true
      form?.requestSubmit()
      asServer = false
    }
    form?.addEventListener('submit', check)
    return () => form?.removeEventListener('submit', check)
  }, [])

  return (
    <>
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
      <FieldFrame {...texts}>
        <input
          className="control"
          id={id}
          name={texts.name}
          type="file"
          accept=".json,application/json"
          ref={input}
          {...aria}
        />
      </FieldFrame>
    </>
  )
}
