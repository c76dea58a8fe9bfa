'use client'
import { useEffect, useRef } from 'react'
import { readChallenge } from './challenge-rules.ts'

/** Later than the page itself, so that it does not slow the page. */
const DELAY_MS = 500

interface ProofOfWorkProps {
  readonly name: string
  /** The puzzle as the server wrote it. */
  readonly puzzle: string
}

/**
 * Solves the form's puzzle beside the page while the form is being filled in, and puts the answer into a hidden field.
 * Nobody waits for it: a form that is sent before, or where no script or no Web Crypto is, goes without.
 */
export function ProofOfWork({ name, puzzle }: ProofOfWorkProps) {
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
