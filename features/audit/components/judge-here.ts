import { readVerifier, type Verifier, type Verify } from '#lib/transparency/note.ts'
import type { Digest } from '#lib/transparency/tree.ts'
import { judgeProof, type LogNow, type PublicProof, readProof } from '../rules/proof.ts'
import { type EntryPlace, type Judged, judgeCode, readProofCode } from '../rules/proof-code.ts'
import type { PublicBreak } from '../rules/resumption.ts'
import { judgeStory, readStory } from '../rules/story.ts'

/** Returns what the browser can judge by itself; null where only the server can tell what is wrong with the input. */
export async function judgeHere(form: HTMLFormElement): Promise<Judged | null> {
  const given = new FormData(form)
  const file = given.get('proofFile')
  if (file instanceof File && file.size > 0) return judgeFile(await file.text())
  const pasted = String(given.get('proof') ?? '')
  if (pasted.trim() !== '') return judgeFile(pasted)
  const named = readProofCode(String(given.get('proofCode') ?? ''))
  if (!named.ok) return null
  const place = await fetchProof<EntryPlace>(`entry=${named.value.entry}`)
  return judgeCode(sha256, verifyEd25519, await publicKey(), named.value, place)
}

async function judgeFile(text: string): Promise<Judged | null> {
  const proof = readProof(text)
  if (proof) return judgeProof(sha256, verifyEd25519, await publicKey(), proof, LOG)
  const story = readStory(text)
  if (!story) return null
  const state = await judgeStory(sha256, verifyEd25519, await publicKey(), story, LOG)
  return state === 'holds' ? 'story' : state
}

async function publicKey(): Promise<Verifier> {
  const verifier = await readVerifier(sha256, await (await fetch('/api/v1/audit/key')).text())
  if (!verifier) throw new Error('no public key')
  return verifier
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

/** Joins the parts into a new buffer, which is the type that Web Crypto takes. */
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

/** Throws where the browser does not know Ed25519. */
const verifyEd25519: Verify = async (publicKey, message, signature) => {
  const key = await crypto.subtle.importKey('raw', joined([publicKey]), 'Ed25519', false, ['verify'])
  return crypto.subtle.verify('Ed25519', key, joined([signature]), joined([message]))
}
