import type { Verify } from '#lib/transparency/note.ts'
import type { Digest } from '#lib/transparency/tree.ts'

/** Joins the parts in a copy of its own, as Web Crypto asks for. */
const joined = (parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const all = new Uint8Array(parts.reduce((size, part) => size + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

export const sha256: Digest = async (...parts) =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', joined(parts)))

/** Throws where the browser does not know Ed25519. */
export const verifyEd25519: Verify = async (publicKey, message, signature) => {
  const key = await crypto.subtle.importKey('raw', joined([publicKey]), 'Ed25519', false, ['verify'])
  return crypto.subtle.verify('Ed25519', key, joined([signature]), joined([message]))
}
