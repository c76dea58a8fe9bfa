'use client'
import { useEffect, useRef } from 'react'
import { readChallenge } from './challenge-rules.ts'

/** Starts later than the page, so that it does not slow the page. */
const DELAY_MS = 500

/** Solves the form's puzzle in a worker and puts the solution into a hidden field. A form that is sent earlier has no proof. */
export function ProofOfWork({ name, puzzle }: { readonly name: string; readonly puzzle: string }) {
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (globalThis.crypto?.subtle === undefined || globalThis.Worker === undefined) return
    const { challenge: hash, salt, max, signature } = readChallenge(puzzle)
    let worker: Worker | undefined
    const timer = setTimeout(() => {
      worker = new Worker(new URL('./device-proof.ts', import.meta.url), { type: 'module' })
      worker.onmessage = ({ data }: MessageEvent<number | null>) => {
        worker?.terminate()
        if (field.current === null || data === null) return
        const proof = { algorithm: 'SHA-256', challenge: hash, number: data, salt, signature }
        field.current.value = JSON.stringify(proof)
      }
      worker.postMessage({ challenge: hash, salt, max })
    }, DELAY_MS)
    return () => {
      clearTimeout(timer)
      worker?.terminate()
    }
  }, [puzzle])
  return <input type="hidden" name={name} data-puzzle={puzzle} ref={field} defaultValue="" />
}
